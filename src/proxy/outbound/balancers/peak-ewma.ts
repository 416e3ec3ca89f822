import type { Host } from '../host.ts';
import { anyUsable, type Balancer } from './balancer.ts';

/** A peak has faded to 37 % after so long, in milliseconds. */
const DECAY_MS = 10_000;
/** What a host that has not answered yet is taken for, so that it isn't given everything at first. Milliseconds. */
const UNKNOWN_MS = 30;
const MORE_DRAWS = 8;

/**
 * The cheaper of two drawn at random, where the cost is the time that a host takes to answer times what it has under way. A slow
 * answer counts at once and is forgotten slowly, so that a host in trouble is spared before it fails. Finagle's and Linkerd's.
 */
export class PeakEwma implements Balancer {
  readonly #hosts: readonly Host[];
  readonly #random: () => number;
  readonly #now: () => number;

  /** `now` in milliseconds with fractions: on one machine most answers come within one. */
  constructor(hosts: readonly Host[], random: () => number, now: () => number) {
    this.#hosts = hosts;
    this.#random = random;
    this.#now = now;
  }

  pick(_hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    const a = anyUsable(this.#hosts, avoid, this.#random);
    let b = anyUsable(this.#hosts, avoid, this.#random);
    // Two different ones, if that can be had cheaply: a host doesn't win against itself.
    for (let i = 0; a === b && i < MORE_DRAWS; i++) b = anyUsable(this.#hosts, avoid, this.#random);
    if (a === undefined || b === undefined || a === b) return a;
    const now = this.#now();
    return cost(b, now) < cost(a, now) ? b : a;
  }
}

/** An answer has come after `elapsedMs`. */
export function observeLatency(host: Host, elapsedMs: number, now: number): void {
  const kept = Math.exp(-(now - host.latencyAt) / DECAY_MS);
  const faded = host.latencyMs * kept;
  host.latencyMs = elapsedMs > faded ? elapsedMs : faded + elapsedMs * (1 - kept);
  host.latencyAt = now;
}

function latency(host: Host, now: number): number {
  return host.latencyAt === 0 ? UNKNOWN_MS : host.latencyMs * Math.exp(-(now - host.latencyAt) / DECAY_MS);
}

function cost(host: Host, now: number): number {
  return (latency(host, now) * (host.active + 1)) / host.weight;
}
