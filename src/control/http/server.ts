import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { ALLOW_ALL, PermissionDenied } from '../../acl/authorizer.ts';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import { WriteRefused } from '../registry.ts';
import { HttpError, render, renderError } from './answer.ts';
import { readBody } from './body.ts';
import type { Api, ApiRequest, Endpoint, Method } from './endpoint.ts';
import { refusal } from './guard.ts';
import { parseFilterOption, parseQueryOptions } from './query-options.ts';
import { Router } from './router.ts';

export interface HttpListener extends AsyncDisposable {
  /** What was really bound: with port 0 in the options, the port that the system chose. */
  readonly host: string;
  readonly port: number;
  /** Ends every request, blocked ones included. Idempotent. */
  close(): Promise<void>;
}

export interface HttpListenerOptions {
  readonly host: string;
  readonly port: number;
  readonly endpoints: readonly Endpoint[];
  readonly api: Omit<Api, 'address'>;
  readonly log: Log;
}

/** Serves Consul's HTTP API. Rejects with the system's error (EADDRINUSE) when it can't bind. */
export async function listen(options: HttpListenerOptions): Promise<HttpListener> {
  const closing = new AbortController();
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 60_000, maxHeaderSize: 16 * 1024 });
  const { address, port } = await bind(server, options.host, options.port);
  // Not spread: what it speaks for may change while it listens.
  const api = Object.create(options.api, { address: { value: `${address}:${port}`, enumerable: true } }) as Api;
  const service = new Service(options, api, address, closing.signal);
  server.on('request', (request, response) => void service.serve(request, response));

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      closing.abort(new Error('the agent is stopping'));
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  return { host: address, port, close, [Symbol.asyncDispose]: close };
}

function bind(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

/** Consul sends these with every answer; the second says that ACLs are off. */
const ALWAYS: OutgoingHttpHeaders = { Vary: 'Accept-Encoding', 'X-Consul-Default-Acl-Policy': 'allow' };

class Service {
  readonly #router: Router;
  readonly #api: Api;
  readonly #log: Log;
  readonly #boundAddress: string;
  readonly #closing: AbortSignal;

  constructor(options: HttpListenerOptions, api: Api, boundAddress: string, closing: AbortSignal) {
    this.#router = new Router(options.endpoints);
    this.#api = api;
    this.#log = options.log;
    this.#boundAddress = boundAddress;
    this.#closing = closing;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    response.once('close', () => gone.abort(new Error('the client is gone')));
    let result: { status: number; headers: OutgoingHttpHeaders; body: string | Buffer };
    try {
      result = await this.#answer(request, AbortSignal.any([gone.signal, this.#closing]));
    } catch (error) {
      if (gone.signal.aborted || this.#closing.aborted) return;
      result = renderError(this.#asHttpError(error, request));
    }
    response.writeHead(result.status, { ...ALWAYS, ...result.headers, 'Content-Length': Buffer.byteLength(result.body) });
    response.end(request.method === 'HEAD' ? '' : result.body);
  }

  async #answer(
    request: IncomingMessage,
    signal: AbortSignal,
  ): Promise<{ status: number; headers: OutgoingHttpHeaders; body: string | Buffer }> {
    const { host, origin } = request.headers;
    const refused = refusal({ host, origin, secFetchSite: headerOf(request, 'sec-fetch-site') }, this.#boundAddress);
    if (refused !== undefined) throw new HttpError(403, refused);

    const { path, query } = splitTarget(request.url ?? '/');
    const routed = this.#router.route(path);
    if (path === '/') return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body: 'Consul Agent' };
    if (routed.type === 'none') throw new HttpError(404, '');
    if (routed.type === 'redirect') return { status: 301, headers: { Location: encodeURI(routed.to) }, body: '' };

    const method = request.method ?? 'GET';
    const allow = { Allow: ['OPTIONS', ...routed.methods].join(',') };
    if (method === 'OPTIONS') return { status: 200, headers: allow, body: '' };
    const match = routed.find(method);
    if (!match) throw new HttpError(405, `method ${method} not allowed`, { headers: allow });

    const options = parseQueryOptions(query, request.headers, this.#api.datacenter);
    const filter = parseFilterOption(query, match.endpoint.filter);
    const bytes = await readBody(request, match.endpoint.body);
    const token = tokenOf(query, request.headers);
    const call: ApiRequest = {
      method: method as Method,
      params: match.params,
      query,
      options,
      filter,
      headers: request.headers,
      bytes,
      body: bytes.toString('utf8'),
      token,
      acl: ALLOW_ALL,
      remoteAddress: request.socket.remoteAddress ?? '',
      signal,
    };
    return render(await match.endpoint.handle(call, this.#api), options.pretty);
  }

  #asHttpError(error: unknown, request: IncomingMessage): HttpError {
    if (error instanceof HttpError) return error;
    if (error instanceof PermissionDenied) return new HttpError(403, error.message);
    if (error instanceof WriteRefused || error instanceof MeshError) return new HttpError(500, error.message);
    this.#log.log('error', 'API request failed', { method: request.method, url: request.url, error: messageOf(error) });
    return new HttpError(500, messageOf(error));
  }
}

/** Consul refuses paths with characters that can't be printed, before it looks at them. */
function splitTarget(target: string): { path: string; query: URLSearchParams } {
  const mark = target.indexOf('?');
  const raw = mark === -1 ? target : target.slice(0, mark);
  let path: string;
  try {
    path = decodeURIComponent(raw);
  } catch {
    throw new HttpError(400, '');
  }
  if (/[\p{Cc}\p{Cs}\p{Co}\p{Cn}]/u.test(path)) throw new HttpError(400, '');
  return { path, query: new URLSearchParams(mark === -1 ? '' : target.slice(mark + 1)) };
}

/** Consul: the parameter, then its own header, then the one of all others. */
function tokenOf(query: URLSearchParams, headers: IncomingHttpHeaders): string {
  const own = headers['x-consul-token'];
  const bearer = /^Bearer\s+(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return query.get('token') || (typeof own === 'string' ? own : '') || (bearer ?? '');
}

function headerOf(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}
