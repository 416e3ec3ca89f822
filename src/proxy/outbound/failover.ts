import type { Socket } from 'node:net';
import { messageOf } from '../../base/errors.ts';
import type { READY_ALPN } from '../../compile/proxy-config.ts';
import { NoEndpointError, OverflowError } from '../http/respond.ts';
import type { HttpTarget } from '../http/service.ts';
import type { UpstreamSide } from '../http/sides.ts';
import type { UpstreamCluster } from './cluster.ts';
import type { ClusterTarget } from './cluster-target.ts';

/** Where a split leads: one cluster, or one with others that stand in for it. */
export interface Upstream {
  readonly service: string;
  /** Milliseconds; 0: none. */
  readonly requestTimeoutMs: number | undefined;
  /** One HTTP request's way to an endpoint; `hash` is its own, 32 bits without a sign, for clusters that balance by it. */
  target(hash?: number): HttpTarget;
  /** A mutual-TLS connection to an endpoint that has proved the service's identity. */
  dial(alpn?: typeof READY_ALPN): Promise<Socket>;
}

/** The cluster of that name with what its configuration has for the case that it can't be reached. */
export function upstreamOf(name: string, clusters: ReadonlyMap<string, UpstreamCluster>): Upstream | undefined {
  const first = clusters.get(name);
  if (!first || first.failover.length === 0) return first;
  const others = first.failover.map((other) => clusters.get(other)).filter((cluster) => cluster !== undefined);
  return others.length === 0 ? first : new Failover(first, others);
}

/** Consul: sequential failover. The first cluster that can be reached serves; one that can't is asked again after a while. */
class Failover implements Upstream {
  readonly #first: UpstreamCluster;
  readonly #all: readonly UpstreamCluster[];

  constructor(first: UpstreamCluster, others: readonly UpstreamCluster[]) {
    this.#first = first;
    this.#all = [first, ...others];
  }

  get service(): string {
    return this.#first.service;
  }

  get requestTimeoutMs(): number | undefined {
    return this.#first.requestTimeoutMs;
  }

  target(hash?: number): HttpTarget {
    return new FailoverTarget(this.#first, (cluster) => cluster.target(hash), this.#order());
  }

  dial(alpn?: typeof READY_ALPN): Promise<Socket> {
    return inOrder(this.#first, this.#order(), (cluster) => cluster.dial(alpn));
  }

  /** Those that could not be reached of late come last: better a knock at their door than none. */
  #order(): readonly UpstreamCluster[] {
    if (this.#first.reachable) return this.#all;
    return [...this.#all.filter((cluster) => cluster.reachable), ...this.#all.filter((cluster) => !cluster.reachable)];
  }
}

class FailoverTarget implements HttpTarget {
  readonly #first: UpstreamCluster;
  readonly #order: readonly UpstreamCluster[];
  readonly #targets = new Map<UpstreamCluster, ClusterTarget>();
  readonly #make: (cluster: UpstreamCluster) => ClusterTarget;
  #latest: ClusterTarget | undefined;

  constructor(first: UpstreamCluster, make: (cluster: UpstreamCluster) => ClusterTarget, order: readonly UpstreamCluster[]) {
    this.#first = first;
    this.#make = make;
    this.#order = order;
  }

  get name(): string {
    return this.#first.service;
  }

  take(): UpstreamSide | undefined {
    return this.#target(this.#order[0]!).take();
  }

  dial(): Promise<UpstreamSide> {
    return inOrder(this.#first, this.#order, (cluster) => this.#target(cluster).dial());
  }

  again(): HttpTarget {
    return new FailoverTarget(this.#first, (cluster) => this.#targets.get(cluster)?.again() ?? this.#make(cluster), this.#order);
  }

  mayRetry(): boolean {
    return this.#first.mayRetry();
  }

  answered(status: number): void {
    this.#latest?.answered(status);
  }

  over(): void {
    for (const target of this.#targets.values()) target.over();
  }

  #target(cluster: UpstreamCluster): ClusterTarget {
    let target = this.#targets.get(cluster);
    if (!target) {
      target = this.#make(cluster);
      this.#targets.set(cluster, target);
    }
    this.#latest = target;
    return target;
  }
}

/** Rejects with the first DialError, for that is where a request was meant to go; without any, nobody had endpoints. */
async function inOrder<T>(
  first: UpstreamCluster,
  order: readonly UpstreamCluster[],
  dial: (cluster: UpstreamCluster) => Promise<T>,
): Promise<T> {
  const failures = new Map<UpstreamCluster, unknown>();
  for (const cluster of order) {
    try {
      const connection = await dial(cluster);
      if (cluster !== first) cluster.stats.failovers++;
      return connection;
    } catch (error) {
      // Nobody stands in for a cluster that has enough to do: they would be next.
      if (error instanceof OverflowError) throw error;
      failures.set(cluster, error);
    }
  }
  const own = failures.get(first);
  const errors = [own, ...failures.values()];
  const others = order.filter((cluster) => cluster !== first).map((cluster) => cluster.name);
  throw (
    errors.find((error) => !(error instanceof NoEndpointError)) ??
    new NoEndpointError(`${messageOf(own)}, nor of its failover ${others.join(', ')}`)
  );
}
