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

/** Endpoints tried for one connection: enough to step over a dead one, too few to knock at a whole dead service for long. */
const MAX_ATTEMPTS = 4;

/** A cluster at work: whose turn it is, and the connections that are open. Outlives changes of its configuration. */
export class UpstreamCluster {
  readonly stats: ClusterStats = { connects: 0, connectFailures: 0 };
  readonly #env: Environment;
  readonly #identity: string;
  readonly #balance = new RoundRobin();
  #config: Cluster;
  #pools = new Map<string, Pool>();
  #closed = false;

  /** `identity` is the sidecar's own. */
  constructor(env: Environment, identity: string, config: Cluster) {
    this.#env = env;
    this.#identity = identity;
    this.#config = config;
  }

  get service(): string {
    return this.#config.service;
  }

  /** Pools of endpoints that stay, with the same expected identity, stay too. */
  update(config: Cluster): void {
    this.#config = config;
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

  /** One HTTP request's way to an endpoint. */
  target(): HttpTarget {
    const config = this.#config;
    const first = this.#balance.next(config.endpoints);
    return {
      name: config.service,
      take: () => first && this.#pools.get(poolKey(config, first))?.take(),
      dial: async () => {
        const { socket, endpoint } = await this.#dialFrom(config, first);
        const connection = new ClientConnection(socket, this.#env.limits.headBytes);
        // A pool whose endpoint has gone meanwhile isn't made anew: this connection serves its request and closes.
        if (!this.#closed && (config === this.#config || this.#pools.has(poolKey(config, endpoint))))
          this.#pool(config, endpoint).adopt(connection);
        return connection;
      },
    };
  }

  /** A mutual-TLS connection to an endpoint that has proved the service's identity. */
  async dial(alpn?: string): Promise<TLSSocket> {
    const config = this.#config;
    return (await this.#dialFrom(config, this.#balance.next(config.endpoints), alpn)).socket;
  }

  async #dialFrom(config: Cluster, first: Endpoint | undefined, alpn?: string): Promise<{ socket: TLSSocket; endpoint: Endpoint }> {
    if (!first) throw new NoEndpointError(`no healthy instances of ${config.service}`);
    const start = config.endpoints.indexOf(first);
    const attempts = Math.min(config.endpoints.length, MAX_ATTEMPTS);
    for (let i = 0; ; i++) {
      const endpoint = config.endpoints[(start + i) % config.endpoints.length]!;
      try {
        return { socket: await this.#connect(config, endpoint, alpn), endpoint };
      } catch (error) {
        this.stats.connectFailures++;
        if (i + 1 >= attempts) throw error;
        this.#env.log.log('info', 'endpoint skipped', { cluster: config.name, endpoint: endpoint.id, reason: (error as Error).message });
      }
    }
  }

  async #connect(config: Cluster, at: Endpoint, alpn: string | undefined): Promise<TLSSocket> {
    const own = this.#env.identities.get(this.#identity);
    if (!own) throw new DialError('tls', `there is no certificate yet for ${this.#identity}`);
    const { sni, identities, connectTimeoutMs: timeoutMs } = config;
    const socket = await connectTls(own, { at, sni, identities, timeoutMs, ...(alpn === undefined ? {} : { alpn }) }, () =>
      this.#env.clock.now(),
    );
    this.stats.connects++;
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

function poolKey(cluster: Cluster, endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port} ${cluster.sni} ${cluster.identities.join(' ')}`;
}
