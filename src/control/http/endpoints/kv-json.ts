import { escapeJson } from '../../../base/go-json.ts';
import type { KvPair } from '../../../catalog/types.ts';

/** A pair as Consul prints it, compact. By hand: its flags may be larger than JavaScript's numbers, and lists are long. */
export function kvJson({ LockIndex, Key, Flags, Value, Session, CreateIndex, ModifyIndex }: KvPair): string {
  const value = Value === '' ? 'null' : `"${Value}"`;
  const session = Session === undefined ? '' : `"Session":"${Session}",`;
  const key = escapeJson(JSON.stringify(Key));
  return `{"LockIndex":${LockIndex},"Key":${key},"Flags":${Flags},"Value":${value},${session}"CreateIndex":${CreateIndex},"ModifyIndex":${ModifyIndex}}`;
}
