import type { Socket } from 'node:net';
import type { InboundListener, SocketAddress } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import type { HttpTarget } from '../http/service.ts';
import { EndpointStats } from '../observe/endpoint-stats.ts';
import { describeAddress, dial } from '../socket/dial.ts';
import type { Backend } from './backend.ts';

type AppAddress = Pick<InboundListener, 'app' | 'connectTimeoutMs'>;

/** Consul's name for it as a cluster. */
const LOCAL_APP = 'local_app';

/** The application behind an inbound listener: plain connections over loopback. */
export class App implements Backend<InboundListener> {
  readonly #env: Environment;
  readonly service: string;
  #at: SocketAddress;
  #timeoutMs: number;
  #pool: Pool;
  /** What became of connections and requests to where it is now. */
  #stats: EndpointStats;

  constructor(env: Environment, service: string, { app, connectTimeoutMs }: AppAddress) {
    this.#env = env;
    this.service = service;
    this.#at = app;
    this.#timeoutMs = connectTimeoutMs;
    this.#pool = this.#newPool();
    this.#stats = new EndpointStats(describeAddress(app));
  }

  update({ app: at, connectTimeoutMs }: AppAddress): void {
    this.#timeoutMs = connectTimeoutMs;
    if (at.address === this.#at.address && at.port === this.#at.port) return;
    this.#at = at;
    this.#pool.close();
    this.#pool = this.#newPool();
    this.#stats = new EndpointStats(describeAddress(at));
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
    return {
      name: this.service,
      take: () => pool.take(),
      dial: async () => {
        const connection = new ClientConnection(await this.dial(), this.#env.limits.headBytes);
        pool.adopt(connection);
        return connection;
      },
    };
  }

  close(): void {
    this.#pool.close();
  }

  #newPool(): Pool {
    return new Pool(this.#env.limits.appIdleMs, () => this.#env.clock.now());
  }
}
