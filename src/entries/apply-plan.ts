import { sortedByKey } from '../base/order.ts';
import type { Json } from '../schema/located.ts';
import { diffEntries } from './entry-diff.ts';
import { entryToJson } from './json.ts';
import type { EntryBase } from './kind.ts';
import { writeRank } from './write-order.ts';

/** Meta of an entry that an apply of a named set wrote: the name of the set. Whoever writes the entry otherwise takes it out. */
const SET_META = 'mesh.apply/set';

export type EntryAction = 'create' | 'update' | 'delete' | 'unchanged';

export interface EntryChange {
  readonly action: EntryAction;
  readonly kind: string;
  readonly name: string;
  /** As it is, without indexes and status; undefined when there is none. */
  readonly before?: Readonly<Record<string, Json>>;
  /** What to write; undefined when there is nothing to write. */
  readonly entry?: EntryBase;
  /** As it shall be; undefined when it goes. */
  readonly after?: Readonly<Record<string, Json>>;
}

export interface ApplyOptions {
  /** Marks what is written. */
  readonly set?: string;
  /** Deletes what an earlier apply of the same set wrote and this one does not name. */
  readonly prune?: boolean;
}

/**
 * What has to change so that all wanted entries are there: writes in an order in which each finds what it builds on, then
 * deletes the other way round. `existing` are those of the datacenter, or at least those of all kinds that matter. All normalized.
 */
export function planApply(existing: readonly EntryBase[], wanted: readonly EntryBase[], options: ApplyOptions = {}): EntryChange[] {
  const { set, prune } = options;
  const found = new Map(existing.map((entry) => [keyOf(entry), entry]));
  const writes = wanted.map((entry): EntryChange => {
    const before = found.get(keyOf(entry));
    const marked = set === undefined ? entry : { ...entry, Meta: sortedByKey({ ...entry.Meta, [SET_META]: set }) };
    const after = bareJson(marked);
    const about = { kind: entry.Kind, name: entry.Name, after };
    if (!before) return { action: 'create', ...about, entry: marked };
    const json = bareJson(before);
    const same = diffEntries(json, after).length === 0;
    return same ? { action: 'unchanged', ...about, before: json } : { action: 'update', ...about, before: json, entry: marked };
  });
  const named = new Set(wanted.map(keyOf));
  const gone = prune ? existing.filter((entry) => !named.has(keyOf(entry)) && entry.Meta?.[SET_META] === set) : [];
  const deletes = gone.map((entry): EntryChange => ({ action: 'delete', kind: entry.Kind, name: entry.Name, before: bareJson(entry) }));
  return [
    ...writes.toSorted((a, b) => writeRank(a.kind) - writeRank(b.kind)),
    ...deletes.toSorted((a, b) => writeRank(b.kind) - writeRank(a.kind)),
  ];
}

/** Names are looked up without regard to case. */
const keyOf = ({ Kind, Name }: EntryBase): string => `${Kind}/${Name.toLowerCase()}`;

/** Without what the agent adds to it. */
function bareJson(entry: EntryBase): Record<string, Json> {
  const { CreateIndex: _, ModifyIndex: __, Status: ___, ...json } = entryToJson(entry);
  return json;
}
