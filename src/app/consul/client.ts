import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import type { Io } from '../io.ts';
import { type AgentAddress, resolveAddress } from './address.ts';
import type { FlagValues } from './flags.ts';
import { goNetworkError } from './go-errors.ts';

export interface ApiResponse {
  readonly status: number;
  readonly body: string;
}

export interface ApiCall {
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

/** Any Consul's HTTP API, ours or a real one, as its own command line uses it. */
export interface ApiClient {
  readonly address: AgentAddress;
  /** Any answer, whatever its status. Rejects with an Error in the words of Go's HTTP client when there is none. */
  send(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, call?: ApiCall): Promise<ApiResponse>;
  /** The body of a 200; anything else rejects with Consul's `Unexpected response code`. */
  expectOk(method: 'GET' | 'PUT' | 'POST' | 'DELETE', path: string, call?: ApiCall): Promise<string>;
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
  const tls = address.scheme === 'https' ? await (await import('./tls.ts')).tlsOptions(flags, io) : undefined;

  const send: ApiClient['send'] = async (method, path, call = {}) => {
    const query = new URLSearchParams();
    for (const [key, value] of Object.entries({ ...shared, ...call.query }).sort(([a], [b]) => (a < b ? -1 : 1)))
      if (value !== undefined) query.set(key, value);
    const target = `${path}${query.size === 0 ? '' : `?${query.toString()}`}`;
    const url = `${address.scheme}://${address.authority}${target}`;
    const body = call.body === undefined ? undefined : JSON.stringify(call.body);
    const options: RequestOptions = {
      ...tls,
      method,
      agent: false,
      signal: io.signal,
      headers: {
        ...headers,
        ...(body === undefined ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
      },
      ...(address.socketPath === undefined ? {} : { socketPath: address.socketPath }),
    };
    try {
      return await exchange(url, options, body, tls !== undefined);
    } catch (error) {
      if (io.signal.aborted) throw io.signal.reason;
      const verb = method.charAt(0) + method.slice(1).toLowerCase();
      throw new Error(`${verb} ${JSON.stringify(url)}: ${goNetworkError(error, address)}`, { cause: error });
    }
  };
  const expectOk: ApiClient['expectOk'] = async (method, path, call) => {
    const response = await send(method, path, call);
    if (response.status !== 200) throw new Error(`Unexpected response code: ${response.status} (${response.body})`);
    return response.body;
  };
  return { address, send, expectOk };
}

async function exchange(url: string, options: RequestOptions, body: string | undefined, secure: boolean): Promise<ApiResponse> {
  const request = secure ? (await import('node:https')).request : httpRequest;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming: IncomingMessage) => {
      let text = '';
      incoming.setEncoding('utf8');
      incoming.on('data', (chunk: string) => {
        text += chunk;
      });
      incoming.on('error', reject);
      incoming.on('end', () => resolve({ status: incoming.statusCode ?? 0, body: text }));
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
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
