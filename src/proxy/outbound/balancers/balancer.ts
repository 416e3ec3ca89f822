import type { Host } from '../host.ts';

/** Whose turn it is among hosts of one priority. On the hot path: a pick makes no garbage. */
export interface Balancer {
  /**
   * A host that is not ejected and not to avoid; undefined when there is none. `hash` is the request's, 32 bits without a sign,
   * for those that look at it.
   */
  pick(hash: number, avoid: readonly Host[] | undefined): Host | undefined;
}

export function isUsable(host: Host, avoid: readonly Host[] | undefined): boolean {
  return !host.ejected && (avoid === undefined || !avoid.includes(host));
}

export function weighAlike(hosts: readonly Host[]): boolean {
  return hosts.every(({ weight }) => weight === hosts[0]!.weight);
}

/**
 * Smooth weighted turns: with weights 2 and 1 the order is a b a, not a a b. The credit stays with the host, so one that joins
 * doesn't make the others start over, and one that was avoided has its turn the sooner.
 */
export function nextByCredit(
  hosts: readonly Host[],
  avoid: readonly Host[] | undefined,
  weightOf: (host: Host) => number,
): Host | undefined {
  let best: Host | undefined;
  let total = 0;
  for (const host of hosts) {
    if (host.ejected) continue;
    const weight = weightOf(host);
    total += weight;
    host.credit += weight;
    if ((best === undefined || host.credit > best.credit) && isUsable(host, avoid)) best = host;
  }
  if (best) best.credit -= total;
  return best;
}

/** Any of those that may be used, all alike; `random` is uniform in [0, 1). The first draw is nearly always good. */
export function anyUsable(hosts: readonly Host[], avoid: readonly Host[] | undefined, random: () => number): Host | undefined {
  const drawn = hosts[Math.floor(random() * hosts.length)];
  if (drawn === undefined || isUsable(drawn, avoid)) return drawn;
  return usableAt(hosts, avoid, Math.floor(random() * countUsable(hosts, avoid)));
}

/** The `n`th of those that may be used, from 0. */
function usableAt(hosts: readonly Host[], avoid: readonly Host[] | undefined, n: number): Host | undefined {
  let left = n;
  for (const host of hosts) {
    if (!isUsable(host, avoid)) continue;
    if (left === 0) return host;
    left--;
  }
  return undefined;
}

function countUsable(hosts: readonly Host[], avoid: readonly Host[] | undefined): number {
  let count = 0;
  for (const host of hosts) if (isUsable(host, avoid)) count++;
  return count;
}
