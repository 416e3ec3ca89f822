import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { messageOf } from '../../base/errors.ts';
import type { InboundListener } from '../../compile/proxy-config.ts';
import type { Drainable } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { GONE } from '../http/respond.ts';
import type { HttpConnection, HttpService } from '../http/service.ts';
import { serveHttp } from '../http2/accept.ts';
import type { ConnectionRefusal } from '../observe/access-log/access-log.ts';
import type { EndpointStats } from '../observe/endpoint-stats.ts';
import type { Observer } from '../observe/observer.ts';
import { refuseConnection } from '../observe/refuse-connection.ts';
import type { Traffic } from '../observe/traffic.ts';
import { watchedPipe } from '../observe/watched-pipe.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { newListenerStats } from '../stats.ts';
import { TlsAcceptor } from '../tls/accept.ts';
import type { Peer } from '../tls/peer.ts';
import type { Backend } from './backend.ts';
import { Permissive } from './permissive.ts';
import { Policy, type ServiceSide } from './policy.ts';
import { answerProbe } from './ready.ts';

/** A connection whose peer is known; `http` absent: a byte pipe. */
interface Open {
  readonly socket: TLSSocket;
  readonly peer: Peer;
  readonly http?: HttpConnection;
}

/** The mesh's side of a service: mutual TLS, identity, intentions, then the application. */
export class Inbound<C extends ServiceSide = InboundListener> implements Drainable {
  readonly stats = newListenerStats();
  /** Its groups are sources, by what they call. */
  readonly observer: Observer;
  readonly #sockets = new OpenSockets(this.stats);
  readonly #env: Environment;
  readonly #name: string;
  readonly #identity: string;
  readonly #app: Backend<C>;
  readonly #policy: Policy;
  #config: C;
  #tls: TlsAcceptor | undefined;
  #permissive: Permissive | undefined;
  /** Changes with the protocol, and with what connections are made with; HTTP connections of an earlier one close after their next request. */
  #epoch = {};
  #draining = false;
  readonly #open = new Set<Open>();

  /** `identity` is the service's. Before `refreshIdentity` it takes no connections of its own. */
  constructor(env: Environment, name: string, identity: string, app: Backend<C>, config: C, observer: Observer) {
    this.#env = env;
    this.observer = observer;
    this.#name = name;
    this.#identity = identity;
    this.#config = config;
    this.#app = app;
    this.#policy = new Policy({ env, name, service: app.service, identity, target: () => app.target() }, config);
  }

  /** What became of connections and requests to the application. */
  get application(): EndpointStats | undefined {
    return this.#app.stats;
  }

  /** Open connections are judged again: what the new intentions refuse is ended, a request with its refusal, and no other touched. */
  update(config: C): void {
    const { protocol, maxHeadBytes } = this.#config;
    this.#config = config;
    this.#app.update(config);
    if (!config.permissive) this.#endPermissive();
    this.#policy.update(config);
    if (this.#tls) this.refreshIdentity();
    if (protocol !== config.protocol || maxHeadBytes !== config.maxHeadBytes) this.#epoch = {};
    for (const { socket, peer, http } of this.#open) {
      if (http) {
        http.review((head) => this.#policy.guard.again(head, peer));
        continue;
      }
      const refusal = this.#policy.guard.connection(peer);
      if (!refusal) continue;
      this.observer.connectionDenied(refusal, peer);
      this.#env.log.log('info', 'connection ended', { listener: this.#name, reason: refusal.reason });
      socket.destroy();
    }
  }

  /** Takes up a new leaf, new roots or other versions for handshakes to come. */
  refreshIdentity(): void {
    const identity = this.#env.identities.get(this.#identity, this.#config.tls);
    if (!identity) this.#tls = undefined;
    else if (this.#tls) this.#tls.update(identity);
    else {
      this.#tls = new TlsAcceptor(identity, this.#env.limits.handshakeMs, () => this.#env.clock.now(), {
        connection: (socket, peer, ready) => this.#connected(socket, peer, ready),
        refused: (reason, socket) => this.#refused(socket, { reason }),
      });
    }
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    this.observer.opened(socket);
    const { maxConnections } = this.#config;
    if (maxConnections !== undefined && this.stats.activeConnections > maxConnections) {
      this.#refused(socket, { reason: `MaxInboundConnections ${maxConnections} is reached` });
      socket.destroy();
    } else if (this.#config.permissive) this.#anyClient().accept(socket, this.#config.protocol, (tls) => this.#handshake(tls));
    else this.#handshake(socket);
  }

  /** A connection whose handshake somebody else has made, in the name of this service. */
  join(socket: TLSSocket, peer: Peer, ready: boolean): void {
    this.#sockets.add(socket);
    this.#connected(socket, peer, ready);
  }

  /** A handshake that is under way still gets its one request, or its byte pipe. */
  drain(deadlineMs: number): Promise<void> {
    this.#draining = true;
    for (const open of this.#open) open.http?.drain();
    this.#endPermissive();
    this.#app.close();
    return this.#sockets.drained(deadlineMs, () => {
      for (const open of this.#open) open.http?.cut(GONE);
    });
  }

  #handshake(socket: Socket): void {
    if (this.#tls) {
      this.#tls.accept(socket);
      return;
    }
    this.#refused(socket, { reason: `there is no certificate yet for ${this.#identity}` });
    socket.destroy();
  }

  #anyClient(): Permissive {
    const context = { env: this.#env, name: this.#name, stats: this.stats, observer: this.observer, app: this.#app };
    this.#permissive ??= new Permissive(context);
    return this.#permissive;
  }

  #endPermissive(): void {
    this.#permissive?.end();
    this.#permissive = undefined;
  }

  #refused(socket: Socket, refused: ConnectionRefusal, peer?: Peer): void {
    refuseConnection({ env: this.#env, name: this.#name, stats: this.stats, observer: this.observer }, socket, refused, peer);
  }

  #connected(socket: TLSSocket, peer: Peer, ready: boolean): void {
    this.stats.handshakes++;
    if (socket.isSessionReused()) this.stats.resumedHandshakes++;
    if (ready) void answerProbe(socket, this.#app, this.#policy.guard.mayAllow(peer), peer.uri);
    else if (this.#config.protocol !== 'tcp') this.#serve(socket, peer);
    else {
      const refusal = this.#policy.guard.connection(peer);
      if (!refusal) {
        void this.#pipe(socket, peer);
        return;
      }
      if (refusal.rule !== undefined) this.#source(peer).denied++;
      this.#refused(socket, refusal, peer);
      socket.destroy();
    }
  }

  #track(open: Open): void {
    this.#open.add(open);
    open.socket.once('close', () => this.#open.delete(open));
  }

  /** Denied sources get a connection too: in HTTP each request has its answer, 403, which a client can tell from a broken network. */
  #serve(socket: TLSSocket, peer: Peer): void {
    const epoch = this.#epoch;
    const { log } = this.#env;
    const { maxHeadBytes: headBytes } = this.#config;
    const limits = headBytes === undefined ? this.#env.limits : { ...this.#env.limits, headBytes };
    const source = this.#source(peer);
    const planned = this.#policy.requestsOf(peer);
    const service: HttpService = {
      name: this.#name,
      log,
      limits,
      stats: this.stats,
      open: () => epoch === this.#epoch && !this.#draining,
      plan: (head) => this.observer.extend(head, planned(head)),
      ended: (exchange) => this.observer.ended(exchange, source, peer),
    };
    this.#track({ socket, peer, http: serveHttp(socket, service) });
  }

  #source({ service, datacenter }: Peer): Traffic {
    return this.observer.group({ name: service, datacenter, service: this.#app.service });
  }

  async #pipe(socket: TLSSocket, peer: Peer): Promise<void> {
    const startedAt = performance.now();
    const traffic = this.#source(peer);
    traffic.connections.total++;
    this.#track({ socket, peer });
    try {
      const watched = { counters: this.stats, observer: this.observer, traffic, peer, startedAt };
      watchedPipe(socket, await this.#app.dial(), watched);
    } catch (error) {
      this.stats.failedConnections++;
      traffic.connections.failed++;
      this.observer.connectionRefused(socket, startedAt, { reason: messageOf(error), flag: 'UF' }, peer);
      this.#env.log.log('warn', 'connection failed', { listener: this.#name, source: peer.uri, reason: messageOf(error) });
      socket.destroy();
    }
  }
}
