import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FakeServiceConfig } from './config.ts';
import type { Connections } from './connections.ts';

/** What begins every HTTP/2 connection; no other method of HTTP begins like it. */
const PREFACE = Buffer.from('PRI ');

/**
 * Decides for each connection of an HTTP server who speaks on it: behind TLS if there are certificates, HTTP/1 or what
 * `onHttp2` makes of HTTP/2. Clients that offer both in TLS get HTTP/1, because only gRPC is spoken over the other.
 * Throws a MeshError when the certificate or its key can't be used.
 */
export async function routeConnections(
  server: Server,
  config: Pick<FakeServiceConfig, 'protocols' | 'tls'>,
  connections: Connections,
  onHttp2: (socket: Socket) => void,
): Promise<void> {
  // Node's own listener speaks HTTP/1 on whatever socket it is given.
  const [http1] = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  const speak = (socket: Socket): void => {
    connections.open(socket);
    if (config.protocols === 'http') http1!.call(server, socket);
    else if (config.protocols === 'grpc') onHttp2(socket);
    else sniff(socket, (isHttp2) => (isHttp2 ? onHttp2(socket) : http1!.call(server, socket)));
  };
  const secure = config.tls && (await (await import('./tls.ts')).tlsServer(config.tls, config.protocols));
  secure?.on('secureConnection', speak);
  server.on('connection', (socket: Socket) => {
    connections.accept(socket);
    if (!secure) return speak(socket);
    // As a server of TLS would accept it: who leaves during the handshake is gone.
    socket.allowHalfOpen = false;
    secure.emit('connection', socket);
  });
}

/** Looks at the first bytes and puts them back. */
function sniff(socket: Socket, decide: (isHttp2: boolean) => void): void {
  let seen: Buffer = Buffer.alloc(0);
  const onData = (chunk: Buffer): void => {
    seen = Buffer.concat([seen, chunk]);
    const isHttp2 = seen.subarray(0, PREFACE.length).equals(PREFACE);
    if (!isHttp2 && seen.length < PREFACE.length && PREFACE.subarray(0, seen.length).equals(seen)) return;
    socket.off('data', onData);
    socket.off('error', onGone);
    socket.off('end', onGone);
    socket.pause();
    socket.unshift(seen);
    decide(isHttp2);
    if (!isHttp2) process.nextTick(() => socket.resume());
  };
  // Who goes without a word leaves a connection that is half open, and nobody else to close it.
  const onGone = (): void => void socket.destroy();
  socket.on('data', onData);
  socket.on('error', onGone);
  socket.on('end', onGone);
}
