import type { Change } from './change.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import { indexOf, type QueryResult } from './queries.ts';
import { requireSession } from './session-id.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { KvPair } from './types.ts';

/** What writes one key, or with delete-tree all keys with a prefix. */
export interface KvOp {
  readonly type: 'kv';
  readonly dc: string;
  readonly verb: 'set' | 'cas' | 'lock' | 'unlock' | 'delete' | 'delete-cas' | 'delete-tree';
  /** Not empty, but for delete-tree. */
  readonly key: string;
  /** Base64. */
  readonly value?: string;
  /** Decimal text; see `KvPair.Flags`. */
  readonly flags?: string;
  /** Who takes or gives up the lock. */
  readonly session?: string;
  /** Of cas and delete-cas: the ModifyIndex that the key must have; with cas 0 for a key that must not be there. */
  readonly index?: number;
}

/** Says so when the operation makes no sense; one that loses (a check-and-set, a lock that another holds) just isn't applied. */
export interface KvOutcome {
  readonly applied: boolean;
  readonly outcome: { readonly error?: string };
}

/**
 * How many deletions are remembered one by one. Beyond that all are forgotten at once, and the index of that moment stands for
 * them: some watchers of prefixes are answered once too often, none once too few. (Consul forgets them after 15 minutes.)
 */
const MAX_TOMBSTONES = 16_384;

/** The table as a whole, and the moment at which deletions were last forgotten. */
const KV = 'kv';
const REAPED = 'kv-reaped';

export function applyKv(change: Change, op: KvOp): KvOutcome {
  const existing = change.tables.kv.get(op.key);
  switch (op.verb) {
    case 'set':
      store(change, op, 0, existing?.Session);
      return DONE;
    case 'cas':
      if ((op.index ?? 0) !== (existing?.ModifyIndex ?? 0)) return LOST;
      store(change, op, 0, existing?.Session);
      return DONE;
    case 'lock': {
      const { session, error } = requireSession(change.tables, op.session ?? '');
      if (error !== undefined) return { applied: false, outcome: { error } };
      if (existing?.Session !== undefined && existing.Session !== session) return LOST;
      const taken = existing?.LockIndex ?? 0;
      store(change, op, existing?.Session === session ? taken : taken + 1, session);
      return DONE;
    }
    case 'unlock':
      if (existing?.Session === undefined || existing.Session !== op.session?.toLowerCase()) return LOST;
      store(change, op, existing.LockIndex, undefined);
      return DONE;
    case 'delete':
      removeKey(change, op.key);
      return DONE;
    case 'delete-cas':
      // Consul: one that is gone already is as good as deleted.
      if (existing && existing.ModifyIndex !== op.index) return LOST;
      removeKey(change, op.key);
      return DONE;
    case 'delete-tree':
      removeTree(change, op.key);
      return DONE;
  }
}

const DONE: KvOutcome = { applied: true, outcome: {} };
const LOST: KvOutcome = { applied: false, outcome: {} };

/** A plain write keeps the session that holds the key, but not the count of its locks: Consul does so. */
function store(change: Change, op: KvOp, lockIndex: number, session: string | undefined): void {
  const row = {
    Key: op.key,
    Value: op.value ?? '',
    Flags: op.flags ?? '0',
    LockIndex: lockIndex,
    ...(session ? { Session: session } : {}),
  };
  putKey(change, row);
}

/** Upserts a key with whatever holds it. */
export function putKey(change: Change, row: Omit<KvPair, 'CreateIndex' | 'ModifyIndex'>): void {
  const previous = change.tables.kv.get(row.Key);
  const touched = { keys: [changeKeys.kv(change.tables.name, row.Key)], indexes: [KV] };
  if (!change.put('kv', row.Key, row, touched)) return;
  if (!previous) change.remove('tombstones', row.Key, NOBODY);
  if (previous?.Session === row.Session) return;
  if (previous?.Session !== undefined) change.remove('locks', lockKey(previous.Session, row.Key), NOBODY);
  if (row.Session !== undefined) change.put('locks', lockKey(row.Session, row.Key), { Session: row.Session, Key: row.Key }, NOBODY);
}

const NOBODY = { keys: [] };

export function removeKey(change: Change, key: string): void {
  if (!dropKey(change, key)) return;
  bury(change, key);
}

/** One tombstone stands for all: whoever asks below it finds nothing, and is answered with the index of the table. */
function removeTree(change: Change, prefix: string): void {
  let found = false;
  for (const [key] of change.tables.kv.withPrefix(prefix)) found = dropKey(change, key) || found;
  if (found) bury(change, prefix);
}

function dropKey(change: Change, key: string): boolean {
  const session = change.tables.kv.get(key)?.Session;
  if (session !== undefined) change.remove('locks', lockKey(session, key), NOBODY);
  return change.remove('kv', key, { keys: [changeKeys.kv(change.tables.name, key)], indexes: [KV] });
}

function bury(change: Change, key: string): void {
  change.remove('tombstones', key, NOBODY);
  change.put('tombstones', key, { Key: key }, NOBODY);
  if (change.tables.tombstones.size <= MAX_TOMBSTONES) return;
  change.clear('tombstones');
  change.touch({ keys: [], indexes: [REAPED] });
}

/** What becomes of the keys of a session that is gone: it keeps none. */
export function dropLocks(change: Change, session: string, behavior: 'release' | 'delete'): void {
  for (const [, lock] of change.tables.locks.withPrefix(tablePrefix(session))) {
    const row = change.tables.kv.get(lock.Key)!;
    if (behavior === 'delete') removeKey(change, lock.Key);
    else putKey(change, { Key: row.Key, Value: row.Value, Flags: row.Flags, LockIndex: row.LockIndex });
  }
}

/** Keys know case, sessions' ids are in lower case anyhow. */
const lockKey = (session: string, key: string): string => `${tablePrefix(session)}${key}`;

/** One key. An absent one has the index of the whole table. */
export function kvPair(s: Snapshot, dc: string, key: string): QueryResult<KvPair | undefined> {
  const d = datacenter(s, dc);
  const value = d.kv.get(key);
  return { value, index: value?.ModifyIndex ?? indexOf(d, KV), watch: [changeKeys.kv(dc, key)] };
}

/** All keys with a prefix, in order. The index is that of the last change among them, deletions included. */
export function kvTree(s: Snapshot, dc: string, prefix: string): QueryResult<KvPair[]> {
  const d = datacenter(s, dc);
  const value = Array.from(d.kv.withPrefix(prefix), ([, pair]) => pair);
  const watch = [changeKeys.kvPrefix(dc, prefix)];
  if (value.length === 0 || prefix === '') return { value, index: indexOf(d, KV), watch };
  let index = d.indexes.get(tableKey(REAPED)) ?? 0;
  for (const pair of value) index = Math.max(index, pair.ModifyIndex);
  for (const [, tombstone] of d.tombstones.withPrefix(prefix)) index = Math.max(index, tombstone.ModifyIndex);
  return { value, index, watch };
}

/** The keys with a prefix; behind the prefix they end with the first separator, so that a folder is named once. */
export function foldKeys(keys: readonly string[], prefix: string, separator: string): string[] {
  if (separator === '') return [...keys];
  const folded: string[] = [];
  for (const key of keys) {
    const at = key.indexOf(separator, prefix.length);
    const name = at === -1 ? key : key.slice(0, at + separator.length);
    if (folded.at(-1) !== name) folded.push(name);
  }
  return folded;
}
