import { createSocket, type RemoteInfo, type Socket as UdpSocket } from 'node:dgram';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { Log } from '../../base/ports.ts';
import { secureContext } from '../http/secure-context.ts';
import type { TlsSettings } from '../http/settings.ts';
import type { Responder } from './responder.ts';

export interface DnsListener extends AsyncDisposable {
  readonly host: string;
  /** The same for UDP and TCP. */
  readonly port: number;
  close(): Promise<void>;
}

export interface DnsListenerOptions {
  readonly host: string;
  /** 0: any that is free for both. */
  readonly port: number;
  readonly responder: Responder;
  readonly log: Log;
}

/** How often a port that UDP gave is tried for TCP. */
const TRIES = 20;

/** Serves DNS over UDP and TCP. Rejects with the system's error when it can't bind. */
export async function listenDns(options: DnsListenerOptions): Promise<DnsListener> {
  for (let tries = 1; ; tries++) {
    const udp = await bindUdp(options.host, options.port);
    const { port } = udp.address();
    const tcp = createServer({ noDelay: true });
    try {
      await bindTcp(tcp, options.host, port);
    } catch (error) {
      await closed(udp);
      if (options.port === 0 && systemCode(error) === 'EADDRINUSE' && tries < TRIES) continue;
      throw error;
    }
    return serve(options, udp, tcp, port);
  }
}

export interface SecureDnsOptions extends DnsListenerOptions {
  readonly tls: TlsSettings;
}

/** Serves DNS over TLS (RFC 7858). Rejects with the system's error when it can't bind, with OpenSSL's when the certificates are none. */
export async function listenSecureDns({ host, port, tls, responder, log }: SecureDnsOptions): Promise<DnsListener> {
  const { createServer: createSecure } = await import('node:tls');
  const server = createSecure({ ...secureContext(tls), handshakeTimeout: IDLE_MS, ALPNProtocols: ['dot'] });
  const bound = await bindTcp(server, host, port);
  // Whoever fails the handshake has been told so.
  server.on('tlsClientError', () => undefined);
  const streams = serveStreams(server, 'secureConnection', { responder, log });
  return { host, port: bound.port, close: streams.close, [Symbol.asyncDispose]: streams.close };
}

function serve({ host, responder, log }: DnsListenerOptions, udp: UdpSocket, tcp: Server, port: number): DnsListener {
  const closing = new AbortController();
  const { signal } = closing;
  const failed = (error: unknown): void => log.log('error', 'a DNS question could not be answered', { error: messageOf(error) });
  udp.on('error', failed);
  udp.on('message', (message: Buffer, from: RemoteInfo) => {
    responder.respond(message, 'udp', signal).then((answer) => {
      if (answer && !signal.aborted) udp.send(answer, from.port, from.address);
    }, failed);
  });
  const streams = serveStreams(tcp, 'connection', { responder, log });
  let ended: Promise<unknown> | undefined;
  const close = async (): Promise<void> => {
    closing.abort(new Error('the agent is stopping'));
    ended ??= Promise.all([closed(udp), streams.close()]);
    await ended;
  };
  return { host, port, close, [Symbol.asyncDispose]: close };
}

function serveStreams(
  server: Server,
  event: 'connection' | 'secureConnection',
  { responder, log }: Pick<DnsListenerOptions, 'responder' | 'log'>,
): { readonly close: () => Promise<void> } {
  const closing = new AbortController();
  const connections = new Set<Socket>();
  server.on('error', (error) => log.log('error', 'DNS over TCP failed', { error: messageOf(error) }));
  server.on(event, (socket: Socket) => {
    if (connections.size >= MAX_CONNECTIONS) return void socket.destroy();
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
    serveStream(socket, responder, closing.signal).catch(() => socket.destroy());
  });
  let ended: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing.abort(new Error('the agent is stopping'));
    for (const socket of connections) socket.destroy();
    ended ??= new Promise<void>((resolve) => server.close(() => resolve()));
    return ended;
  };
  return { close };
}

const MAX_CONNECTIONS = 256;
/** A connection that asks nothing for this long is ended (RFC 7766 asks for seconds). */
const IDLE_MS = 8000;

/** Messages with their length before them, answered in order. */
async function serveStream(socket: Socket, responder: Responder, signal: AbortSignal): Promise<void> {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(IDLE_MS, () => socket.destroy());
  let waiting: Buffer = Buffer.alloc(0);
  for await (const chunk of socket as AsyncIterable<Buffer>) {
    waiting = waiting.length === 0 ? chunk : Buffer.concat([waiting, chunk]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      const answer = await responder.respond(waiting.subarray(2, end), 'tcp', signal);
      if (!answer) return void socket.destroy();
      const length = Buffer.alloc(2);
      length.writeUInt16BE(answer.length);
      // The next question waits until this answer is on its way.
      if (!socket.write(Buffer.concat([length, answer])))
        await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
      waiting = waiting.subarray(end);
    }
  }
}

function bindUdp(host: string, port: number): Promise<UdpSocket> {
  return new Promise((resolve, reject) => {
    // Not `isIPv6`: its expression alone takes several milliseconds to compile, and this is on the path of every start.
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', reject);
    socket.bind(port, host, () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

function bindTcp(server: Server, host: string, port: number): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.removeListener('error', reject);
      resolve(server.address() as AddressInfo);
    });
  });
}

const closed = (socket: UdpSocket): Promise<void> => new Promise((resolve) => socket.close(() => resolve()));
