/** The latest value of something, and a way to hear of the next one. Consumers always read the newest; none are queued. */
export interface Watch<T> {
  readonly value: T;
  /** Calls back after each change until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void;
}

export class Watchable<T> implements Watch<T> {
  #value: T;
  #listeners = new Set<(value: T) => void>();

  constructor(value: T) {
    this.#value = value;
  }

  get value(): T {
    return this.#value;
  }

  set(value: T): void {
    this.#value = value;
    for (const listener of Array.from(this.#listeners)) listener(value);
  }

  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

/** Resolves with the first value that satisfies `accept`, at once if the present one does. Rejects with the signal's reason. */
export function until<T>(watch: Watch<T>, accept: (value: T) => boolean, signal?: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (accept(watch.value)) return resolve(watch.value);
    if (signal?.aborted) return reject(signal.reason);
    const stop = watch.subscribe((value) => {
      if (!accept(value)) return;
      finish();
      resolve(value);
    });
    const onAbort = () => {
      finish();
      reject(signal?.reason);
    };
    const finish = () => {
      stop();
      signal?.removeEventListener('abort', onAbort);
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
