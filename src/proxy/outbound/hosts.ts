import type { Log } from '../../base/ports.ts';
import type { Cluster, Endpoint } from '../../compile/proxy-config.ts';
import type { Pool } from '../http/pool.ts';
import type { ClusterStats } from '../stats.ts';
import type { Balancer } from './balancers/balancer.ts';
import { newBalancer } from './balancers/policies.ts';
import { afterOutcome, atTime, DEFAULT_OUTLIER, type EjectionRules, type Outcome } from './ejection.ts';
import { Host } from './host.ts';

export interface HostsContext {
  readonly log: Log;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** Milliseconds. */
  readonly now: () => number;
  readonly newPool: () => Pool;
}

/** The hosts of a cluster: which are there, which are passed over for their failures, and whose turn it is. */
export class Hosts {
  readonly #context: HostsContext;
  readonly #stats: ClusterStats;
  readonly #startedAt: number;
  #byKey = new Map<string, Host>();
  #all: readonly Host[] = [];
  /** One for each priority, the first to be asked first. */
  #balancers: readonly Balancer[] = [];
  /** What those were made of. */
  #madeOf = '';
  #hashes = false;
  #settings: EjectionRules = DEFAULT_OUTLIER;
  #sparesLast = false;
  /** When the first of those that are ejected is due to come back. */
  #returnsAt = Number.POSITIVE_INFINITY;

  constructor(context: HostsContext, stats: ClusterStats) {
    this.#context = context;
    this.#stats = stats;
    this.#startedAt = context.now();
  }

  get all(): readonly Host[] {
    return this.#all;
  }

  /** A host is there that may be used. */
  get available(): boolean {
    this.#bringBack();
    return this.#all.some(({ ejected }) => !ejected);
  }

  /** Hosts whose endpoint stays, stay, with all that is known of them. `others` true: none does, for something else is expected of them. */
  update({ endpoints, loadBalancer, outlier, failover }: Cluster, others: boolean): void {
    this.#settings = { ...DEFAULT_OUTLIER, ...outlier };
    // Whoever asks for ejection gets Consul's, which may leave nobody; so may one that others stand in for.
    this.#sparesLast = outlier === undefined && failover === undefined;
    const before = this.#byKey;
    this.#byKey = new Map(endpoints.map((endpoint) => [keyOf(endpoint), this.#host(others ? undefined : before, endpoint)]));
    this.#all = [...this.#byKey.values()];
    for (const [key, host] of before) if (this.#byKey.get(key) !== host) host.pool.close();
    this.#noteReturns();
    // A ring or a table is dear: it stays as long as it would come out the same.
    const madeOf = JSON.stringify([endpoints, loadBalancer]);
    if (madeOf === this.#madeOf && !others) return;
    this.#madeOf = madeOf;
    this.#hashes = loadBalancer?.policy === 'ring_hash' || loadBalancer?.policy === 'maglev';
    this.#balancers = byPriority(this.#all).map((hosts) => newBalancer(loadBalancer, hosts, this.#context.random));
  }

  /**
   * The host whose turn it is, not one to avoid if there are others; undefined when there is none. Hosts of a lower priority
   * serve only when none of a higher one does. Without a hash, those that balance by it take any.
   */
  pick(hash: number | undefined, avoid: readonly Host[] | undefined): Host | undefined {
    this.#bringBack();
    const key = hash ?? (this.#hashes ? Math.floor(this.#context.random() * 2 ** 32) : 0);
    const found = (avoid && this.#first(key, avoid)) ?? this.#first(key, undefined);
    if (found || !this.#sparesLast || this.#all.length === 0) return found;
    this.#pardonAll();
    return this.#first(key, undefined);
  }

  /** What became of an attempt at a host. */
  judge(host: Host, outcome: Outcome): void {
    if (outcome === 'success' && host.outlier.errors === 0) return;
    const { now, random } = this.#context;
    host.outlier = afterOutcome(host.outlier, outcome, {
      settings: this.#settings,
      sparesLast: this.#sparesLast,
      hosts: this.#all.length,
      ejected: this.#all.filter(({ ejected }) => ejected).length,
      now: now(),
      startedAt: this.#startedAt,
      random,
    });
    if (host.ejected || host.outlier.until === 0) return;
    host.ejected = true;
    this.#stats.ejections++;
    this.#noteReturns();
    const seconds = Math.ceil((host.outlier.until - now()) / 1_000);
    this.#context.log.log('warn', 'endpoint ejected', { endpoint: host.endpoint.id, seconds, reason: 'too many failures in a row' });
  }

  close(): void {
    for (const { pool } of this.#all) pool.close();
  }

  #first(hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    for (const balancer of this.#balancers) {
      const host = balancer.pick(hash, avoid);
      if (host) return host;
    }
    return undefined;
  }

  #host(known: ReadonlyMap<string, Host> | undefined, endpoint: Endpoint): Host {
    const host = known?.get(keyOf(endpoint));
    if (!host) return new Host(endpoint, this.#context.newPool());
    host.endpoint = endpoint;
    return host;
  }

  #bringBack(): void {
    if (this.#returnsAt === Number.POSITIVE_INFINITY) return;
    const now = this.#context.now();
    if (now < this.#returnsAt) return;
    for (const host of this.#all) {
      if (!host.ejected) continue;
      host.outlier = atTime(host.outlier, now);
      if (host.outlier.until > 0) continue;
      host.ejected = false;
      this.#context.log.log('info', 'endpoint used again', { endpoint: host.endpoint.id });
    }
    this.#noteReturns();
  }

  /** Ejection that nobody has asked for doesn't take the last host: better one that fails than none. */
  #pardonAll(): void {
    for (const host of this.#all) {
      host.outlier = atTime(host.outlier, Math.max(host.outlier.until, this.#context.now()));
      host.ejected = false;
    }
    this.#noteReturns();
  }

  #noteReturns(): void {
    const due = this.#all.filter(({ ejected }) => ejected).map(({ outlier }) => outlier.until);
    this.#returnsAt = Math.min(Number.POSITIVE_INFINITY, ...due);
  }
}

function keyOf({ id, address, port }: Endpoint): string {
  return `${id} ${address} ${port}`;
}

function byPriority(hosts: readonly Host[]): (readonly Host[])[] {
  const levels = new Map<number, Host[]>();
  for (const host of hosts) {
    const priority = host.endpoint.priority ?? 0;
    const level = levels.get(priority);
    if (level) level.push(host);
    else levels.set(priority, [host]);
  }
  return [...levels].sort(([a], [b]) => a - b).map(([, level]) => level);
}
