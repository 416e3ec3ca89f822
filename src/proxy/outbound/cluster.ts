import type { TLSSocket } from 'node:tls';
import type { Cluster, Endpoint } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import { NoEndpointError } from '../http/respond.ts';
import type { HttpTarget } from '../http/service.ts';
import { DialError } from '../socket/dial.ts';
import type { ClusterStats } from '../stats.ts';
import { connectTls } from '../tls/connect.ts';
import { RoundRobin } from './balance.ts';
import { EndpointCounters } from './endpoint-counters.ts';

/** Endpoints tried for one connection: enough to step over a dead one, too few to knock at a whole dead service for long. */
const MAX_ATTEMPTS = 4;

/** So long a cluster whose endpoints could not be reached is passed over, if another stands in for it. */
const UNREACHABLE_MS = 2_000;
const NONE: ReadonlySet<string> = new Set();

/** A cluster at work: whose turn it is, and the connections that are open. Outlives changes of its configuration. */
export class UpstreamCluster {
  readonly stats: ClusterStats = { connects: 0, connectFailures: 0, failovers: 0 };
  readonly #env: Environment;
  readonly #identity: string;
  readonly counters = new EndpointCounters();
  readonly #balance = new RoundRobin();
  #config: Cluster;
  #pools = new Map<string, Pool>();
  #closed = false;
  #unreachableUntil = 0;

  /** `identity` is the sidecar's own. */
  constructor(env: Environment, identity: string, config: Cluster) {
    this.#env = env;
    this.#identity = identity;
    this.#config = config;
  }

  get name(): string {
    return this.#config.name;
  }

  get service(): string {
    return this.#config.service;
  }

  get requestTimeoutMs(): number | undefined {
    return this.#config.requestTimeoutMs;
  }

  /** Names of the clusters to use in its place, in order. */
  get failover(): readonly string[] {
    return this.#config.failover ?? [];
  }

  get reachable(): boolean {
    return this.#config.endpoints.length > 0 && this.#env.clock.now() >= this.#unreachableUntil;
  }

  /** Pools of endpoints that stay, with the same expected identity, stay too. */
  update(config: Cluster): void {
    const before = new Set(this.#config.endpoints.map((endpoint) => poolKey(this.#config, endpoint)));
    if (config.endpoints.some((endpoint) => !before.has(poolKey(config, endpoint)))) this.#unreachableUntil = 0;
    this.#config = config;
    this.counters.retain(config.endpoints);
    const keep = new Set(config.endpoints.map((endpoint) => poolKey(config, endpoint)));
    for (const [key, pool] of this.#pools) {
      if (keep.has(key)) continue;
      this.#pools.delete(key);
      pool.close();
    }
  }

  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
    this.#pools.clear();
  }

  /** `used` are ids of endpoints that earlier attempts of the same request went to. */
  target(used: ReadonlySet<string> = NONE): ClusterTarget {
    const config = this.#config;
    return new ClusterTarget(this, config, this.#balance.next(config.endpoints, used), used);
  }

  /** A mutual-TLS connection to an endpoint that has proved the service's identity. */
  async dial(alpn?: string): Promise<TLSSocket> {
    const config = this.#config;
    return (await this.#dialFrom(config, this.#balance.next(config.endpoints), alpn)).socket;
  }

  /** An idle connection. */
  take(config: Cluster, endpoint: Endpoint): ClientConnection | undefined {
    return this.#pools.get(poolKey(config, endpoint))?.take();
  }

  /** A new connection to the endpoint whose turn it is, or the next one that can be reached. */
  async connect(config: Cluster, first: Endpoint | undefined): Promise<{ connection: ClientConnection; endpoint: Endpoint }> {
    const { socket, endpoint } = await this.#dialFrom(config, first);
    const connection = new ClientConnection(socket, this.#env.limits.headBytes);
    connection.reached = { cluster: config.name, stats: this.counters.of(endpoint) };
    // A pool whose endpoint has gone meanwhile isn't made anew: this connection serves its request and closes.
    if (!this.#closed && (config === this.#config || this.#pools.has(poolKey(config, endpoint))))
      this.#pool(config, endpoint).adopt(connection);
    return { connection, endpoint };
  }

  async #dialFrom(config: Cluster, first: Endpoint | undefined, alpn?: string): Promise<{ socket: TLSSocket; endpoint: Endpoint }> {
    if (!first) throw new NoEndpointError(`no healthy instances of ${config.service}`);
    const start = config.endpoints.indexOf(first);
    const attempts = Math.min(config.endpoints.length, MAX_ATTEMPTS);
    for (let i = 0; ; i++) {
      const endpoint = config.endpoints[(start + i) % config.endpoints.length]!;
      try {
        const socket = await this.#connect(config, endpoint, alpn);
        this.#unreachableUntil = 0;
        return { socket, endpoint };
      } catch (error) {
        this.stats.connectFailures++;
        this.counters.of(endpoint).connectFailures++;
        if (i + 1 >= attempts) {
          this.#unreachableUntil = this.#env.clock.now() + UNREACHABLE_MS;
          throw error;
        }
        this.#env.log.log('info', 'endpoint skipped', { cluster: config.name, endpoint: endpoint.id, reason: (error as Error).message });
      }
    }
  }

  async #connect(config: Cluster, at: Endpoint, alpn: string | undefined): Promise<TLSSocket> {
    const own = this.#env.identities.get(this.#identity);
    if (!own) throw new DialError('tls', `there is no certificate yet for ${this.#identity}`);
    const { sni, identities, connectTimeoutMs: timeoutMs } = config;
    const startedAt = performance.now();
    const socket = await connectTls(own, { at, sni, identities, timeoutMs, ...(alpn === undefined ? {} : { alpn }) }, () =>
      this.#env.clock.now(),
    );
    this.stats.connects++;
    this.counters.of(at).connected(socket, startedAt, socket.isSessionReused());
    return socket;
  }

  #pool(config: Cluster, endpoint: Endpoint): Pool {
    const key = poolKey(config, endpoint);
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = new Pool(this.#env.limits.poolIdleMs, () => this.#env.clock.now());
      this.#pools.set(key, pool);
    }
    return pool;
  }
}

/** One attempt's way into a cluster: an endpoint in its turn, and others if that can't be reached. */
export class ClusterTarget implements HttpTarget {
  readonly #cluster: UpstreamCluster;
  readonly #config: Cluster;
  readonly #first: Endpoint | undefined;
  readonly #used: ReadonlySet<string>;
  #reached: Endpoint | undefined;

  constructor(cluster: UpstreamCluster, config: Cluster, first: Endpoint | undefined, used: ReadonlySet<string>) {
    this.#cluster = cluster;
    this.#config = config;
    this.#first = first;
    this.#used = used;
  }

  get name(): string {
    return this.#config.service;
  }

  take(): ClientConnection | undefined {
    return this.#first && this.#cluster.take(this.#config, this.#first);
  }

  async dial(): Promise<ClientConnection> {
    const { connection, endpoint } = await this.#cluster.connect(this.#config, this.#first);
    this.#reached = endpoint;
    return connection;
  }

  again(): ClusterTarget {
    const latest = [this.#first?.id, this.#reached?.id].filter((id) => id !== undefined);
    return this.#cluster.target(new Set([...this.#used, ...latest]));
  }
}

function poolKey(cluster: Cluster, endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port} ${cluster.sni} ${cluster.identities.join(' ')}`;
}
