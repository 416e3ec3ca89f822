import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Outgoing } from './outgoing.ts';

const MOST_BYTES = 8 * 1024 * 1024;
const MOST_ENTRIES = 1000;

export interface KnownAnswer {
  readonly outgoing: Outgoing;
  /** What it is called in the agent's cache. */
  readonly query: string | undefined;
}

/**
 * Answers that follow from a request and the snapshot alone, as they go out. They are exact: the next snapshot has none of
 * them. Many clients ask for the same few things much more often than these change.
 */
export class AnswerCache {
  #snapshot: Snapshot | undefined;
  readonly #answers = new Map<string, KnownAnswer>();
  #bytes = 0;

  get(snapshot: Snapshot, key: string): KnownAnswer | undefined {
    if (this.#snapshot === snapshot) return this.#answers.get(key);
    if (this.#snapshot) this.#clear();
    return undefined;
  }

  put(snapshot: Snapshot, key: string, answer: KnownAnswer): void {
    if (this.#snapshot !== snapshot) this.#clear();
    if (this.#answers.size >= MOST_ENTRIES || this.#bytes + answer.outgoing.length > MOST_BYTES) return;
    this.#snapshot = snapshot;
    this.#answers.set(key, answer);
    this.#bytes += answer.outgoing.length;
  }

  #clear(): void {
    this.#snapshot = undefined;
    this.#answers.clear();
    this.#bytes = 0;
  }
}
