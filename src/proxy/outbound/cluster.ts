import type { Socket } from 'node:net';
import { type Cluster, type Endpoint, type ExternalSystem, READY_ALPN } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import { NoEndpointError } from '../http/respond.ts';
import type { UpstreamSide } from '../http/sides.ts';
import { H2, HTTP1 } from '../http2/alpn.ts';
import { ClientSession } from '../http2/client-session.ts';
import { DialError, dial } from '../socket/dial.ts';
import type { ClusterStats } from '../stats.ts';
import { connectTls } from '../tls/connect.ts';
import { Originator } from '../tls/originate.ts';
import { Breaker } from './breaker.ts';
import { ClusterTarget } from './cluster-target.ts';
import { EndpointCounters } from './endpoint-counters.ts';
import type { Host } from './host.ts';
import { Hosts } from './hosts.ts';
import { RetryBudget } from './retry-budget.ts';

/** Endpoints tried for one connection: enough to step over a dead one, too few to knock at a whole dead service for long. */
const MAX_ATTEMPTS = 4;

/** So long a cluster whose endpoints could not be reached is passed over, if another stands in for it. */
const UNREACHABLE_MS = 2_000;

/** A cluster at work: whose turn it is, and the connections that are open. Outlives changes of its configuration. */
export class UpstreamCluster {
  readonly stats: ClusterStats = { connects: 0, connectFailures: 0, failovers: 0, ejections: 0, overflows: 0 };
  readonly breaker: Breaker;
  readonly retries: RetryBudget;
  readonly hosts: Hosts;
  readonly counters = new EndpointCounters();
  readonly #env: Environment;
  readonly #identity: string;
  readonly #originator = new Originator();
  #config: Cluster;
  #unreachableUntil = 0;
  readonly #closed = () => this.breaker.closed();

  /** `identity` is the sidecar's own. */
  constructor(env: Environment, identity: string, config: Cluster) {
    this.#env = env;
    this.#identity = identity;
    this.#config = config;
    this.breaker = new Breaker(config.service, config.limits, this.stats);
    this.retries = new RetryBudget(config.retryBudget, () => this.breaker.requests);
    const now = () => env.clock.now();
    const newPool = () => new Pool(env.limits.poolIdleMs, now);
    this.hosts = new Hosts({ log: env.log, random: env.random, now, newPool }, this.stats);
    this.hosts.update(config, true);
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
    return this.hosts.available && this.#env.clock.now() >= this.#unreachableUntil;
  }

  /** How long hosts take to answer is of interest. */
  get measures(): boolean {
    return this.#config.loadBalancer?.policy === 'peak_ewma';
  }

  /** Hosts that stay, with the same expected identity, stay with their pools. */
  update(config: Cluster): void {
    const known = new Set(this.hosts.all);
    const others = expectation(config) !== expectation(this.#config);
    this.#config = config;
    this.hosts.update(config, others);
    this.counters.retain(config.endpoints);
    this.breaker.update(config.limits);
    this.retries.update(config.retryBudget);
    if (this.hosts.all.some((host) => !known.has(host))) this.#unreachableUntil = 0;
  }

  close(): void {
    this.hosts.close();
  }

  /** One request's way into it. `hash`: of the request, for those that balance by it. */
  target(hash?: number): ClusterTarget {
    return new ClusterTarget(this, hash, undefined);
  }

  /** A mutual-TLS connection to an endpoint that has proved the service's identity; to a system outside of the mesh as it wants it. */
  async dial(alpn?: typeof READY_ALPN): Promise<Socket> {
    const first = this.hosts.pick(undefined, undefined);
    if (!first) throw this.nobody();
    if (alpn) return (await this.#dialFrom(first, undefined, [alpn])).socket;
    this.breaker.connectionNow();
    const { socket, host } = await this.#dialWithLeave(first, undefined);
    // Of bytes nothing else shows how it fares.
    this.hosts.judge(host, 'success');
    host.active++;
    socket.once('close', () => host.active--);
    return socket;
  }

  /** Room on a connection to the host whose turn it is, or to the next one that can be reached. `owner` is who may have to wait for it. */
  async connect(owner: object, first: Host, hash: number | undefined): Promise<Connected> {
    if (!this.#config.protocol) return this.#connectAnew(owner, first, hash);
    let host = first;
    const connection = await first.pool.takeOrDial(async () => {
      // Others wait for it too: it is not given up when the first of them leaves.
      const anew = await this.#connectAnew(first, first, hash);
      host = anew.host;
      return anew.connection;
    });
    return { connection, host };
  }

  async #connectAnew(owner: object, first: Host, hash: number | undefined): Promise<Connected> {
    const waiting = this.breaker.connection(owner, first);
    // One that idles elsewhere gives way: limits are for the whole cluster.
    if (this.breaker.contended) this.hosts.all.some(({ pool }) => pool.evict());
    const free = await waiting;
    if (free) return { connection: free, host: first };
    const { protocol, external } = this.#config;
    const { socket, host } = await this.#dialWithLeave(first, hash, protocol && [H2, HTTP1]);
    const { headBytes, poolIdleMs } = this.#env.limits;
    if (protocol && speaksHttp2(socket, external)) {
      const session = new ClientSession(socket, headBytes, poolIdleMs, external?.tls ? 'https' : 'http');
      session.onIdle = () => {
        if (this.breaker.contended) session.retire();
      };
      return { connection: host.pool.share(session), host };
    }
    const connection = new ClientConnection(socket, headBytes);
    host.pool.adopt(connection, (idle) => this.breaker.offer(idle, host));
    return { connection, host };
  }

  /** False, and counted, when the retry budget is used up. */
  mayRetry(): boolean {
    if (this.retries.open) return true;
    this.stats.overflows++;
    return false;
  }

  nobody(): NoEndpointError {
    const { service, outlier } = this.#config;
    const { length } = this.hosts.all;
    const by = outlier ? `, by PassiveHealthCheck of ${outlier.from}` : '';
    const ejected = length === 0 ? '' : `: all ${length} were ejected after failures in a row${by}`;
    return new NoEndpointError(`no healthy instances of ${service}${ejected}`);
  }

  async #dialWithLeave(first: Host, hash: number | undefined, alpn?: readonly string[]): Promise<{ socket: Socket; host: Host }> {
    try {
      const dialled = await this.#dialFrom(first, hash, alpn);
      dialled.socket.once('close', this.#closed);
      return dialled;
    } catch (error) {
      this.breaker.closed();
      throw error;
    } finally {
      this.breaker.dialled();
    }
  }

  async #dialFrom(first: Host, hash: number | undefined, alpn?: readonly string[]): Promise<{ socket: Socket; host: Host }> {
    const tried: Host[] = [];
    for (let host = first; ; ) {
      try {
        const socket = await this.#connect(host, alpn);
        this.#unreachableUntil = 0;
        return { socket, host };
      } catch (error) {
        this.stats.connectFailures++;
        this.counters.of(host.endpoint).connectFailures++;
        // Whether an upstream is ready is asked as long as it isn't, which is no reason to give up on it.
        if (!alpn?.includes(READY_ALPN)) this.hosts.judge(host, 'gateway');
        tried.push(host);
        const next = tried.length < MAX_ATTEMPTS ? this.hosts.pick(hash, tried) : undefined;
        if (!next || tried.includes(next)) {
          this.#unreachableUntil = this.#env.clock.now() + UNREACHABLE_MS;
          throw error;
        }
        const { name } = this.#config;
        this.#env.log.log('info', 'endpoint skipped', { cluster: name, endpoint: host.endpoint.id, reason: (error as Error).message });
        host = next;
      }
    }
  }

  async #connect({ endpoint: at }: Host, alpn: readonly string[] | undefined): Promise<Socket> {
    const { external } = this.#config;
    if (external) return this.#leaveMesh(external, at, alpn);
    const own = this.#env.identities.get(this.#identity, this.#config.tls);
    if (!own) throw new DialError('tls', `there is no certificate yet for ${this.#identity}`);
    const { sni, identities, connectTimeoutMs: timeoutMs } = this.#config;
    const startedAt = performance.now();
    const socket = await connectTls(own, { at, sni, identities, timeoutMs, ...(alpn === undefined ? {} : { alpn }) }, () =>
      this.#env.clock.now(),
    );
    this.stats.connects++;
    this.counters.of(at).connected(socket, this.#config.name, startedAt, socket.isSessionReused());
    return socket;
  }

  async #leaveMesh({ tls }: ExternalSystem, at: Endpoint, alpn: readonly string[] | undefined): Promise<Socket> {
    const { connectTimeoutMs } = this.#config;
    const startedAt = performance.now();
    const socket = await (tls ? this.#originator.connect(at, tls, connectTimeoutMs, alpn) : dial(at, connectTimeoutMs));
    this.stats.connects++;
    this.counters.of(at).connected(socket, this.#config.name, startedAt, false);
    return socket;
  }
}

/** Room for one exchange, and where. */
export interface Connected {
  readonly connection: UpstreamSide;
  readonly host: Host;
}

/**
 * What has been agreed on counts: another sidecar may have learnt of a change of protocol later than this one, or sooner. A system
 * outside that knows nothing of ALPN, or has no TLS, is taken at the configuration's word, as in Envoy.
 */
function speaksHttp2(socket: Socket, external: ExternalSystem | undefined): boolean {
  const agreed = 'alpnProtocol' in socket && socket.alpnProtocol;
  return agreed ? agreed === H2 : external !== undefined;
}

/** Connections that were made with another one are of no use. */
function expectation({ sni, identities, protocol, external, tls }: Cluster): string {
  return `${protocol ?? ''} ${sni} ${identities.join(' ')} ${JSON.stringify([external, tls])}`;
}
