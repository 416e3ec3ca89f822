import type { ExplainedRequest, ExplainRequest, Explanation, SentCall } from '../../api/explanation.ts';
import { MeshError } from '../../base/errors.ts';
import { isFieldName, isFieldValue, wireText } from '../../base/http-fields.ts';
import type { Input } from '../../commands/command.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { openMeshApi } from '../mesh-api.ts';
import { sendExplained } from './explain-send.ts';
import { explanationText, sentText } from './explain-view.ts';
import { listOption } from './options.ts';

/** `mesh explain`: 0 when the request would pass, and when it did, if it was sent; else 1. */
export async function explain(input: Input, io: Io): Promise<number> {
  const { options } = input;
  const asked = askedOf(input);
  const api = await openMeshApi(io);
  const explanation = await api.post<Explanation>('/v1/mesh/explain', asked);
  const sent = options['send'] === true ? await sendExplained(explanation, api, io) : undefined;
  if (options['json'] === true) io.out(`${JSON.stringify({ ...explanation, ...(sent ? { sent } : {}) }, undefined, 2)}\n`);
  else await print(explanation, sent, io);
  return explanation.verdict === 'passes' && (!sent || sent.findings.every(({ agrees }) => agrees)) ? 0 : 1;
}

async function print(explanation: Explanation, sent: SentCall | undefined, io: Io): Promise<void> {
  const { stdoutIsTty, colour, columns } = io.terminal;
  const style = await styleOf(colour && stdoutIsTty);
  const shown = { style, width: stdoutIsTty ? columns : undefined, cwd: io.cwd, shipped: io.shippedBlueprints };
  io.out(`${explanationText(explanation, shown)}\n`);
  if (sent) io.out(`\n${sentText(explanation, sent, shown)}\n`);
}

function askedOf({ args, options }: Input): ExplainRequest {
  const [source = '', destination = ''] = args;
  const request = requestOf({ options });
  const { dc } = options;
  return { source, destination, ...(typeof dc === 'string' ? { sourceDatacenter: dc } : {}), ...(request ? { request } : {}) };
}

/** Undefined when nothing was said of a request: what the upstream speaks decides then. */
function requestOf(input: Pick<Input, 'options'>): ExplainedRequest | undefined {
  const { path, method } = input.options;
  const headers = listOption({ args: [], ...input }, 'header').map(headerOf);
  if (path === undefined && method === undefined && headers.length === 0) return undefined;
  const verb = String(method ?? 'GET').toUpperCase();
  // A method is a token, as the name of a field is.
  if (!isFieldName(verb))
    throw new MeshError('usage', `--method is not a method: ${JSON.stringify(method)}`, { hint: 'one word: GET, POST, PURGE' });
  return { method: verb, path: targetOf(String(path ?? '/'), verb), headers };
}

/** What a client can send as a path; `*` is for OPTIONS alone (RFC 9112 3.2.4). */
function targetOf(path: string, method: string): string {
  if (path === '*' && method === 'OPTIONS') return path;
  const wrong = (hint: string): MeshError => new MeshError('usage', `--path is not a path: ${JSON.stringify(path)}`, { hint });
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw wrong("without scheme and host, which -H 'Host: …' names");
  if (!path.startsWith('/')) throw wrong(`it begins with a slash: /${path}`);
  if (path.includes('#')) throw wrong('what stands behind # is not sent: leave it out, or write %23');
  if (/[\s\p{Cc}]/u.test(path)) throw wrong(`escaped it is ${encodeURI(path)}`);
  return path;
}

function headerOf(text: string): readonly [string, string] {
  const [, name = '', value = ''] = /^([^:]*):[ \t]*(.*)$/s.exec(text) ?? [];
  if (isFieldName(name) && isFieldValue(wireText(value))) return [name, value.trimEnd()];
  throw new MeshError('usage', `--header is not a header: ${JSON.stringify(text)}`, {
    hint: "expected a name and a value: 'X-Group: dev'",
  });
}
