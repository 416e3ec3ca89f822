import type { Change, Touched } from './change.ts';
import { changeKeys, tableKey } from './keys.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

/** A place in a file: where somebody says that an entry was written. */
export interface FilePlace {
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** Kept beside the entries, which answers and comparisons know nothing of. */
export interface EntryFile extends FilePlace, Indexed {}

/** Where an entry was written, if the last who wrote it has said so. */
export function entryFile(s: Snapshot, dc: string, kind: string, name: string): FilePlace | undefined {
  const found = datacenter(s, dc).entryFiles.get(tableKey(kind, name));
  return found && { path: found.path, line: found.line };
}

/** What was said with a write of an entry; a write that says nothing takes back what one before it said. */
export function noteEntryFile(change: Change, kind: string, name: string, place: FilePlace | undefined): void {
  const key = tableKey(kind, name);
  const touched: Touched = { keys: [`${changeKeys.all(change.tables.name, 'entry-file')}/${kind}/${name.toLowerCase()}`] };
  if (place) change.put('entryFiles', key, { path: place.path, line: place.line }, touched);
  else change.remove('entryFiles', key, touched);
}
