import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Protocol, TerminatedService, TerminatingListener } from '../../compile/proxy-config.ts';
import { type Drainable, Drains } from '../drains.ts';
import type { Environment } from '../environment.ts';
import { NoEndpointError } from '../http/respond.ts';
import type { HttpTarget } from '../http/service.ts';
import type { Observer } from '../observe/observer.ts';
import { refuseConnection } from '../observe/refuse-connection.ts';
import type { UpstreamCluster } from '../outbound/cluster.ts';
import { OpenSockets } from '../socket/open-sockets.ts';
import { type ListenerStats, newListenerStats } from '../stats.ts';
import { TlsAcceptor } from '../tls/accept.ts';
import type { Identity } from '../tls/identities.ts';
import type { Peer } from '../tls/peer.ts';
import type { Backend } from './backend.ts';
import { Inbound } from './inbound.ts';

type Clusters = ReadonlyMap<string, UpstreamCluster>;

/** A terminating gateway: the name that a handshake asks for says which service it stands for on this connection. */
export class Terminating implements Drainable {
  readonly stats = newListenerStats();
  /** Its groups are sources, of all services together. */
  readonly observer: Observer;
  readonly #sockets = new OpenSockets(this.stats);
  readonly #env: Environment;
  readonly #name: string;
  readonly #clusters: Clusters;
  /** By SNI. */
  readonly #services = new Map<string, Terminated>();
  readonly #leaving = new Drains<Inbound<TerminatedService>>();
  #tls: TlsAcceptor | undefined;

  /** `clusters` are the gateway's, always current. */
  constructor(env: Environment, name: string, clusters: Clusters, config: TerminatingListener, observer: Observer) {
    this.#env = env;
    this.#name = name;
    this.#clusters = clusters;
    this.observer = observer;
    this.update(config);
  }

  update({ services }: TerminatingListener): void {
    const wanted = new Map(services.map((service) => [service.sni, service]));
    for (const [sni, { config, inbound }] of this.#services) {
      if (wanted.get(sni)?.identity === config.identity) continue;
      this.#services.delete(sni);
      this.#leaving.retire(inbound, this.#env.limits.drainMs);
    }
    for (const [sni, config] of wanted) {
      const present = this.#services.get(sni);
      if (present) present.inbound.update(config);
      const inbound = present?.inbound ?? this.#newInbound(config);
      this.#services.set(sni, { config, inbound });
    }
    this.refreshIdentity();
  }

  /** Any identity will do to begin with: none is shown that was not asked for by name. */
  refreshIdentity(): void {
    const identity = [...this.#services.values()].map(({ config }) => this.#identity(config)).find((one) => one !== undefined);
    if (!identity) this.#tls = undefined;
    else if (this.#tls) this.#tls.update(identity);
    else {
      const events = {
        connection: (socket: TLSSocket, peer: Peer, ready: boolean) => this.#connected(socket, peer, ready),
        refused: (reason: string, socket: Socket) => this.#refused(socket, reason),
      };
      const { handshakeMs } = this.#env.limits;
      this.#tls = new TlsAcceptor(
        identity,
        handshakeMs,
        () => this.#env.clock.now(),
        events,
        (name) => {
          const found = this.#services.get(name);
          return found && this.#identity(found.config)?.context;
        },
      );
    }
  }

  accept(socket: Socket): void {
    this.#sockets.add(socket);
    this.observer.opened(socket);
    if (this.#tls) this.#tls.accept(socket);
    else {
      this.#refused(socket, 'there is no certificate yet for any service of this gateway');
      socket.destroy();
    }
  }

  async drain(deadlineMs: number): Promise<void> {
    const inbounds = Array.from(this.#services.values(), ({ inbound }) => inbound.drain(deadlineMs));
    await Promise.all([...inbounds, this.#leaving.hasten(deadlineMs), this.#sockets.drained(deadlineMs, () => undefined)]);
  }

  /** By `<listener>/<SNI>`. */
  serviceStats(): [string, ListenerStats][] {
    return Array.from(this.#services, ([sni, { inbound }]) => [`${this.#name}/${sni}`, inbound.stats]);
  }

  serviceViews(): { readonly protocol: Protocol; readonly stats: ListenerStats }[] {
    return Array.from(this.#services.values(), ({ config: { protocol }, inbound: { stats } }) => ({ protocol, stats }));
  }

  #newInbound(config: TerminatedService): Inbound<TerminatedService> {
    const name = `${this.#name}/${config.service}`;
    return new Inbound(this.#env, name, config.identity, new Outside(this.#clusters, config), config, this.observer);
  }

  #identity({ identity, tls }: TerminatedService): Identity | undefined {
    return this.#env.identities.get(identity, tls);
  }

  #connected(socket: TLSSocket, peer: Peer, ready: boolean): void {
    const name = socket.servername;
    const found = name ? this.#services.get(name) : undefined;
    if (found) found.inbound.join(socket, peer, ready);
    else {
      this.#refused(socket, `${peer.uri} asked for no service by name`, peer);
      socket.destroy();
    }
  }

  #refused(socket: Socket, reason: string, peer?: Peer): void {
    refuseConnection({ env: this.#env, name: this.#name, stats: this.stats, observer: this.observer }, socket, { reason }, peer);
  }
}

interface Terminated {
  readonly config: TerminatedService;
  readonly inbound: Inbound<TerminatedService>;
}

/** Instances of a service outside of the mesh. */
class Outside implements Backend<TerminatedService> {
  readonly service: string;
  readonly #clusters: Clusters;
  #config: TerminatedService;

  constructor(clusters: Clusters, config: TerminatedService) {
    this.service = config.service;
    this.#clusters = clusters;
    this.#config = config;
  }

  update(config: TerminatedService): void {
    this.#config = config;
  }

  async dial(): Promise<Socket> {
    const cluster = this.#clusters.get(this.#config.cluster);
    if (!cluster) throw this.#gone();
    return await cluster.dial();
  }

  target(): HttpTarget {
    const cluster = this.#clusters.get(this.#config.cluster);
    return cluster?.target() ?? { name: this.service, take: () => undefined, dial: () => Promise.reject(this.#gone()) };
  }

  /** The gateway's clusters are closed by the one whom they belong to. */
  close(): void {
    // Nothing of its own.
  }

  #gone(): NoEndpointError {
    return new NoEndpointError(`${this.service} is no longer reached through this gateway`);
  }
}
