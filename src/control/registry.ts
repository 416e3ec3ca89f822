import { messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import { type Watch, Watchable } from '../base/watch.ts';
import { emptySnapshot, type Snapshot, type SnapshotJson, snapshotFromJson, snapshotToJson } from '../catalog/snapshot.ts';
import { transact } from '../catalog/transact.ts';
import type { ChangeKey, Op } from '../catalog/types.ts';
import { checkEntryChanges } from '../compile/check.ts';
import { gatewayUpdates } from '../compile/gateways/status.ts';
import type { RecordLog } from '../store/log.ts';
import type { Storage } from '../store/storage.ts';

/** A write that can't be made because entries would contradict each other. The message is Consul's. */
export class WriteRefused extends Error {}

export interface Committed {
  /** Of the snapshot that shows the write. */
  readonly index: number;
  /** False: a check-and-set was lost, or a check belongs to a service that isn't there; then nothing was written. */
  readonly applied: boolean;
  /** One for each operation: what it had to say (`Transaction.outcome`). Up to the one that did not take place. */
  readonly outcomes: readonly unknown[];
}

export interface Change {
  readonly before: Snapshot;
  readonly after: Snapshot;
  readonly changed: ReadonlySet<ChangeKey>;
}

export interface RegistryOptions {
  /** Holds its file, `registry.log`. */
  readonly storage: Storage;
  readonly datacenter: string;
  readonly log: Log;
  /** Stamps what the agent finds out about entries. */
  readonly clock: Pick<Clock, 'now'>;
  /** Called after each change, before its writer hears of it. */
  onChange(change: Change): void;
  /** Called while a change is on its way to the disk, to get ready for it. It may never come to be. */
  onTentative?(change: Change): void;
}

/** The catalog with its log: one writer, many readers of one immutable snapshot. */
export interface Registry extends AsyncDisposable {
  readonly snapshot: Watch<Snapshot>;
  /**
   * All of the operations, or none. Resolves when they are on the disk and readers see them; readers never see what isn't
   * on the disk. Rejects with WriteRefused, or with the MeshError of the log.
   */
  commit(ops: readonly Op[]): Promise<Committed>;
}

/** What the log holds: everything so far, or what was added since. */
type LogRecord = { readonly type: 'snapshot'; readonly snapshot: SnapshotJson } | { readonly type: 'ops'; readonly ops: readonly Op[] };

/** Compact when the log is this large and has grown to this many times what it compacts to. */
const COMPACT_BYTES = 4 * 1024 * 1024;
const COMPACT_FACTOR = 4;

export async function openRegistry(options: RegistryOptions): Promise<Registry> {
  const log = await options.storage.open<LogRecord>('registry.log');
  if (log.damage) options.log.log('error', log.damage.message, { keptAt: log.damage.keptAt });
  let snapshot = emptySnapshot([options.datacenter]);
  for (const record of log.records) {
    if (record.type === 'snapshot') snapshot = snapshotFromJson(record.snapshot);
    else for (const op of record.ops) snapshot = transact(snapshot, op).snapshot;
  }
  log.forget();
  return new LoggedRegistry(options, log, snapshot);
}

interface Request {
  readonly ops: readonly Op[];
  readonly resolve: (committed: Committed) => void;
  readonly reject: (error: unknown) => void;
}

class LoggedRegistry implements Registry {
  readonly #options: RegistryOptions;
  readonly #log: RecordLog<LogRecord>;
  readonly #snapshot: Watchable<Snapshot>;
  #waiting: Request[] = [];
  #writing: Promise<void> | undefined;
  #compactedSize = 0;

  constructor(options: RegistryOptions, log: RecordLog<LogRecord>, snapshot: Snapshot) {
    this.#options = options;
    this.#log = log;
    this.#snapshot = new Watchable(snapshot);
  }

  get snapshot(): Watch<Snapshot> {
    return this.#snapshot;
  }

  commit(ops: readonly Op[]): Promise<Committed> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ops, resolve, reject });
      this.#writing ??= this.#write();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing;
    await this.#log.close();
  }

  async #write(): Promise<void> {
    // Leaves the caller's tick first, so that writes that begin together share one flush.
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        const batch = this.#waiting;
        this.#waiting = [];
        await this.#writeBatch(batch);
        await this.#compactIfLarge();
      }
    } finally {
      // In the same tick as the last look at who waits: nobody comes in between.
      this.#writing = undefined;
    }
  }

  async #writeBatch(batch: readonly Request[]): Promise<void> {
    const before = this.#snapshot.value;
    const changed = new Set<ChangeKey>();
    const ops: Op[] = [];
    const settle: (() => void)[] = [];
    let after = before;
    for (const request of batch) {
      let tried: Tried;
      try {
        tried = tryOps(after, request.ops, this.#options.clock.now());
      } catch (error) {
        // A bug. Others must not wait for ever for it.
        request.reject(error);
        continue;
      }
      if (tried.refused !== undefined) {
        request.reject(new WriteRefused(tried.refused));
        continue;
      }
      if (tried.applied && tried.snapshot !== after) ops.push(...request.ops, ...tried.derived);
      if (tried.applied) after = tried.snapshot;
      for (const key of tried.changed) changed.add(key);
      // Even a write that changes nothing waits: it may only be superfluous because of one before it in this batch.
      const committed = { index: after.index, applied: tried.applied, outcomes: tried.outcomes };
      settle.push(() => request.resolve(committed));
    }
    try {
      if (ops.length > 0) await this.#append(ops, { before, after, changed });
    } catch (error) {
      for (const request of batch) request.reject(error);
      return;
    }
    if (after !== before) this.#publish({ before, after, changed });
    for (const resolve of settle) resolve();
  }

  /** Waiting for the disk takes longer than anything else: meanwhile others work on what follows from the change. */
  async #append(ops: readonly Op[], change: Change): Promise<void> {
    const appended = this.#log.append({ type: 'ops', ops });
    appended.catch(() => undefined);
    // The log hands its bytes to the system in this tick, but not in this call.
    await Promise.resolve();
    this.#tell(() => this.#options.onTentative?.(change));
    await appended;
  }

  #publish(change: Change): void {
    this.#tell(() => this.#snapshot.set(change.after));
    this.#tell(() => this.#options.onChange(change));
  }

  /** The write is made, whatever those who are told of it make of it. */
  #tell(tell: () => void): void {
    try {
      tell();
    } catch (error) {
      this.#options.log.log('error', 'a watcher of the registry failed', { error: messageOf(error) });
    }
  }

  async #compactIfLarge(): Promise<void> {
    if (this.#log.size < Math.max(COMPACT_BYTES, COMPACT_FACTOR * this.#compactedSize)) return;
    try {
      await this.#log.rewrite([{ type: 'snapshot', snapshot: snapshotToJson(this.#snapshot.value) }]);
    } catch (error) {
      // Nothing is lost: the long log says the same.
      this.#options.log.log('warn', 'the registry log could not be compacted', { error: messageOf(error) });
    }
    this.#compactedSize = this.#log.size;
  }
}

interface Tried {
  readonly snapshot: Snapshot;
  readonly changed: ReadonlySet<ChangeKey>;
  readonly applied: boolean;
  readonly outcomes: readonly unknown[];
  /** What the agent writes beside them. */
  readonly derived: readonly Op[];
  readonly refused?: string;
}

const NOTHING: ReadonlySet<ChangeKey> = new Set();

/** The operations one after the other on a tentative snapshot, which is dropped unless all of them can be made. */
function tryOps(before: Snapshot, ops: readonly Op[], now: number): Tried {
  let snapshot = before;
  const changed = new Set<ChangeKey>();
  const outcomes: unknown[] = [];
  const nothing = { snapshot: before, changed: NOTHING, applied: false, outcomes, derived: [] };
  const make = (op: Op): boolean => {
    const done = transact(snapshot, op);
    outcomes.push(done.outcome);
    snapshot = done.snapshot;
    for (const key of done.changed) changed.add(key);
    return done.applied;
  };
  for (const op of ops) if (!make(op)) return nothing;
  const entryOps = ops.filter((op) => op.type === 'put-entry' || op.type === 'delete-entry');
  const error = checkEntryChanges(before, snapshot, entryOps)[0];
  if (error) return { ...nothing, refused: error.message };
  const dcs = new Set(entryOps.map(({ dc }) => dc));
  const updates = [...dcs].flatMap((dc) => gatewayUpdates(snapshot, dc, new Date(now).toISOString()));
  const derived = updates.filter((op) => {
    const without = snapshot;
    make(op);
    return snapshot !== without;
  });
  return { snapshot, changed, applied: true, outcomes: outcomes.slice(0, ops.length), derived };
}
