import { HttpFault } from './fault.ts';
import { type Fields, listElements, parseFields } from './fields.ts';
import { type Framing, requestFraming } from './framing.ts';
import type { WrittenRequest } from './write.ts';

/** A request head that has passed every rule of strictness. Never changed: one that comes again on its connection is the same object. */
export interface RequestHead {
  readonly method: string;
  /** Origin form (`/path?query`), or `*` for OPTIONS; an absolute form has been taken apart. */
  readonly target: string;
  /** The target without its query. */
  readonly path: string;
  readonly minor: 0 | 1;
  readonly fields: Fields;
  /** Absent only from HTTP/1.0. An absolute target overrides the field (RFC 9112 3.2.2). */
  readonly host: string | undefined;
  readonly framing: Framing;
  /** What the client asked for; the proxy may still close. */
  readonly keepAlive: boolean;
  /** Protocol to switch to, when asked for in both Upgrade and Connection. */
  readonly upgrade: string | undefined;
  /** How `writeRequestHead` wrote it last. */
  written?: WrittenRequest | undefined;
  /** So long its client waits for an answer, in milliseconds: `grpc-timeout`, which only HTTP/2 carries. */
  readonly deadlineMs?: number | undefined;
}

const METHOD = /^[A-Z][A-Z0-9_-]{0,31}$/;
const VERSION = /^HTTP\/(\d)\.(\d)$/;
const TARGET = /^[\x21\x22\x24-\x7e]+$/;
const HOST = /^(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._~!$&'()*+;=%-]*)(?::[0-9]{0,5})?$/;

/** `text` is a head as SectionReader gives it: lines ended by CRLF, without the empty one. */
export function parseRequestHead(text: string): RequestHead | HttpFault {
  const end = text.indexOf('\r\n');
  const parts = text.slice(0, end).split(' ');
  if (parts.length !== 3) return new HttpFault(400, 'the request line is not "METHOD target HTTP/1.1"');
  const [method, rawTarget, versionText] = parts as [string, string, string];
  const version = VERSION.exec(versionText);
  if (!version) return new HttpFault(400, 'the request line does not end in an HTTP version');
  if (version[1] !== '1' || (version[2] !== '0' && version[2] !== '1')) return new HttpFault(505, `${versionText} is not supported`);
  const minor = version[2] === '1' ? 1 : 0;
  const unfit = judgeMethod(method) ?? judgeTarget(rawTarget);
  if (unfit) return unfit;

  const fields = parseFields(text, end + 2);
  if (fields instanceof HttpFault) return fields;
  const target = parseTarget(method, rawTarget);
  if (target instanceof HttpFault) return target;
  const host = judgeHost(fields, minor);
  if (host instanceof HttpFault) return host;
  const framing = requestFraming(fields, minor);
  if (framing instanceof HttpFault) return framing;

  const unexpected = judgeExpect(fields);
  if (unexpected) return unexpected;
  const connection = listElements(fields.known.connection);
  const asked = connection.includes('upgrade') && minor === 1 ? fields.known.upgrade?.[0] : undefined;
  const query = target.path.indexOf('?');
  return {
    method,
    target: target.path,
    path: query === -1 ? target.path : target.path.slice(0, query),
    minor,
    fields,
    host: target.authority ?? host,
    framing,
    keepAlive: minor === 1 ? !connection.includes('close') : connection.includes('keep-alive') && !connection.includes('close'),
    // h2c would carry requests past whoever reads HTTP/1.1 on the way; the client is answered in HTTP/1.1, as the RFC allows.
    upgrade: asked !== undefined && !/\bh2c\b/i.test(asked) ? asked : undefined,
    written: undefined,
  };
}

export function judgeMethod(method: string): HttpFault | undefined {
  // PRI is of HTTP/2's preface alone.
  if (!METHOD.test(method) || method === 'PRI') return new HttpFault(400, 'the method is not one of HTTP');
  return method === 'CONNECT' ? new HttpFault(405, 'CONNECT is not allowed through a sidecar') : undefined;
}

export function judgeTarget(target: string): HttpFault | undefined {
  return TARGET.test(target) ? undefined : new HttpFault(400, 'the request target has characters that must be percent-encoded');
}

export function judgeExpect(fields: Fields): HttpFault | undefined {
  if (fields.known.expect === undefined) return undefined;
  const expect = listElements(fields.known.expect);
  // An empty one too: Node's server would refuse it.
  return expect.length === 1 && expect[0] === '100-continue' ? undefined : new HttpFault(417, 'Expect is not 100-continue');
}

/** What Host and :authority may be. */
export function isAuthority(text: string): boolean {
  return HOST.test(text);
}

function parseTarget(method: string, raw: string): { path: string; authority?: string } | HttpFault {
  if (raw.startsWith('/')) return { path: raw };
  if (raw === '*') return method === 'OPTIONS' ? { path: '*' } : new HttpFault(400, 'the target * is for OPTIONS only');
  const absolute = /^https?:\/\/([^/?]*)(.*)$/i.exec(raw);
  if (!absolute) return new HttpFault(400, 'the request target is neither a path nor an http URL');
  const [, authority, rest] = absolute as unknown as [string, string, string];
  if (authority === '' || !HOST.test(authority)) return new HttpFault(400, 'the authority of the request target is not valid');
  return { path: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

function judgeHost(fields: Fields, minor: 0 | 1): string | undefined | HttpFault {
  const hosts = fields.known.host;
  if (hosts === undefined) return minor === 1 ? new HttpFault(400, 'Host is missing') : undefined;
  if (hosts.length > 1) return new HttpFault(400, 'Host is given more than once');
  return HOST.test(hosts[0]!) ? hosts[0] : new HttpFault(400, 'Host is not valid');
}
