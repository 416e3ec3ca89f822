import type { EntryBase } from '../entries/kind.ts';
import type { Change } from './change.ts';
import { type FilePlace, noteEntryFile } from './entry-files.ts';
import { tableKey } from './keys.ts';

export type EntryOp =
  /**
   * Upsert. With `cas`, only if the present ModifyIndex equals it (0: only if absent). The `Status` that it has stays. `file`: where
   * it was written, beside it.
   */
  | { readonly type: 'put-entry'; readonly dc: string; readonly entry: EntryBase; readonly cas?: number; readonly file?: FilePlace }
  | { readonly type: 'delete-entry'; readonly dc: string; readonly kind: string; readonly name: string; readonly cas?: number }
  /** What the agent found out about an entry. */
  | { readonly type: 'entry-status'; readonly dc: string; readonly kind: string; readonly name: string; readonly status: object };

/** False: a check-and-set was lost, or there is no such entry to have a status. */
export function applyEntryOp(change: Change, op: EntryOp): boolean {
  const { Kind: kind, Name: name } = op.type === 'put-entry' ? op.entry : { Kind: op.kind, Name: op.name };
  const existing = change.tables.entries.get(tableKey(kind, name));
  switch (op.type) {
    case 'put-entry': {
      if (op.cas !== undefined && op.cas !== (existing?.ModifyIndex ?? 0)) return false;
      const keepsStatus = existing && 'Status' in existing && 'Status' in op.entry;
      const entry: EntryBase = keepsStatus ? withStatus(op.entry, existing.Status) : op.entry;
      change.putEntry(entry);
      noteEntryFile(change, kind, name, op.file);
      return true;
    }
    case 'delete-entry':
      if (op.cas !== undefined && op.cas !== existing?.ModifyIndex) return false;
      if (existing) change.removeEntry(existing);
      noteEntryFile(change, kind, name, undefined);
      return true;
    case 'entry-status': {
      if (!existing) return false;
      const { CreateIndex: _, ModifyIndex: __, ...row } = existing;
      change.putEntry(withStatus(row, op.status));
      return true;
    }
  }
}

const withStatus = (entry: EntryBase, Status: unknown): EntryBase => Object.assign({}, entry, { Status });
