import { parseDuration } from '../base/duration.ts';
import { MeshError } from '../base/errors.ts';
import type { Clock } from '../base/ports.ts';

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Wake-ups that one advance goes through one by one; timers that repeat more often than that are woken once, at its end. */
const MAX_STEPS = 2_000;

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  readonly #sleepers = new Set<Sleeper>();
  #now: number;

  constructor(now: number) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const finish = (): void => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener('abort', abort);
      };
      const abort = (): void => {
        finish();
        reject(signal?.reason);
      };
      const sleeper: Sleeper = {
        at: this.#now + Math.max(0, ms),
        wake: () => {
          finish();
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    });
  }

  /** Goes on by that much: all that was to happen meanwhile happens, in its order, each at its time. */
  async advance(by: string | number): Promise<void> {
    const end = this.#now + milliseconds(by);
    for (let step = 0; step < MAX_STEPS; step++) {
      const due = Array.from(this.#sleepers).filter(({ at }) => at <= end);
      if (due.length === 0) break;
      const next = Math.min(...due.map(({ at }) => at));
      this.#now = Math.max(this.#now, next);
      for (const sleeper of due) if (sleeper.at <= next) sleeper.wake();
      await breathe();
    }
    this.#now = end;
    for (const sleeper of Array.from(this.#sleepers)) if (sleeper.at <= end) sleeper.wake();
    await breathe();
  }
}

/** `'72h'`, or a number of milliseconds. Throws a MeshError. */
export function milliseconds(given: string | number): number {
  const parsed = typeof given === 'number' ? undefined : parseDuration(given);
  const ms = typeof given === 'number' ? given : parsed?.ok ? parsed.ns / 1e6 : Number.NaN;
  if (ms >= 0 && Number.isFinite(ms)) return ms;
  throw new MeshError('usage', `${JSON.stringify(given)} is no duration`, {
    hint: "write '500ms', '30s', '72h', or a number of milliseconds",
  });
}

/** What was woken goes as far as it gets without waiting for the world. */
async function breathe(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
