import type { HttpTarget } from '../http/service.ts';
import type { UpstreamSide } from '../http/sides.ts';
import { observeLatency } from './balancers/peak-ewma.ts';
import type { UpstreamCluster } from './cluster.ts';
import type { Host } from './host.ts';

/** One attempt's way into a cluster: a host in its turn, and others if that can't be reached. */
export class ClusterTarget implements HttpTarget {
  readonly #cluster: UpstreamCluster;
  readonly #hash: number | undefined;
  /** Where earlier attempts of the same request went. */
  readonly #used: readonly Host[] | undefined;
  /** The one that was asked first, and the one that was reached. */
  #first: Host | undefined;
  #host: Host | undefined;
  #entered = false;
  /** Of a retry, until it is over. */
  #retrying: boolean;
  #startedAt = 0;

  constructor(cluster: UpstreamCluster, hash: number | undefined, used: readonly Host[] | undefined) {
    this.#cluster = cluster;
    this.#hash = hash;
    this.#used = used;
    this.#retrying = used !== undefined;
    if (used) cluster.retries.began();
  }

  get name(): string {
    return this.#cluster.service;
  }

  take(): UpstreamSide | undefined {
    return this.#enter() ? this.#host?.pool.take() : undefined;
  }

  async dial(): Promise<UpstreamSide> {
    const cluster = this.#cluster;
    if (!this.#enter()) throw cluster.breaker.tooManyRequests();
    if (!this.#host) throw cluster.nobody();
    const { connection, host } = await cluster.connect(this, this.#host, this.#hash);
    if (host !== this.#host) this.#move(host);
    return connection;
  }

  answered(status: number): void {
    const host = this.#host;
    if (!host) return;
    const { hosts, measures } = this.#cluster;
    if (measures) {
      const now = performance.now();
      observeLatency(host, now - this.#startedAt, now);
    }
    hosts.judge(host, status === 0 || (status >= 502 && status <= 504) ? 'gateway' : status >= 500 ? 'error' : 'success');
  }

  mayRetry(): boolean {
    return this.#cluster.mayRetry();
  }

  over(): void {
    if (this.#retrying) this.#cluster.retries.ended();
    this.#retrying = false;
    if (!this.#entered) return;
    this.#entered = false;
    const { breaker } = this.#cluster;
    breaker.leave();
    if (breaker.contended) breaker.forget(this);
    if (this.#host) this.#host.active--;
    this.#host = undefined;
  }

  again(): ClusterTarget {
    const used = [...(this.#used ?? [])];
    for (const host of [this.#first, this.#host]) if (host && !used.includes(host)) used.push(host);
    return new ClusterTarget(this.#cluster, this.#hash, used);
  }

  /** False: too many requests are under way. */
  #enter(): boolean {
    if (this.#entered) return true;
    if (!this.#cluster.breaker.enter()) return false;
    this.#entered = true;
    if (this.#cluster.measures) this.#startedAt = performance.now();
    this.#first = this.#cluster.hosts.pick(this.#hash, this.#used);
    if (this.#first) this.#move(this.#first);
    return true;
  }

  #move(to: Host): void {
    if (this.#host) this.#host.active--;
    // The request may have ended while its connection was made.
    if (!this.#entered) return;
    this.#host = to;
    to.active++;
  }
}
