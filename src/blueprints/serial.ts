/** One at a time, in the order of arrival. Who is aborted while waiting leaves the queue at once. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs `work` when everything before it is done; rejects with the signal's reason if it is aborted before that. */
  async enter<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    this.#waiting++;
    const begun = new AbortController();
    const left = new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true, signal: begun.signal });
    });
    const result = this.#tail.then(() => {
      signal.throwIfAborted();
      begun.abort();
      return work();
    });
    this.#tail = result.catch(() => undefined);
    try {
      return await Promise.race([result, left]);
    } finally {
      this.#waiting--;
    }
  }
}
