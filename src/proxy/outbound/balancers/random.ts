import type { Host } from '../host.ts';
import { type Balancer, countUsable, usableAt } from './balancer.ts';

/** Any host. Envoy: weights mean nothing to it. */
export class Random implements Balancer {
  readonly #hosts: readonly Host[];
  readonly #random: () => number;

  /** `random` is uniform in [0, 1). */
  constructor(hosts: readonly Host[], random: () => number) {
    this.#hosts = hosts;
    this.#random = random;
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    const count = countUsable(this.#hosts, avoid);
    return usableAt(this.#hosts, avoid, Math.floor(this.#random() * count));
  }
}
