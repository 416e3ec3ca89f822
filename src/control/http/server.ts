import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Log } from '../../base/ports.ts';
import { bind } from './bind.ts';
import type { Api, Endpoint } from './endpoint.ts';
import { Front } from './front.ts';
import { ClientCounter, TOO_MANY_CONNECTIONS } from './limits.ts';
import { secureContext } from './secure-context.ts';
import type { HttpSettings, ListenAt, TlsSettings } from './settings.ts';

export interface HttpListener extends AsyncDisposable {
  /** What was really bound: with port 0 in the options, the port that the system chose. A Unix socket's path, and port 0. */
  readonly host: string;
  readonly port: number;
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
  const secure = tls && (await import('node:https')).createServer({ ...http, ...secureContext(tls) });
  const server: Server = secure ?? createServer(http);
  const { host, port, address } = await bind(server, at);
  // Not spread: what it speaks for may change while it listens.
  const api = Object.create(shared, { address: { value: address, enumerable: true } }) as Api;
  const door = 'path' in at ? undefined : ({ boundAddress: host, scheme: secure ? 'https' : 'http' } as const);
  const front = new Front({ endpoints, api, log, settings, door });
  limitConnections(server, settings.limits?.connectionsPerClient, secure !== undefined);
  server.on('clientError', refuse);
  server.on('request', (request, response) => front.serve(request, response));

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closed ??= new Promise((resolve) => {
      front.closing.abort(new Error('the agent is stopping'));
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return closed;
  };
  const setTls = (next: TlsSettings): void => {
    if (!secure) throw new Error('this listener speaks no TLS');
    secure.setSecureContext(secureContext(next));
  };
  return { host, port, setTls, close, [Symbol.asyncDispose]: close };
}

function limitConnections(server: Server, most: number | undefined, isSecure: boolean): void {
  if (most === undefined) return;
  const open = new ClientCounter(most);
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
  if (!socket.writable || error.code === 'ECONNRESET') return void socket.destroy();
  const status = REFUSALS[error.code ?? ''] ?? '400 Bad Request';
  socket.end(`HTTP/1.1 ${status}\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n${status}`, () => socket.destroy());
}
