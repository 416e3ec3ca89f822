import { createHash } from 'node:crypto';
import type { StoredEntry } from '../../catalog/types.ts';
import { entryToJson } from '../../entries/json.ts';
import type { Json } from '../../schema/located.ts';
import type { Compat } from '../compatibility.ts';

/** A stored entry as the API answers it. Newer versions of Consul add a digest of what its writer said. */
export function entryJson(entry: StoredEntry, compat: Compat): Record<string, Json> {
  const { CreateIndex = 0, ModifyIndex = 0, ...json } = entryToJson(entry);
  return compat === '1.8' ? { ...json, CreateIndex, ModifyIndex } : { ...json, Hash: hashOf(json), CreateIndex, ModifyIndex };
}

/** A whole number that JSON can carry everywhere; Consul's has 64 bits, and says no more than that something changed. */
function hashOf(json: Record<string, Json>): number {
  const written = JSON.stringify(json, (key, value: unknown) => (key === 'Status' ? undefined : value));
  return createHash('sha256').update(written).digest().readUIntBE(0, 6);
}
