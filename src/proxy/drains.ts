/** What has connections of its own. `drain` takes no new requests, closes what is idle, and resolves when the rest has finished or, at the deadline, was cut. Called again, it sets a new deadline. */
export interface Drainable {
  drain(deadlineMs: number): Promise<void>;
}

/** What has left the configuration while some of its connections haven't finished. */
export class Drains<T extends Drainable> implements Iterable<T> {
  readonly #going = new Set<T>();

  /** Drains it in the background; `onGone` is called when its last connection has closed. */
  retire(leaving: T, deadlineMs: number, onGone: () => void = () => undefined): void {
    this.#going.add(leaving);
    void leaving.drain(deadlineMs).then(() => {
      this.#going.delete(leaving);
      onGone();
    });
  }

  /** Gives all that is still here a new deadline, and waits for it. */
  async hasten(deadlineMs: number): Promise<void> {
    await Promise.all(Array.from(this.#going, (leaving) => leaving.drain(deadlineMs)));
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#going.values();
  }
}
