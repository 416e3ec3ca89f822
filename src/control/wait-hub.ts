import type { ChangeKey } from '../catalog/types.ts';

/** Somebody who waits for a change. */
export interface Waiting {
  /** Wait for these instead. */
  watch(keys: readonly ChangeKey[]): void;
  /** Wait no longer. Idempotent. */
  stop(): void;
}

interface Waiter {
  keys: readonly ChangeKey[];
  readonly wake: () => void;
}

/** So many are woken in one turn of the event loop; a write that concerns thousands must not keep the next one waiting. */
const SLICE = 64;

/**
 * Wakes those whom a change concerns, and nobody else: the work of a write grows with what it touches, not with how many
 * wait. Keys are compared as `touches` does: who watches `dc1/config` hears of `dc1/config/service-defaults/web`.
 */
export class WaitHub {
  readonly #byKey = new Map<ChangeKey, Set<Waiter>>();
  /** To be woken, in the order in which their changes came. */
  readonly #due = new Set<Waiter>();
  #draining = false;

  /** `wake` is called some turns after each change that concerns the keys, once for several changes that came together. */
  wait(keys: readonly ChangeKey[], wake: () => void): Waiting {
    const waiter: Waiter = { keys, wake };
    this.#enter(waiter);
    let stopped = false;
    return {
      watch: (next) => {
        if (stopped || sameKeys(waiter.keys, next)) return;
        this.#leave(waiter);
        waiter.keys = next;
        this.#enter(waiter);
      },
      stop: () => {
        stopped = true;
        this.#leave(waiter);
        this.#due.delete(waiter);
      },
    };
  }

  /** Tells of a change that readers can see. */
  publish(changed: Iterable<ChangeKey>): void {
    if (this.#byKey.size === 0) return;
    for (const key of changed) {
      for (let end = key.length; end > 0; end = key.lastIndexOf('/', end - 1)) {
        for (const waiter of this.#byKey.get(key.slice(0, end)) ?? []) this.#due.add(waiter);
      }
    }
    if (this.#due.size > 0 && !this.#draining) {
      this.#draining = true;
      setImmediate(() => this.#drain());
    }
  }

  #drain(): void {
    let left = SLICE;
    for (const waiter of this.#due) {
      if (left-- === 0) {
        setImmediate(() => this.#drain());
        return;
      }
      this.#due.delete(waiter);
      waiter.wake();
    }
    this.#draining = false;
  }

  #enter(waiter: Waiter): void {
    for (const key of waiter.keys) {
      const others = this.#byKey.get(key);
      if (others) others.add(waiter);
      else this.#byKey.set(key, new Set([waiter]));
    }
  }

  #leave(waiter: Waiter): void {
    for (const key of waiter.keys) {
      const others = this.#byKey.get(key);
      if (others?.delete(waiter) && others.size === 0) this.#byKey.delete(key);
    }
  }
}

const sameKeys = (a: readonly ChangeKey[], b: readonly ChangeKey[]): boolean =>
  a === b || (a.length === b.length && a.every((key, i) => key === b[i]));
