import type { Issued, Issuer } from './leaves.ts';

/** A leaf that was given out through the API, with the index of its making. */
export interface ServedLeaf extends Issued {
  readonly index: number;
}

/** Anybody may ask for any name: the oldest of more than these are forgotten, and made anew when they are asked for. */
const MAX_LEAVES = 10_000;

/** What was given out through the API, by identity. Nothing is renewed unless somebody asks, or waits for it. */
export class ServedLeaves {
  readonly #leaves = new Map<string, ServedLeaf>();
  readonly #latestIndex: () => number;
  #issuer: Issuer;
  #lastIndex = 0;

  /** `latestIndex` is the registry's: indexes of leaves are never below it, and never come twice. */
  constructor(issuer: Issuer, latestIndex: () => number) {
    this.#issuer = issuer;
    this.#latestIndex = latestIndex;
  }

  /** The present one, unless there is none or it is time for another. */
  find(identity: string, now: number): ServedLeaf | undefined {
    const served = this.#leaves.get(identity);
    return served && served.renewAt > now ? served : undefined;
  }

  make(identity: string): ServedLeaf {
    this.#lastIndex = Math.max(this.#latestIndex(), this.#lastIndex + 1);
    const served = { ...this.#issuer.issue(identity), index: this.#lastIndex };
    this.#leaves.delete(identity);
    this.#leaves.set(identity, served);
    for (const oldest of this.#leaves.keys()) {
      if (this.#leaves.size <= MAX_LEAVES) break;
      this.#leaves.delete(oldest);
    }
    return served;
  }

  /** See `Leaves.use`. */
  use(issuer: Issuer, so: 'keep' | 'void'): void {
    this.#issuer = issuer;
    if (so === 'void') this.#leaves.clear();
  }
}
