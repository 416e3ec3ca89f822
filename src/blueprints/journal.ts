import { applyRecord, emptyState, type JournalRecord, type State } from './state.ts';

/** The durable list that a state is read from: `store/log.ts`, or an array in tests. */
export interface JournalLog {
  readonly records: readonly JournalRecord[];
  append(record: JournalRecord): Promise<void>;
}

/** The state of what is applied, always as the disk knows it: memory changes after the record is written. */
export class Journal {
  readonly #log: JournalLog;
  #state: State;

  constructor(log: JournalLog) {
    this.#log = log;
    this.#state = log.records.reduce(applyRecord, emptyState);
  }

  get state(): State {
    return this.#state;
  }

  /** Resolves when the records are on disk. Several at once share a flush. */
  async write(...records: JournalRecord[]): Promise<void> {
    await Promise.all(records.map((record) => this.#log.append(record)));
    for (const record of records) this.#state = applyRecord(this.#state, record);
  }
}
