import type { Endpoint } from '../../compile/proxy-config.ts';

const NONE: ReadonlySet<string> = new Set();

/**
 * Smooth weighted round robin: with weights 2 and 1 the order is a b a, not a a b. Its state is keyed by endpoint id and so
 * survives a change of the list: an endpoint that joins doesn't make the others start over.
 */
export class RoundRobin {
  #credit = new Map<string, number>();

  /** The endpoint whose turn it is, not one to avoid (by id) if there are others; undefined when there is none. */
  next(endpoints: readonly Endpoint[], avoid: ReadonlySet<string> = NONE): Endpoint | undefined {
    const passOver = avoid.size > 0 && endpoints.some(({ id }) => !avoid.has(id));
    let best: Endpoint | undefined;
    let bestCredit = Number.NEGATIVE_INFINITY;
    let total = 0;
    const credit = new Map<string, number>();
    for (const endpoint of endpoints) {
      const weight = Math.max(1, endpoint.weight);
      const now = (this.#credit.get(endpoint.id) ?? 0) + weight;
      total += weight;
      credit.set(endpoint.id, now);
      if (now > bestCredit && !(passOver && avoid.has(endpoint.id))) {
        best = endpoint;
        bestCredit = now;
      }
    }
    if (best) credit.set(best.id, bestCredit - total);
    this.#credit = credit;
    return best;
  }
}
