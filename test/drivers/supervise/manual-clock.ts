import type { Clock } from '../../../src/base/ports.ts';

/** Time that passes only when told to. */
export class ManualClock implements Clock {
  #now = 0;
  readonly #sleepers = new Set<{ at: number; wake: () => void }>();

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const sleeper = { at: this.#now + ms, wake: resolve };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', () => {
        this.#sleepers.delete(sleeper);
        reject(signal.reason);
      });
    });
  }

  /** Sleepers that wait now: 0 when everything that used the clock has ended. */
  get waiting(): number {
    return this.#sleepers.size;
  }

  /** Lets time pass, waking sleepers in order; each runs on as far as it can before the next one. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    await settle();
    for (let next = this.#first(end); next; next = this.#first(end)) {
      this.#now = next.at;
      this.#sleepers.delete(next);
      next.wake();
      await settle();
    }
    this.#now = end;
  }

  #first(end: number): { at: number; wake: () => void } | undefined {
    return [...this.#sleepers].filter((sleeper) => sleeper.at <= end).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Runs everything that waits for nothing but promises. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
}
