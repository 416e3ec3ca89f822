import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, createServer, Server, type Socket } from 'node:net';
import { MeshError, systemCode } from '../base/errors.ts';
import { fetchListener } from './fetch-listener.ts';
import { LOOPBACK } from './held-ports.ts';
import { parseHostPort } from './host-port.ts';
import type { Handler, Protocol, ServiceContext } from './types.ts';

/** What a service runs as: a listener on 127.0.0.1, or somebody else's address. */
export interface Application {
  readonly address: string;
  readonly port: number;
  /** Its listener and its connections are gone at once, as those of a process that was killed. Throws for one that runs elsewhere. */
  kill(): Promise<void>;
  /** Listens again: at the same port, or at another if somebody has taken that meanwhile. */
  revive(): Promise<number>;
  close(): Promise<void>;
}

/** Rejects with a MeshError when there is nothing to call. */
export async function openApplication(name: string, handler: Handler, context: ServiceContext): Promise<Application> {
  if (typeof handler === 'function') return hosted(() => createHttpServer(fetchListener(handler, context)));
  if ('http' in handler) return hosted(() => createHttpServer(handler.http));
  if ('tcp' in handler) return hosted(() => createServer((socket) => handler.tcp(socket, context)));
  if ('server' in handler && handler.server instanceof Server) {
    const { server } = handler;
    return server.listening ? elsewhere(name, boundAddress(name, server)) : hosted(() => server);
  }
  if ('address' in handler) return elsewhere(name, parseHostPort(name, handler.address));
  throw new MeshError('usage', `service ${name} has no handler`, {
    hint: 'give a function from Request to Response, { http: listener }, { tcp: onSocket }, { server } or { address }',
  });
}

/** What a service speaks if nobody says: as far as its handler tells. */
export function protocolOf(handler: Handler): Protocol {
  if (typeof handler === 'function' || 'http' in handler) return 'http';
  if ('server' in handler) return 'requestTimeout' in handler.server ? 'http' : 'tcp';
  if ('address' in handler) return /^https?:/.test(String(handler.address)) ? 'http' : 'tcp';
  return 'tcp';
}

async function hosted(make: () => Server): Promise<Application> {
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const listen = async (port: number): Promise<number> => {
    const made = make();
    made.on('connection', track);
    await new Promise<void>((resolve, reject) => {
      made.once('error', reject);
      made.listen({ host: LOOPBACK, port, exclusive: true }, resolve);
    });
    server = made;
    return (made.address() as AddressInfo).port;
  };
  const track = (socket: Socket): void => {
    sockets.add(socket);
    // Of one connection alone, as ends of it are in a process of its own.
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  };
  const end = async (cut: (socket: Socket) => void): Promise<void> => {
    const ending = server;
    server = undefined;
    if (!ending) return;
    ending.removeListener('connection', track);
    const closed = new Promise<void>((resolve) => ending.close(() => resolve()));
    for (const socket of sockets) cut(socket);
    await closed;
  };
  let port = await listen(0);
  return {
    address: LOOPBACK,
    port,
    kill: () => end((socket) => socket.resetAndDestroy()),
    revive: async () => {
      if (server) return port;
      port = await listen(port).catch((error: unknown) => {
        if (systemCode(error) === 'EADDRINUSE') return listen(0);
        throw error;
      });
      return port;
    },
    close: () => end((socket) => socket.destroy()),
  };
}

function elsewhere(name: string, at: { address: string; port: number }): Application {
  const refuse = (): Promise<never> =>
    Promise.reject(
      new MeshError(
        'usage',
        `${name} runs at ${at.address}:${at.port}, which this mesh did not start: it can't be killed or revived here`,
        {
          hint: 'end it yourself, or give a handler instead of an address',
        },
      ),
    );
  return { ...at, kill: refuse, revive: refuse, close: () => Promise.resolve() };
}

function boundAddress(name: string, server: Server): { address: string; port: number } {
  const at = server.address();
  if (at === null || typeof at === 'string') {
    throw new MeshError('usage', `the server of ${name} listens on ${at ?? 'nothing'}, not at an address with a port`, {
      hint: 'let it listen on 127.0.0.1, or hand it over before it listens',
    });
  }
  return { address: at.address === '::' || at.address === '0.0.0.0' ? LOOPBACK : at.address, port: at.port };
}
