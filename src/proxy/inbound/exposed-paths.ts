import type { ProxyConfig } from '../../compile/proxy-config.ts';
import { exposedName } from '../binds.ts';
import { Drains } from '../drains.ts';
import type { Environment } from '../environment.ts';
import type { ProxyWatch } from '../observe/proxy-watch.ts';
import type { Acceptor } from '../socket/listener.ts';
import type { ListenerStats } from '../stats.ts';
import { Exposed } from './exposed.ts';

/** All that one sidecar exposes, by listener name. */
export class ExposedPaths {
  readonly #env: Environment;
  readonly #watch: ProxyWatch;
  readonly #present = new Map<string, Exposed>();
  readonly #leaving = new Drains<Exposed>();

  constructor(env: Environment, watch: ProxyWatch) {
    this.#env = env;
    this.#watch = watch;
  }

  /** Whoever leaves gives its ports back, so it exposes nothing any more. */
  update({ id, service, inbound, leaving }: ProxyConfig): void {
    const wanted = new Map(leaving ? [] : (inbound?.exposed ?? []).map((path) => [exposedName(id, path), path]));
    for (const [name, exposed] of this.#present) {
      if (wanted.has(name)) continue;
      this.#present.delete(name);
      this.#leaving.retire(exposed, this.#env.limits.drainMs);
    }
    const timeoutMs = inbound?.connectTimeoutMs ?? 0;
    for (const [name, path] of wanted) {
      const present = this.#present.get(name);
      if (present) present.update(path, timeoutMs);
      else this.#present.set(name, new Exposed(this.#env, name, service, timeoutMs, path, this.#watch.inbound()));
    }
  }

  acceptor(name: string): Acceptor | undefined {
    const exposed = this.#present.get(name);
    return exposed && ((socket) => exposed.accept(socket));
  }

  get(name: string): Exposed | undefined {
    return this.#present.get(name);
  }

  stats(): [string, ListenerStats][] {
    return Array.from(this.#present, ([name, { stats }]) => [name, stats]);
  }

  async drain(deadlineMs: number): Promise<void> {
    const present = Array.from(this.#present.values(), (exposed) => exposed.drain(deadlineMs));
    await Promise.all([this.#leaving.hasten(deadlineMs), ...present]);
  }
}
