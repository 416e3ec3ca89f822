import type { Host } from '../host.ts';
import { type Balancer, nextByCredit } from './balancer.ts';

const weightOf = (host: Host): number => host.weight;

/** Everybody's turn, by weight and evenly spread. */
export class RoundRobin implements Balancer {
  readonly #hosts: readonly Host[];

  constructor(hosts: readonly Host[]) {
    this.#hosts = hosts;
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    return nextByCredit(this.#hosts, avoid, weightOf);
  }
}
