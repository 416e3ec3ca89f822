import { hash32 } from '../../../matching/hash.ts';
import type { Host } from '../host.ts';
import { type Balancer, isUsable } from './balancer.ts';

/** Envoy's, and the largest that it allows. */
const DEFAULT_MINIMUM = 1024;
const DEFAULT_MAXIMUM = 8 * 1024 * 1024;

/** Sums of fractions must not add a point. */
const ROUNDING = 1e-6;

export interface RingSize {
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
}

/** Points of hosts on a circle of hashes, in order of their hashes. */
interface Ring {
  readonly hashes: Uint32Array;
  readonly hosts: readonly Host[];
}

/**
 * Ketama as Envoy has it: each host stands on a ring at as many points as its weight asks for, and a request goes to the next
 * one from its own hash on. One that can't be used is stepped over, which is what a ring without it would do: only its own
 * requests move.
 */
export class RingHash implements Balancer {
  readonly #hosts: readonly Host[];
  readonly #size: RingSize;
  #ring: Ring | undefined;

  constructor(hosts: readonly Host[], size: RingSize) {
    this.#hosts = hosts;
    this.#size = size;
  }

  pick(hash: number, avoid: readonly Host[] | undefined): Host | undefined {
    this.#ring ??= makeRing(this.#hosts, this.#size);
    const { hashes, hosts } = this.#ring;
    const start = lowerBound(hashes, hash);
    for (let i = 0; i < hosts.length; i++) {
      const at = start + i;
      const host = hosts[at < hosts.length ? at : at - hosts.length]!;
      if (isUsable(host, avoid)) return host;
    }
    return undefined;
  }
}

function makeRing(hosts: readonly Host[], { minimum = DEFAULT_MINIMUM, maximum = DEFAULT_MAXIMUM }: RingSize): Ring {
  const total = hosts.reduce((sum, host) => sum + host.weight, 0);
  const lightest = hosts.reduce((least, host) => Math.min(least, host.weight), Number.POSITIVE_INFINITY) / total;
  // Enough points that even the lightest host has a whole number of them, at least `minimum` in all.
  const scale = Math.min(Math.ceil(lightest * minimum) / lightest, maximum);
  const points: { readonly hash: number; readonly host: Host }[] = [];
  let wanted = 0;
  for (const host of hosts) {
    wanted += (scale * host.weight) / total;
    const name = hostKey(host);
    for (let i = 0; points.length < wanted - ROUNDING; i++) points.push({ hash: hash32(`${name}_${i}`), host });
  }
  points.sort((a, b) => a.hash - b.hash);
  return { hashes: Uint32Array.from(points, ({ hash }) => hash), hosts: points.map(({ host }) => host) };
}

/** Envoy goes by the address too, so that all callers agree about where a key belongs. */
export function hostKey({ endpoint }: Host): string {
  return `${endpoint.address}:${endpoint.port}`;
}

/** Of the first that is not smaller; the length when all are. */
function lowerBound(sorted: Uint32Array, value: number): number {
  let from = 0;
  let to = sorted.length;
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (sorted[middle]! < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
