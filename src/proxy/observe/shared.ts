interface Entry<T> {
  readonly value: T;
  users: number;
}

/** What several proxies use together, by key: made for the first of them, closed after the last. */
export class Shared<T extends { close(): Promise<void> }> {
  readonly #entries = new Map<string, Entry<T>>();
  readonly #closing = new Set<Promise<void>>();

  /** Given back with `leave`. */
  join(key: string, make: () => T): T {
    let entry = this.#entries.get(key);
    if (!entry) {
      entry = { value: make(), users: 0 };
      this.#entries.set(key, entry);
    }
    entry.users++;
    return entry.value;
  }

  async leave(key: string): Promise<void> {
    const entry = this.#entries.get(key);
    if (!entry || --entry.users > 0) return;
    this.#entries.delete(key);
    const closing = entry.value.close();
    this.#closing.add(closing);
    await closing;
    this.#closing.delete(closing);
  }

  /** Waits for those that were given back before, too. */
  async close(): Promise<void> {
    await Promise.all([...this.#closing, ...Array.from(this.#entries.values(), ({ value }) => value.close())]);
  }
}
