/** More different ones are counted together, so that nobody can fill the memory by asking for ever new things. */
const MAX_KEYS = 200;
const OTHERS = '(others)';

/** Counts by a text. For what is rare. */
export class Tally implements Iterable<[string, number]> {
  readonly #counts = new Map<string, number>();

  add(key: string): void {
    const known = this.#counts.has(key) || this.#counts.size < MAX_KEYS ? key : OTHERS;
    this.#counts.set(known, (this.#counts.get(known) ?? 0) + 1);
  }

  [Symbol.iterator](): Iterator<[string, number]> {
    return this.#counts.entries();
  }
}
