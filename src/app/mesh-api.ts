import { StringDecoder } from 'node:string_decoder';
import { MeshError, messageOf } from '../base/errors.ts';
import { type ApiClient, type ApiStream, openClient } from './consul/client.ts';
import { parseFlags } from './consul/flags.ts';
import type { Io } from './io.ts';

type Query = Readonly<Record<string, string | undefined>>;

/** The HTTP API of the agent that the environment names, or of this home, for commands of our own: errors are MeshErrors. */
export interface MeshApi {
  /** The JSON of a 200. */
  get<T>(path: string, query?: Query): Promise<T>;
  /** The JSON of a 200 to a body in JSON. */
  post<T>(path: string, body: object): Promise<T>;
  /** The lines of an answer that goes on, as they come. Resolves as soon as the agent has begun to answer. */
  lines(path: string, query?: Query): Promise<AsyncIterable<string>>;
}

/** Rejects when the environment makes no sense. */
export async function openMeshApi(io: Io): Promise<MeshApi> {
  const none = parseFlags([], []);
  if (none.type === 'error') throw new Error(none.message);
  const client = await openClient(none.flags, io).catch((error: unknown) => {
    throw new MeshError('usage', messageOf(error), { hint: 'CONSUL_HTTP_ADDR is an address such as 127.0.0.1:8500' });
  });
  let told = false;
  const ask = async (path: string, query: Query = {}, body?: object): Promise<ApiStream> => {
    const answer = await client.stream(body ? 'POST' : 'GET', path, { query, ...(body ? { body } : {}) }).catch((error: unknown) => {
      if (io.signal.aborted) throw io.signal.reason;
      throw noAnswer(client, error);
    });
    if (answer.status !== 200) throw refused(client, path, answer.status, await textOf(answer));
    const kept = told ? undefined : keptBack(answer, io);
    if (kept !== undefined) io.err(kept);
    told ||= kept !== undefined;
    return answer;
  };
  return {
    get: async <T>(path: string, query?: Query) => JSON.parse(await textOf(await ask(path, query))) as T,
    post: async <T>(path: string, body: object) => JSON.parse(await textOf(await ask(path, {}, body))) as T,
    lines: async (path, query) => linesOf(await ask(path, query), client, io),
  };
}

/** What is said beside an answer that ACLs may have left things out of: nothing of them would look as if there were nothing. */
function keptBack({ headers }: ApiStream, { env }: Io): string | undefined {
  const how = 'CONSUL_HTTP_TOKEN is the token that is asked with';
  const hasToken = Boolean(env['CONSUL_HTTP_TOKEN'] || env['CONSUL_HTTP_TOKEN_FILE']);
  if (hasToken)
    return headers['x-consul-results-filtered-by-acls'] === 'true'
      ? `note: this is not all: the token may not read everything (${how})\n`
      : undefined;
  // Consul tells only those who show a token that an answer is not whole; the others can see that nothing is allowed by default.
  return headers['x-consul-default-acl-policy'] === 'deny'
    ? `note: this may not be all: the agent has ACLs, and no token was given (${how})\n`
    : undefined;
}

async function textOf({ body }: ApiStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

async function* linesOf({ body }: ApiStream, client: ApiClient, io: Io): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  try {
    for await (const chunk of body) {
      const lines = (rest + decoder.write(chunk as Buffer)).split('\n');
      rest = lines.pop()!;
      yield* lines;
    }
  } catch (error) {
    if (io.signal.aborted) throw io.signal.reason;
    throw noAnswer(client, error);
  } finally {
    body.destroy();
  }
}

function noAnswer({ address }: ApiClient, cause: unknown): MeshError {
  const where = address.socketPath ?? address.authority;
  const hint = 'mesh run <blueprint> starts one; CONSUL_HTTP_ADDR names another';
  return new MeshError('unreachable', `no agent answers at ${where}: ${messageOf(cause).replace(/^.*": /, '')}`, { hint, cause });
}

function refused({ address }: ApiClient, path: string, status: number, text: string): MeshError {
  if (status === 403) return new MeshError('failed', text, { hint: 'CONSUL_HTTP_TOKEN is the token that is asked with' });
  if (status === 400) return new MeshError('usage', text);
  // What was asked for by name is not there, and its nearest name is told.
  const [, missing, hint] = /^(there is no [^;]+)(?:; (.*))?$/.exec(text) ?? [];
  if (status === 404 && missing !== undefined) return new MeshError('failed', missing, hint === undefined ? {} : { hint });
  if (status === 404)
    return new MeshError('failed', `${address.authority} knows no ${path}`, {
      hint: 'it is no agent of mesh, or one of another version: mesh version',
    });
  return new MeshError('failed', `${path} answers ${status}${text === '' ? '' : `: ${text}`}`);
}
