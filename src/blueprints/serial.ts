/** One at a time, in the order of arrival. */
export class Serial {
  #tail: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  get busy(): boolean {
    return this.#waiting > 0;
  }

  /** Runs `work` when everything before it is done; rejects with the signal's reason if it is aborted before that. */
  async enter<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    this.#waiting++;
    const result = this.#tail.then(() => {
      signal.throwIfAborted();
      return work();
    });
    this.#tail = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#waiting--;
    }
  }
}
