import type { Host } from '../host.ts';
import { anyUsable, type Balancer, nextByCredit, weighAlike } from './balancer.ts';

/** Envoy: two are compared unless told otherwise. */
export const DEFAULT_CHOICES = 2;

const share = (host: Host): number => host.weight / (host.active + 1);

/**
 * The least busy of a few drawn at random: comparing two is nearly as good as comparing all, and spares the one that has just
 * come from everybody's next request. Envoy: where weights differ it is weighted turns instead, a host's weight divided by
 * what it has under way.
 */
export class LeastRequest implements Balancer {
  readonly #hosts: readonly Host[];
  readonly #choices: number;
  readonly #random: () => number;
  readonly #weighted: boolean;

  /** `random` is uniform in [0, 1). */
  constructor(hosts: readonly Host[], choices: number, random: () => number) {
    this.#hosts = hosts;
    this.#choices = choices;
    this.#random = random;
    this.#weighted = !weighAlike(hosts);
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    if (this.#weighted) return nextByCredit(this.#hosts, avoid, share);
    let best: Host | undefined;
    for (let i = 0; i < this.#choices; i++) {
      const host = anyUsable(this.#hosts, avoid, this.#random);
      if (host && (best === undefined || host.active < best.active)) best = host;
    }
    return best;
  }
}
