import { createRequire } from 'node:module';
import type { Reading, ReadRequest } from './reading.ts';

/** The parser of Node's HTTP server. Not documented, but what a Node application trusts; strict as Node sets it by default. */
interface Parser {
  [callback: number]: (...given: never[]) => unknown;
  initialize(type: number, resource: object, maxHeaderBytes: number, lenient: number): void;
  execute(bytes: Buffer): number | (Error & { code: string; reason: string });
}

type ParserClass = (new () => Parser) & Readonly<Record<string, number>>;
const common = createRequire(import.meta.url)('_http_common') as { HTTPParser: ParserClass; methods: readonly string[] };
const { HTTPParser } = common;
// Upgraded and CONNECT requests are numbered from another list than the one that Node exports sorted.
const METHODS =
  'DELETE GET HEAD POST PUT CONNECT OPTIONS TRACE COPY LOCK MKCOL MOVE PROPFIND PROPPATCH SEARCH UNLOCK BIND REBIND UNBIND ACL REPORT MKACTIVITY CHECKOUT MERGE M-SEARCH NOTIFY SUBSCRIBE UNSUBSCRIBE PATCH PURGE MKCALENDAR LINK UNLINK SOURCE QUERY'.split(
    ' ',
  );

export function readWithLlhttp(bytes: Buffer): Reading {
  const requests: ReadRequest[] = [];
  let from = 0;
  for (;;) {
    const rest = bytes.subarray(from);
    const { used, fault } = execute(rest, requests);
    if (fault !== undefined) return { requests, fault };
    // It stops where a request asks to leave HTTP; a server that doesn't want to goes on.
    if (used >= rest.length || used === 0) return { requests };
    from += used;
  }
}

function execute(bytes: Buffer, requests: ReadRequest[]): { used: number; fault?: string } {
  const parser = new HTTPParser();
  parser.initialize(HTTPParser['REQUEST']!, {}, 60 * 1024, HTTPParser['kLenientNone']!);
  let url = '';
  let body: Buffer[] = [];
  let head: { method: string; target: string } | undefined;
  parser[HTTPParser['kOnMessageBegin']!] = () => {
    url = '';
    body = [];
    head = undefined;
  };
  // Many fields come in parts, with the target first.
  parser[HTTPParser['kOnHeaders']!] = (_fields: never, part: string) => {
    url += part;
  };
  parser[HTTPParser['kOnHeadersComplete']!] = (_major: never, _minor: never, _fields: never, method: number, part: string | undefined) => {
    head = { method: METHODS[method] ?? String(method), target: url + (part ?? '') };
  };
  parser[HTTPParser['kOnBody']!] = (data: Buffer) => {
    body.push(Buffer.from(data));
  };
  parser[HTTPParser['kOnMessageComplete']!] = () => {
    requests.push({ ...head!, body: Buffer.concat(body).toString('latin1') });
  };
  const outcome = parser.execute(bytes);
  if (typeof outcome === 'number') return { used: outcome };
  return { used: bytes.length, fault: `${outcome.code}: ${outcome.reason}` };
}
