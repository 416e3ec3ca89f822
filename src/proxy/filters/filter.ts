import type { Refusal } from '../http/respond.ts';
import type { RequestHead } from '../http1/request.ts';
import type { Peer } from '../tls/peer.ts';

/**
 * One thing that a request has to pass before it goes on its way: undefined lets it by. A filter is made once for a configuration.
 * `peer` is who sends it; undefined where clients don't prove who they are. A promise must not reject.
 */
export type RequestFilter = (request: RequestHead, peer: Peer | undefined) => Verdict | Promise<Verdict>;

export type Verdict = Refusal | undefined;

/** Asks one after the other, until one refuses. A promise only if one of them has to wait. */
export function passFilters(
  filters: readonly RequestFilter[],
  request: RequestHead,
  peer: Peer | undefined,
  from = 0,
): Verdict | Promise<Verdict> {
  for (let i = from; i < filters.length; i++) {
    const verdict = filters[i]!(request, peer);
    if (verdict instanceof Promise) return verdict.then((late) => late ?? passFilters(filters, request, peer, i + 1));
    if (verdict !== undefined) return verdict;
  }
  return undefined;
}

/** True for that part of all requests; `random` is uniform in [0, 1). */
export function drawPercent(percent: number, random: () => number): boolean {
  return percent >= 100 || (percent > 0 && random() * 100 < percent);
}
