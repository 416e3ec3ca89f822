import type { ClusterLimits } from '../../compile/proxy-config.ts';
import type { ClientConnection } from '../http/client-connection.ts';
import { OverflowError } from '../http/respond.ts';
import type { ClusterStats } from '../stats.ts';
import type { Host } from './host.ts';

/** A request that waits for one of as many connections as there may be. */
interface Waiter {
  readonly owner: object;
  readonly host: Host;
  /** With a connection to the host, or with leave to make one. */
  readonly go: (connection: ClientConnection | undefined) => void;
}

/**
 * Envoy's circuit breakers: what a cluster may have under way at the same time. Counts live as long as the cluster, so that a
 * change of the limits holds for what is there already.
 */
export class Breaker {
  readonly #service: string;
  readonly #stats: ClusterStats;
  #limits: ClusterLimits | undefined;
  #requests = 0;
  #connections = 0;
  #dialing = 0;
  readonly #waiting: Waiter[] = [];

  /** `service` is named in reasons. */
  constructor(service: string, limits: ClusterLimits | undefined, stats: ClusterStats) {
    this.#service = service;
    this.#stats = stats;
    this.#limits = limits;
  }

  update(limits: ClusterLimits | undefined): void {
    this.#limits = limits;
    while (this.#waiting.length > 0 && this.#connections < this.#maxConnections) this.#grant(this.#waiting.shift()!);
  }

  /** Under way. */
  get requests(): number {
    return this.#requests;
  }

  /** Somebody waits for a connection to end or to be free. */
  get contended(): boolean {
    return this.#waiting.length > 0;
  }

  /** False: too many requests are under way. Each that is let in must leave. */
  enter(): boolean {
    if (this.#limits?.maxConcurrentRequests !== undefined && this.#requests >= this.#limits.maxConcurrentRequests) return false;
    this.#requests++;
    return true;
  }

  leave(): void {
    this.#requests--;
  }

  tooManyRequests(): OverflowError {
    return this.#overflow('MaxConcurrentRequests', this.#limits?.maxConcurrentRequests);
  }

  /**
   * Leave to make a connection, or one to this host that has become free; resolves at once as a rule. Throws an OverflowError when
   * too many wait. What it gives leave for must be told of by `dialled` and, when it is no more, by `closed`.
   */
  async connection(owner: object, host: Host): Promise<ClientConnection | undefined> {
    const { maxPendingRequests: max } = this.#limits ?? {};
    if (max !== undefined && this.#dialing + this.#waiting.length >= max) throw this.#overflow('MaxPendingRequests', max);
    if (this.#waiting.length > 0 || this.#connections >= this.#maxConnections)
      return new Promise((go) => this.#waiting.push({ owner, host, go }));
    this.#begin();
    return undefined;
  }

  /** For byte pipes, which don't wait: a client that has connected would take the silence for the server's. */
  connectionNow(): void {
    if (this.#connections >= this.#maxConnections) throw this.#overflow('MaxConnections', this.#limits?.maxConnections);
    this.#begin();
  }

  /** A dial that had leave is over, one way or the other. */
  dialled(): void {
    this.#dialing--;
  }

  closed(): void {
    this.#connections--;
    if (this.#waiting.length > 0 && this.#connections < this.#maxConnections) this.#grant(this.#waiting.shift()!);
  }

  /** True: a connection to this host that has become free is somebody's now, or was ended to make room for one to another host. */
  offer(connection: ClientConnection, host: Host): boolean {
    const [first] = this.#waiting;
    if (!first) return false;
    if (first.host === host) {
      this.#waiting.shift();
      first.go(connection);
    } else connection.destroy();
    return true;
  }

  /** It doesn't wait any more. */
  forget(owner: object): void {
    const at = this.#waiting.findIndex((waiter) => waiter.owner === owner);
    if (at !== -1) this.#waiting.splice(at, 1);
  }

  get #maxConnections(): number {
    return this.#limits?.maxConnections ?? Number.POSITIVE_INFINITY;
  }

  #begin(): void {
    this.#connections++;
    this.#dialing++;
  }

  #grant(waiter: Waiter): void {
    this.#begin();
    waiter.go(undefined);
  }

  #overflow(limit: string, value: number | undefined): OverflowError {
    this.#stats.overflows++;
    return new OverflowError(`${this.#service}: overflow, ${limit} ${value} of ${this.#limits?.from} is reached`);
  }
}
