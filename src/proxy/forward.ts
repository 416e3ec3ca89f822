import type { Socket } from 'node:net';
import { messageOf } from '../base/errors.ts';
import type { ForwardConfig } from '../compile/proxy-config.ts';
import type { Environment } from './environment.ts';
import { abort } from './socket/closing.ts';
import { dial } from './socket/dial.ts';
import { pipe } from './socket/pipe.ts';
import { newListenerStats } from './stats.ts';

const CONNECT_TIMEOUT_MS = 5_000;

/** A port of the host that leads, without identity, to workloads: round robin, the next target when one can't be reached. */
export class Forward {
  readonly stats = newListenerStats();
  readonly #env: Environment;
  #config: ForwardConfig;
  #turn = 0;

  constructor(env: Environment, config: ForwardConfig) {
    this.#env = env;
    this.#config = config;
  }

  update(config: ForwardConfig): void {
    this.#config = config;
  }

  accept(socket: Socket): void {
    this.stats.connections++;
    this.stats.activeConnections++;
    socket.once('close', () => this.stats.activeConnections--);
    void this.#connect(socket);
  }

  async #connect(socket: Socket): Promise<void> {
    try {
      pipe(socket, await this.#dial(), this.stats, () => undefined);
    } catch (error) {
      this.stats.failedConnections++;
      this.#env.log.log('warn', 'connection failed', { listener: this.#config.id, reason: messageOf(error) });
      abort(socket);
    }
  }

  async #dial(): Promise<Socket> {
    const { id, targets } = this.#config;
    if (targets.length === 0) throw new Error(`${id} has no target`);
    const start = this.#turn++ % targets.length;
    for (let i = 0; ; i++) {
      try {
        return await dial(targets[(start + i) % targets.length]!, CONNECT_TIMEOUT_MS);
      } catch (error) {
        if (i + 1 >= targets.length) throw error;
      }
    }
  }
}
