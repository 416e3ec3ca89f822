const LF = 0x0a;

/** Splits a byte stream into lines of UTF-8. Throws a RangeError when a line exceeds `maxBytes`. */
export class LineReader {
  readonly #maxBytes: number;
  #held: Buffer[] = [];
  #heldBytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** The lines that this chunk completes, without their line ends; empty ones are skipped. */
  push(chunk: Buffer): string[] {
    const lines: string[] = [];
    let at = 0;
    for (let lf = chunk.indexOf(LF); lf !== -1; lf = chunk.indexOf(LF, at)) {
      this.#hold(chunk.subarray(at, lf));
      const line = Buffer.concat(this.#held).toString('utf8').trim();
      this.#held = [];
      this.#heldBytes = 0;
      if (line !== '') lines.push(line);
      at = lf + 1;
    }
    this.#hold(chunk.subarray(at));
    return lines;
  }

  #hold(bytes: Buffer): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#maxBytes) throw new RangeError(`a line exceeds ${this.#maxBytes} bytes`);
    if (bytes.length > 0) this.#held.push(bytes);
  }
}
