import type { Host } from '../host.ts';
import { anyUsable, type Balancer } from './balancer.ts';

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
    return anyUsable(this.#hosts, avoid, this.#random);
  }
}
