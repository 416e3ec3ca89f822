import type { Json } from '../schema/located.ts';
import { fieldsOf, fieldsToJson } from './canonical.ts';
import type { EntryBase } from './kind.ts';
import { entryKind } from './table.ts';

/**
 * A normalized entry as `config read` and the HTTP API print it: in the order of Consul's structs, durations as Go strings;
 * Meta and the indexes, if it has any, last.
 */
export function entryToJson(entry: EntryBase & { readonly CreateIndex?: number; readonly ModifyIndex?: number }): Record<string, Json> {
  const kind = entryKind(entry.Kind);
  return {
    Kind: entry.Kind,
    // Consul: an entry that needs no name has none.
    ...(kind?.fixedName === undefined ? { Name: entry.Name } : {}),
    ...(kind ? fieldsToJson(entry, fieldsOf(kind.schema)) : {}),
    ...(entry.Meta ? { Meta: { ...entry.Meta } } : {}),
    ...(entry.CreateIndex === undefined ? {} : { CreateIndex: entry.CreateIndex }),
    ...(entry.ModifyIndex === undefined ? {} : { ModifyIndex: entry.ModifyIndex }),
  };
}
