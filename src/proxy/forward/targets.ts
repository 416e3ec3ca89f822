import type { Socket } from 'node:net';
import { until, Watchable } from '../../base/watch.ts';
import type { SocketAddress } from '../../compile/proxy-config.ts';
import type { Environment } from '../environment.ts';
import { ClientConnection } from '../http/client-connection.ts';
import { Pool } from '../http/pool.ts';
import { NoEndpointError } from '../http/respond.ts';
import type { HttpTarget } from '../http/service.ts';
import type { UpstreamSide } from '../http/sides.ts';
import type { RequestHead } from '../http1/request.ts';
import { describeAddress, dial } from '../socket/dial.ts';
import { isRepeatable } from './rules.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export interface Dialed {
  readonly socket: Socket;
  readonly at: SocketAddress;
}

/** Where a forward leads: round robin over targets that may change between any two connections and requests. */
export class ForwardTargets {
  readonly #env: Environment;
  readonly #forward: string;
  readonly #present: Watchable<readonly SocketAddress[]>;
  readonly #pools = new Map<string, Pool>();
  /** Connections that are open, by what they lead to. */
  readonly #open = new Map<Socket, string>();
  readonly #changes = new Watchable(0);
  #turn = 0;
  #closed = false;

  /** `forward` is its id, for reasons. */
  constructor(env: Environment, forward: string, targets: readonly SocketAddress[]) {
    this.#env = env;
    this.#forward = forward;
    this.#present = new Watchable(targets);
  }

  /** Idle connections to what is no longer a target close now, those with a request after it. */
  update(targets: readonly SocketAddress[]): void {
    this.#present.set(targets);
    for (const [key, pool] of this.#pools) {
      if (targets.some((at) => describeAddress(at) === key)) continue;
      pool.close();
      this.#pools.delete(key);
    }
    this.#changed();
  }

  /** Resolves when no connection is open to what is no longer a target. */
  async quiet(): Promise<void> {
    await until(this.#changes, () => {
      const kept = new Set(this.#present.value.map(describeAddress));
      return [...this.#open.values()].every((at) => kept.has(at));
    });
  }

  #changed(): void {
    this.#changes.set(this.#changes.value + 1);
  }

  has({ address, port }: SocketAddress): boolean {
    return this.#present.value.some((at) => at.address === address && at.port === port);
  }

  /** A new connection for bytes. Rejects with a DialError or NoEndpointError. */
  dial(): Promise<Dialed> {
    return this.#dial(this.#turn++);
  }

  /** One request's way. A pooled connection may just be closing, so only what can be sent again meets one. */
  forRequest(head: RequestHead): HttpTarget {
    return this.#target(isRepeatable(head));
  }

  #target(pooled: boolean): HttpTarget {
    const turn = this.#turn++;
    return {
      name: `the target of ${this.#forward}`,
      take: () => (pooled ? this.#idle(turn) : undefined),
      again: () => this.#target(false),
      dial: async () => {
        const { socket, at } = await this.#dial(turn);
        const connection = new ClientConnection(socket, this.#env.limits.headBytes);
        if (!this.#closed) this.#pool(at).adopt(connection);
        return connection;
      },
    };
  }

  /** Requests that are under way still find their target, on connections that close after them. */
  close(): void {
    this.#closed = true;
    for (const pool of this.#pools.values()) pool.close();
  }

  /** Begins with the target whose turn it is and tries each once, over again when they change meanwhile. */
  async #dial(turn: number): Promise<Dialed> {
    let targets = await this.#some();
    for (let tried = 0; ; ) {
      const at = targets[(turn + tried++) % targets.length]!;
      const outcome = await dial(at, CONNECT_TIMEOUT_MS).catch((error: Error) => error);
      if (outcome instanceof Error) {
        if (tried >= targets.length && targets === this.#present.value) throw outcome;
      } else if (this.has(at)) return { socket: this.#noted(outcome, at), at };
      else outcome.destroy();
      if (targets === this.#present.value) continue;
      targets = await this.#some();
      tried = 0;
    }
  }

  #noted(socket: Socket, at: SocketAddress): Socket {
    this.#open.set(socket, describeAddress(at));
    socket.once('close', () => {
      this.#open.delete(socket);
      this.#changed();
    });
    return socket;
  }

  /** Between two versions of what is behind the forward there may be a moment without any. */
  async #some(): Promise<readonly SocketAddress[]> {
    if (this.#present.value.length > 0) return this.#present.value;
    const deadline = AbortSignal.timeout(this.#env.limits.targetWaitMs);
    try {
      return await until(this.#present, (targets) => targets.length > 0, deadline);
    } catch {
      throw new NoEndpointError(`nothing is ready behind ${this.#forward}`);
    }
  }

  #idle(turn: number): UpstreamSide | undefined {
    const targets = this.#present.value;
    const at = targets[turn % targets.length];
    return at && this.#pools.get(describeAddress(at))?.take();
  }

  #pool(at: SocketAddress): Pool {
    const key = describeAddress(at);
    let pool = this.#pools.get(key);
    if (!pool) {
      pool = new Pool(this.#env.limits.appIdleMs, () => this.#env.clock.now());
      this.#pools.set(key, pool);
    }
    return pool;
  }
}
