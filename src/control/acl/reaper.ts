import { messageOf } from '../../base/errors.ts';
import type { Clock, Log } from '../../base/ports.ts';
import type { Watch } from '../../base/watch.ts';
import { aclIndex, aclRows } from '../../catalog/acl.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import { isExpired } from './resolver.ts';
import type { AclStore } from './store.ts';

export interface ReaperOptions {
  readonly store: AclStore;
  readonly snapshot: Watch<Snapshot>;
  readonly clock: Clock;
  readonly log: Log;
}

/** After a write that failed. */
const RETRY_MS = 5000;

/** Removes tokens when they expire. It sleeps until the next one does. */
export class Reaper implements AsyncDisposable {
  readonly #options: ReaperOptions;
  readonly #unsubscribe: () => void;
  #sleep: AbortController | undefined;
  #seen = -1;
  #work: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(options: ReaperOptions) {
    this.#options = options;
    this.#unsubscribe = options.snapshot.subscribe(() => this.#look());
    this.#look();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    this.#unsubscribe();
    this.#sleep?.abort();
    await this.#work;
  }

  #look(): void {
    const { store } = this.#options;
    const index = aclIndex(store.snapshot, store.primary);
    if (index === this.#seen || this.#closed) return;
    this.#seen = index;
    const times = aclRows(store.snapshot, store.primary, 'aclTokens').flatMap(({ ExpirationTime }) =>
      ExpirationTime === undefined ? [] : [Date.parse(ExpirationTime)],
    );
    this.#sleep?.abort();
    if (times.length > 0) this.#wake(Math.max(0, Math.min(...times) - store.now()));
  }

  #wake(afterMs: number): void {
    const sleep = new AbortController();
    this.#sleep = sleep;
    this.#work = this.#options.clock.sleep(afterMs, sleep.signal).then(
      () => this.#reap(),
      () => undefined,
    );
  }

  async #reap(): Promise<void> {
    const { store, log } = this.#options;
    try {
      await store.write((s) => {
        const expired = aclRows(s, store.primary, 'aclTokens').filter((token) => isExpired(token, store.now()));
        return { removals: expired.map((token) => ({ table: 'aclTokens', key: token.AccessorID })), result: undefined };
      });
    } catch (error) {
      log.log('error', 'expired tokens could not be removed', { error: messageOf(error) });
      if (!this.#closed) this.#wake(RETRY_MS);
    }
  }
}
