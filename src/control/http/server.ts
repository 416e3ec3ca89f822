import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../../base/ports.ts';
import { bind } from './bind.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { Front } from './front.ts';
import { ClientCounter, TOO_MANY_CONNECTIONS } from './limits.ts';
import { secureContext } from './secure-context.ts';
import { HANDSHAKE_TIMEOUT_MS, type HttpSettings, type ListenAt, type TlsSettings } from './settings.ts';

export interface HttpListener extends AsyncDisposable {
  /** What was really bound: with port 0 in the options, the port that the system chose. A Unix socket's path, and port 0. */
  readonly host: string;
  readonly port: number;
  /**
   * Serves otherwise from the next request on; connections stay. How long headers and handshakes may be is of the socket,
   * and stays too.
   */
  configure(settings: HttpSettings): void;
  /** Takes other certificates for the connections to come. Throws when they don't fit each other, and on a plain listener. */
  setTls(tls: TlsSettings): void;
  /** Ends every request, blocked ones included. Idempotent. */
  close(): Promise<void>;
}

export interface HttpListenerOptions {
  readonly at: ListenAt;
  readonly endpoints: readonly Endpoint[];
  readonly api: Omit<Api, 'address'>;
  readonly log: Log;
  readonly settings?: HttpSettings;
}

const DEFAULT_HEADER_BYTES = 16 * 1024;

/**
 * Serves Consul's HTTP API. Rejects with the system's error (EADDRINUSE) when it can't bind, and with OpenSSL's when the
 * certificates are none.
 */
export async function listen({ at, endpoints, api: shared, log, settings = {} }: HttpListenerOptions): Promise<HttpListener> {
  const tls = 'tls' in at ? at.tls : undefined;
  const timing = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 600_000 };
  const http = { ...timing, maxHeaderSize: settings.limits?.headerBytes ?? DEFAULT_HEADER_BYTES };
  const handshakeTimeout = settings.handshakeTimeoutMs ?? HANDSHAKE_TIMEOUT_MS;
  const secure = tls && (await import('node:https')).createServer({ ...http, handshakeTimeout, ...secureContext(tls) });
  const server: Server = secure ?? createServer(http);
  const { host, port, address } = await bind(server, at);
  // Not spread: what it speaks for may change while it listens.
  const api = Object.create(shared, { address: { value: address, enumerable: true } }) as Api;
  const door = 'path' in at ? undefined : ({ boundAddress: host, scheme: secure ? 'https' : 'http' } as const);
  let front = new Front({ endpoints, api, log, settings, door });
  const connections = new ClientCounter(settings.limits?.connectionsPerClient);
  limitConnections(server, connections, secure !== undefined);
  const sockets = new Set<Socket>();
  secure?.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('clientError', refuse);
  server.on('request', (request, response) => front.serve(request, response));

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      front.closing.abort(new Error('the agent is stopping'));
      server.close(() => resolve());
      server.closeAllConnections();
      // Node forgets those that are in their handshake.
      for (const socket of sockets) socket.destroy();
    });
    return closed;
  };
  const setTls = (next: TlsSettings): void => {
    if (!secure) throw new Error('this listener speaks no TLS');
    secure.setSecureContext(secureContext(next));
  };
  const configure = (next: HttpSettings): void => {
    connections.most = next.limits?.connectionsPerClient ?? Number.POSITIVE_INFINITY;
    front = new Front({ endpoints, api, log, settings: next, door, closing: front.closing });
  };
  return { host, port, configure, setTls, close, [Symbol.asyncDispose]: close };
}

function limitConnections(server: Server, open: ClientCounter, isSecure: boolean): void {
  server.on('connection', (socket: Socket) => {
    const client = socket.remoteAddress ?? '';
    if (open.enter(client)) socket.once('close', () => open.leave(client));
    // Before the handshake there is no way to say why.
    else if (isSecure) socket.destroy();
    else socket.end(TOO_MANY_CONNECTIONS);
  });
}

/** What Go's net/http answers to what is no request. */
const REFUSALS: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: '431 Request Header Fields Too Large',
  ERR_HTTP_REQUEST_TIMEOUT: '408 Request Timeout',
};

function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Without a handshake there is nobody to answer.
  const isTls = error.code?.startsWith('ERR_TLS_') || error.code?.startsWith('ERR_SSL_');
  if (!socket.writable || isTls || error.code === 'ECONNRESET') return void socket.destroy();
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`, () => socket.destroy());
}
