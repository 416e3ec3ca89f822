import type { DeniedCall } from '../../api/denial.ts';

/** Of more, those that came last are remembered. */
const MAX_KEPT = 1_000;

/** `before`: how often it was known to have come. */
export type DeniedListener = (call: DeniedCall, before: number) => void;

/**
 * What rules have refused, as the processes of the data plane tell it. They remember it too: an agent that comes back is told again,
 * and what a data plane knew that is gone is still here.
 */
export class DeniedCalls {
  /** Each as one process has told it, the one that came last at the end. */
  readonly #kept = new Map<string, DeniedCall>();
  readonly #listeners = new Set<DeniedListener>();

  /** Each is as it is in whole: one that is known already has come again. */
  take(calls: readonly DeniedCall[]): void {
    for (const call of calls) {
      // A process that has begun anew, or has forgotten the call meanwhile, counts from 1 again.
      const key = JSON.stringify([call.firstAt, keyOf(call)]);
      const before = this.#kept.get(key)?.times ?? 0;
      this.#kept.delete(key);
      this.#kept.set(key, call);
      if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value!);
      for (const listener of this.#listeners) listener(call, before);
    }
  }

  /** The newest first; equal ones are one. */
  list(): DeniedCall[] {
    const merged = new Map<string, DeniedCall>();
    for (const call of this.#kept.values()) {
      const key = keyOf(call);
      const before = merged.get(key);
      merged.set(key, before ? both(before, call) : call);
    }
    return [...merged.values()].sort((a, b) => b.lastAt - a.lastAt);
  }

  /** Told of what comes, until the returned function is called. */
  listen(listener: DeniedListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/** Equal ones differ in when and how often alone. */
const keyOf = (call: DeniedCall): string => JSON.stringify({ ...call, firstAt: 0, lastAt: 0, times: 0 });

const both = (a: DeniedCall, b: DeniedCall): DeniedCall => ({
  ...b,
  firstAt: Math.min(a.firstAt, b.firstAt),
  lastAt: Math.max(a.lastAt, b.lastAt),
  times: a.times + b.times,
});
