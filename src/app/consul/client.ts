import { request as httpRequest, type IncomingHttpHeaders, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Readable } from 'node:stream';
import { systemCode } from '../../base/errors.ts';
import { sortedEntries } from '../../base/order.ts';
import type { Io } from '../io.ts';
import { type AgentAddress, resolveAddress } from './address.ts';
import type { FlagValues } from './flags.ts';
import { goNetworkError } from './go-errors.ts';

export interface ApiResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly bytes: Buffer;
  /** The bytes as UTF-8. */
  readonly body: string;
}

/** An answer whose body is still arriving. */
export interface ApiStream {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
}

export interface ApiCall {
  /** A list stands for the parameter given several times. */
  readonly query?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, instead of `body`. */
  readonly raw?: string | Uint8Array;
  readonly headers?: Readonly<Record<string, string>>;
  /** Ends the request beside the command's own signal. */
  readonly signal?: AbortSignal;
  /** Until the whole answer is there, or its head for a stream. Without it, as long as it takes. */
  readonly timeoutMs?: number;
}

export type Method = 'GET' | 'PUT' | 'POST' | 'DELETE';

/** Any Consul's HTTP API, ours or a real one, as its own command line uses it. */
export interface ApiClient {
  readonly address: AgentAddress;
  /** Any answer, whatever its status. Rejects with an Error in the words of Go's HTTP client when there is none. */
  send(method: Method, path: string, call?: ApiCall): Promise<ApiResponse>;
  /** The body of a 200; anything else rejects with Consul's `Unexpected response code`. */
  expectOk(method: Method, path: string, call?: ApiCall): Promise<string>;
  /** As `send`, as soon as the head of the answer is there. Whoever calls reads the body to its end or destroys it. */
  stream(method: Method, path: string, call?: ApiCall): Promise<ApiStream>;
}

/** Reads flags and environment. Rejects with an Error in Consul's words when they make no sense. */
export async function openClient(flags: FlagValues, io: Io): Promise<ApiClient> {
  const address = resolveAddress(flags, io);
  const headers: Record<string, string> = {};
  const token = await readToken(flags, io);
  if (token) headers['X-Consul-Token'] = token;
  const auth = io.env['CONSUL_HTTP_AUTH'];
  if (auth) headers['Authorization'] = `Basic ${Buffer.from(auth).toString('base64')}`;
  const shared = sharedQuery(flags, io);
  const tls = address.scheme === 'https' ? await (await import('./tls-options.ts')).tlsOptions(flags, io) : undefined;

  const stream: ApiClient['stream'] = async (method, path, call = {}) => {
    const query = queryOf({ ...shared, ...call.query });
    const url = `${address.scheme}://${address.authority}${path}${query === '' ? '' : `?${query}`}`;
    const body = call.raw ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
    const deadline = call.timeoutMs === undefined ? undefined : AbortSignal.timeout(call.timeoutMs);
    const options: RequestOptions = {
      ...tls,
      method,
      agent: false,
      signal: AbortSignal.any([io.signal, call.signal, deadline].filter((signal) => signal !== undefined)),
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
        ...call.headers,
      },
      ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
    };
    try {
      return await exchange(url, options, body, tls !== undefined);
    } catch (error) {
      if (io.signal.aborted) throw io.signal.reason;
      if (call.signal?.aborted) throw call.signal.reason;
      const verb = method.charAt(0) + method.slice(1).toLowerCase();
      const why = deadline?.aborted ? TIMED_OUT : goNetworkError(error, address);
      throw new Error(`${verb} ${JSON.stringify(url)}: ${why}`, { cause: error });
    }
  };
  const send: ApiClient['send'] = async (method, path, call = {}) => {
    const { status, headers: received, body } = await stream(method, path, call);
    const bytes = await readAll(body).catch((error: unknown) => {
      if (io.signal.aborted) throw io.signal.reason;
      if (call.signal?.aborted) throw call.signal.reason;
      throw new Error(systemCode(error) === 'ECONNRESET' ? 'unexpected EOF' : goNetworkError(error, address), { cause: error });
    });
    return { status, headers: received, bytes, body: bytes.toString('utf8') };
  };
  const expectOk: ApiClient['expectOk'] = async (method, path, call) => {
    const response = await send(method, path, call);
    if (response.status !== 200) throw new Error(unexpected(response));
    return response.body;
  };
  return { address, send, expectOk, stream };
}

/** Consul's words for an answer that is no 200. */
export const unexpected = ({ status, body }: Pick<ApiResponse, 'status' | 'body'>): string =>
  `Unexpected response code: ${status} (${body})`;

const TIMED_OUT = 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)';

/** By name, as Go's client sends them. */
function queryOf(parameters: NonNullable<ApiCall['query']>): string {
  const query = new URLSearchParams();
  for (const [name, value] of sortedEntries(parameters))
    for (const one of typeof value === 'string' ? [value] : (value ?? [])) query.append(name, one);
  return query.toString();
}

async function exchange(url: string, options: RequestOptions, body: string | Uint8Array | undefined, secure: boolean): Promise<ApiStream> {
  const request = secure ? (await import('node:https')).request : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming: IncomingMessage) =>
      resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: incoming }),
    );
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function readAll(body: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** Consul: the file of the flag, the flag, the file of the environment, the environment. */
async function readToken(flags: FlagValues, io: Io): Promise<string | undefined> {
  const flagFile = flags.string('token-file');
  const flag = flags.string('token');
  const file = flagFile || (flag ? undefined : io.env['CONSUL_HTTP_TOKEN_FILE']);
  if (!file) return flag || io.env['CONSUL_HTTP_TOKEN'];
  const { readInput } = await import('./files.ts');
  return (await readInput(file, io, 'Error loading token file: ')).trim();
}

function sharedQuery(flags: FlagValues, io: Io): Record<string, string | undefined> {
  return {
    dc: flags.string('datacenter') || undefined,
    ns: flags.string('namespace') || io.env['CONSUL_NAMESPACE'] || undefined,
    partition: flags.string('partition') || io.env['CONSUL_PARTITION'] || undefined,
    stale: flags.bool('stale') ? '' : undefined,
  };
}
