import { applyRecords, emptyState, type JournalRecord, type State, stateToRecords } from './state.ts';

/** The durable list that a state is read from: `store/log.ts`, or an array in tests. */
export interface JournalLog {
  readonly records: readonly JournalRecord[];
  append(record: JournalRecord): Promise<void>;
  /** Replaces everything by fewer records. */
  rewrite(records: readonly JournalRecord[]): Promise<void>;
}

/** The state of what is applied, always as the disk knows it: memory changes after the record is written. */
export class Journal {
  readonly #log: JournalLog;
  #state: State;

  constructor(log: JournalLog) {
    this.#log = log;
    this.#state = applyRecords(emptyState, log.records);
  }

  get state(): State {
    return this.#state;
  }

  /** Resolves when the records are on disk. Several at once share a flush. */
  async write(...records: JournalRecord[]): Promise<void> {
    const appended = await Promise.allSettled(records.map((record) => this.#log.append(record)));
    // A full disk may still have room for the state without its history.
    if (appended.some((result) => result.status === 'rejected')) await this.#log.rewrite(stateToRecords(this.#after(records)));
    this.#state = this.#after(records);
  }

  /**
   * For removals, which must work on a full disk: what can't be written is true all the same. After a crash before there is
   * room again, the next agent finds the resource in the journal and it has to be removed once more.
   */
  async writeIfPossible(...records: JournalRecord[]): Promise<void> {
    await this.write(...records).catch(() => {
      this.#state = this.#after(records);
    });
  }

  #after(records: readonly JournalRecord[]): State {
    return applyRecords(this.#state, records);
  }
}
