/** What has connections of its own. `drain` takes no new requests, closes what is idle, and resolves when the rest has finished or, at the deadline, was cut. Called again, it sets a new deadline. */
export interface Drainable {
  drain(deadlineMs: number): Promise<void>;
}

/** What has left the configuration while some of its connections haven't finished. */
export class Drains<T extends Drainable> implements Iterable<T> {
  readonly #going = new Map<T, Promise<void>>();

  /** Drains it in the background; `onGone` is called when its last connection has closed. */
  retire(leaving: T, deadlineMs: number, onGone: () => void = () => undefined): void {
    const gone = leaving.drain(deadlineMs).then(() => {
      this.#going.delete(leaving);
      onGone();
    });
    this.#going.set(leaving, gone);
  }

  /** Gives all that is still here a new deadline, and waits for it. */
  async hasten(deadlineMs: number): Promise<void> {
    await Promise.all(Array.from(this.#going.keys(), (leaving) => leaving.drain(deadlineMs)));
  }

  /** Resolves when all that is here now has gone. */
  async gone(): Promise<void> {
    await Promise.all(this.#going.values());
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#going.keys();
  }
}
