import type { StickySplit } from '../compile/proxy-config.ts';
import { cookieOf, newValue, setCookie } from './cookies.ts';
import { hash32 } from './hash.ts';
import type { RequestView } from './request-view.ts';

/** A draw that comes out the same for the same client. */
export interface StickyDraw {
  /** In [0, 1). */
  readonly drawn: number;
  /** A `Set-Cookie` for a client that has not got its cookie yet. */
  readonly cookie: string | undefined;
}

/** Not the seed of balancing by hash: else one side of a split would see only a part of its endpoints used. */
const SEED = 0x73706c74;

/**
 * A client's number stays, whatever the weights are. As these grow and shrink, only those go over to the other side that have to,
 * and nobody goes to and fro. `random` is uniform in [0, 1).
 */
export function drawSticky({ header, cookie }: StickySplit, view: RequestView, random: () => number): StickyDraw {
  const sent = header === undefined ? undefined : view.header(header);
  if (sent !== undefined) return { drawn: numberOf(sent), cookie: undefined };
  if (!cookie) return { drawn: random(), cookie: undefined };
  const known = cookieOf(view.header('cookie'), cookie.name);
  if (known !== undefined) return { drawn: numberOf(known), cookie: undefined };
  const value = newValue(random);
  return { drawn: numberOf(value), cookie: setCookie({ ...cookie, path: '/' }, value) };
}

function numberOf(value: string): number {
  return hash32(value, SEED) / 2 ** 32;
}
