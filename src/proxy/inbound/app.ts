import type { Socket } from 'node:net';
import type { SocketAddress } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import type { HttpTarget } from '../http/service.ts';
import { dial } from '../socket/dial.ts';

/** The application behind an inbound listener: plain connections over loopback. */
export class App {
  readonly #env: Environment;
  readonly #name: string;
  #at: SocketAddress;
  #timeoutMs: number;
  #pool: Pool;

  constructor(env: Environment, name: string, at: SocketAddress, timeoutMs: number) {
    this.#env = env;
    this.#name = name;
    this.#at = at;
    this.#timeoutMs = timeoutMs;
    this.#pool = this.#newPool();
  }

  update(at: SocketAddress, timeoutMs: number): void {
    this.#timeoutMs = timeoutMs;
    if (at.address === this.#at.address && at.port === this.#at.port) return;
    this.#at = at;
    this.#pool.close();
    this.#pool = this.#newPool();
  }

  dial(): Promise<Socket> {
    return dial(this.#at, this.#timeoutMs);
  }

  target(): HttpTarget {
    const pool = this.#pool;
    return {
      name: this.#name,
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
