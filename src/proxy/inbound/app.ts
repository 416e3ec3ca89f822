import type { Socket } from 'node:net';
import { type InboundListener, isHttp2, type SocketAddress } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import type { HttpTarget } from '../http/service.ts';
import type { UpstreamSide } from '../http/sides.ts';
import { ClientSession } from '../http2/client-session.ts';
import { EndpointStats } from '../observe/endpoint-stats.ts';
import { describeAddress, dial } from '../socket/dial.ts';
import type { Backend } from './backend.ts';

type AppAddress = Pick<InboundListener, 'app' | 'connectTimeoutMs' | 'protocol'>;

/** Consul's name for it as a cluster. */
const LOCAL_APP = 'local_app';

/** The application behind an inbound listener: plain connections over loopback, of HTTP/2 with prior knowledge if that is its protocol. */
export class App implements Backend<InboundListener> {
  readonly #env: Environment;
  readonly service: string;
  #at: SocketAddress;
  #timeoutMs: number;
  #http2: boolean;
  #pool: Pool;
  /** What became of connections and requests to where it is now. */
  #stats: EndpointStats;

  constructor(env: Environment, service: string, { app, connectTimeoutMs, protocol }: AppAddress) {
    this.#env = env;
    this.service = service;
    this.#at = app;
    this.#timeoutMs = connectTimeoutMs;
    this.#http2 = isHttp2(protocol);
    this.#pool = this.#newPool();
    this.#stats = new EndpointStats(describeAddress(app));
  }

  update({ app: at, connectTimeoutMs, protocol }: AppAddress): void {
    this.#timeoutMs = connectTimeoutMs;
    const same = at.address === this.#at.address && at.port === this.#at.port;
    const http2 = isHttp2(protocol);
    if (same && http2 === this.#http2) return;
    this.#at = at;
    this.#http2 = http2;
    this.#pool.close();
    this.#pool = this.#newPool();
    if (!same) this.#stats = new EndpointStats(describeAddress(at));
  }

  get stats(): EndpointStats {
    return this.#stats;
  }

  async dial(): Promise<Socket> {
    const stats = this.#stats;
    const startedAt = performance.now();
    try {
      const socket = await dial(this.#at, this.#timeoutMs);
      stats.connected(socket, LOCAL_APP, startedAt, false);
      return socket;
    } catch (error) {
      stats.connectFailures++;
      throw error;
    }
  }

  target(): HttpTarget {
    const pool = this.#pool;
    const dial = () => (this.#http2 ? pool.takeOrDial(() => this.#connect(pool, true)) : this.#connect(pool, false));
    return { name: this.service, take: () => pool.take(), dial };
  }

  close(): void {
    this.#pool.close();
  }

  async #connect(pool: Pool, http2: boolean): Promise<UpstreamSide> {
    const socket = await this.dial();
    const { headBytes, poolIdleMs } = this.#env.limits;
    if (http2) return pool.share(new ClientSession(socket, headBytes, poolIdleMs, 'http'));
    const connection = new ClientConnection(socket, headBytes);
    pool.adopt(connection);
    return connection;
  }

  #newPool(): Pool {
    return new Pool(this.#env.limits.appIdleMs, () => this.#env.clock.now());
  }
}
