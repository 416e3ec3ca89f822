import type { Authorizer } from '../../acl/authorizer.ts';
import type { Snapshot } from '../../catalog/snapshot.ts';
import type { EntryWrite } from '../../compile/check.ts';
import { entryCautions } from '../../compile/check-cautions.ts';
import type { Answer } from './answer.ts';
import type { Api, ApiRequest } from './endpoint.ts';
import { mayReadEntry } from './entry-rights.ts';

/** A header of an answer holds so many: clients limit how long it may be. */
const MOST = 10;

/** As answers have it. */
export interface CautionJson {
  readonly Summary: string;
  readonly Hint: string;
}

/** Of what was written; nothing of what this token may not read. */
export function readableCautions(acl: Authorizer, after: Snapshot, ops: readonly EntryWrite[]): CautionJson[] {
  return entryCautions(after, ops)
    .filter(({ about }) => mayReadEntry(acl, about.kind, about.name))
    .map(({ summary, hint }) => ({ Summary: summary, Hint: hint }));
}

/** The answer to a write of these entries. */
export function jsonOfWrite(value: unknown, { acl }: ApiRequest, mesh: Api, written: readonly EntryWrite[]): Answer {
  return { type: 'json', value, headers: cautionHeaders(readableCautions(acl, mesh.snapshot.value, written)) };
}

/** Beside Consul's answers, whose bodies have no place for them: a list as JSON, in ASCII. Nothing when there are none. */
function cautionHeaders(cautions: readonly CautionJson[]): { 'X-Mesh-Cautions'?: string } {
  if (cautions.length === 0) return {};
  const text = JSON.stringify(cautions.slice(0, MOST));
  return { 'X-Mesh-Cautions': text.replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`) };
}
