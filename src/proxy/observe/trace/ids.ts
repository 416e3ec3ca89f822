import { randomFillSync } from 'node:crypto';

/** Random bytes are drawn in stock: one call for many ids costs about as much as for one. */
const stock = 4_096;

/** Makes ids of spans and traces. */
export class Ids {
  readonly #bytes = Buffer.alloc(stock);
  #next = stock;

  /** 16 hex digits. */
  span(): string {
    return this.#hex(8);
  }

  /** 32 hex digits. */
  trace(): string {
    return this.#hex(16);
  }

  /** All zeros means "none"; one in 2^64 is good enough to be drawn again by chance. */
  #hex(length: number): string {
    if (this.#next + length > stock) {
      randomFillSync(this.#bytes);
      this.#next = 0;
    }
    const text = this.#bytes.toString('hex', this.#next, this.#next + length);
    this.#next += length;
    return text;
  }
}
