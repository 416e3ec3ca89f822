import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { Protocol } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { OpenConnections } from '../http/open-connections.ts';
import type { HttpService } from '../http/service.ts';
import { serveHttp } from '../http2/accept.ts';
import type { Observer } from '../observe/observer.ts';
import { watchedPipe } from '../observe/watched-pipe.ts';
import type { ListenerStats } from '../stats.ts';
import type { Backend } from './backend.ts';
import { UNIDENTIFIED } from './client-cert.ts';

/** First byte of a TLS record with a ClientHello (RFC 8446 5.1). No request and hardly any other protocol begins with it. */
const HANDSHAKE = 0x16;

export interface PermissiveContext {
  readonly env: Environment;
  /** For logs. */
  readonly name: string;
  readonly stats: ListenerStats;
  readonly observer: Observer;
  readonly app: Pick<Backend<never>, 'dial' | 'target'>;
}

/**
 * Consul's permissive mutual TLS: a client that doesn't begin with a handshake is let through to the application as it is, without
 * identity, and so past intentions and whatever else asks who it is. It has to speak first.
 */
export class Permissive {
  readonly #context: PermissiveContext;
  readonly #sockets = new Set<Socket>();
  readonly #connections = new OpenConnections();
  readonly #service: HttpService;
  #ended = false;

  constructor(context: PermissiveContext) {
    this.#context = context;
    const { env, name, stats, observer, app } = context;
    this.#service = {
      name,
      log: env.log,
      limits: env.limits,
      stats,
      open: () => !this.#ended,
      plan: () => ({ target: app.target(), edits: UNIDENTIFIED }),
      ended: (exchange) => observer.ended(exchange, undefined),
    };
  }

  /** `tls` takes those that do begin with a handshake. */
  accept(socket: Socket, protocol: Protocol, tls: (socket: Socket) => void): void {
    const silent = setTimeout(() => socket.destroy(), this.#context.env.limits.handshakeMs);
    socket.once('close', () => clearTimeout(silent));
    socket.once('data', (first: Buffer) => {
      clearTimeout(silent);
      socket.pause();
      socket.unshift(first);
      if (first[0] === HANDSHAKE) tls(socket);
      else if (this.#ended) socket.destroy();
      else if (protocol === 'tcp') void this.#pipe(socket);
      else this.#serve(socket);
    });
  }

  /** Nobody is let through any more: requests finish, byte pipes are cut. */
  end(): void {
    this.#ended = true;
    this.#connections.drain();
    for (const socket of this.#sockets) socket.destroy();
  }

  #serve(socket: Socket): void {
    this.#connections.add(socket, serveHttp(socket, this.#service));
    socket.resume();
  }

  async #pipe(socket: Socket): Promise<void> {
    const { env, name, stats, observer, app } = this.#context;
    const startedAt = performance.now();
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    try {
      watchedPipe(socket, await app.dial(), { counters: stats, observer, traffic: undefined, startedAt });
    } catch (error) {
      stats.failedConnections++;
      env.log.log('warn', 'connection failed', { listener: name, reason: messageOf(error) });
      socket.destroy();
    }
  }
}
