import { deleteIntention, describeIntention, exactIntention, type IntentionEdit, upsertIntention } from '../../../catalog/intentions.ts';
import { entry } from '../../../catalog/queries.ts';
import type { EntryWrite } from '../../../compile/check.ts';
import { prepareEntry } from '../../../entries/decode.ts';
import { entryToJson } from '../../../entries/json.ts';
import type { EntryBase } from '../../../entries/kind.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { normalizeSources, type ServiceIntentions, type SourceIntention } from '../../../entries/service-intentions.ts';
import { fromJson } from '../../../schema/located.ts';
import { HttpError } from '../answer.ts';
import type { Api } from '../endpoint.ts';

export interface PutOptions {
  /** There must be none yet with these names. */
  readonly fresh?: boolean;
  /** One of another destination, which goes at the same time. */
  readonly insteadOf?: { readonly source: string; readonly destination: string };
}

/**
 * Writes the entry of the destination as if the client had sent it whole; again if another write came in between. Resolves with
 * what was written. Throws the HttpError that Consul answers.
 */
export async function putIntention(
  mesh: Api,
  dc: string,
  edit: IntentionEdit,
  { fresh = false, insteadOf }: PutOptions = {},
): Promise<readonly EntryWrite[]> {
  for (;;) {
    if (fresh) refuseTwin(mesh, dc, edit);
    const existing = entry(mesh.snapshot.value, dc, 'service-intentions', edit.destination).value;
    const wanted = checked(upsertIntention(existing, edit));
    const old = insteadOf && entry(mesh.snapshot.value, dc, 'service-intentions', insteadOf.destination).value;
    const gone = old ? [removal(dc, old, insteadOf.source)] : [];
    const ops: readonly EntryWrite[] = [...gone, { type: 'put-entry', dc, entry: wanted, cas: existing?.ModifyIndex ?? 0 }];
    if ((await mesh.commit(ops)).applied) return ops;
  }
}

/** One that is not there is fine. */
export async function removeIntention(mesh: Api, dc: string, source: string, destination: string): Promise<void> {
  for (let applied = false; !applied; ) {
    const existing = entry(mesh.snapshot.value, dc, 'service-intentions', destination).value;
    if (!existing || !exactIntention(mesh.snapshot.value, dc, source, destination).value) return;
    ({ applied } = await mesh.commit([removal(dc, existing, source)]));
  }
}

/** Takes the source out of its entry, and the entry away with its last source. */
export function removal(dc: string, existing: EntryBase & { readonly ModifyIndex: number }, source: string): EntryWrite {
  const left = deleteIntention(existing, source);
  const cas = existing.ModifyIndex;
  if (left) return { type: 'put-entry', dc, entry: left, cas };
  return { type: 'delete-entry', dc, kind: 'service-intentions', name: existing.Name, cas };
}

/** Consul: two intentions never have the same names. One with the same id is itself. */
export function refuseTwin(mesh: Api, dc: string, { source, destination, legacy }: IntentionEdit): void {
  const twin = exactIntention(mesh.snapshot.value, dc, source, destination).value;
  if (twin && (twin.legacy === undefined || twin.legacy.id !== legacy?.id))
    throw new HttpError(500, `duplicate intention found: ${describeIntention(twin)}`);
}

/** As it goes into the catalog: checked as any other entry, with the ids that no other entry may bring. */
function checked(wanted: ServiceIntentions): ServiceIntentions {
  const nameless = { ...wanted, Sources: wanted.Sources.map(withoutId) };
  const prepared = prepareEntry(fromJson(entryToJson(nameless)));
  if (!prepared.entry) throw new HttpError(500, consulErrorText(prepared.problems));
  const ids = new Map(wanted.Sources.map((source) => [keyOf(source), idFields(source)]));
  const { Sources, ...rest } = prepared.entry as ServiceIntentions;
  return normalizeSources({ ...rest, Sources: Sources.map((source) => ({ ...source, ...ids.get(keyOf(source)) })) });
}

const keyOf = ({ Peer = '', Name }: SourceIntention): string => `${Peer}/${Name.toLowerCase()}`;

function withoutId(source: SourceIntention): SourceIntention {
  const { LegacyID: _, LegacyMeta: __, LegacyCreateTime: ___, LegacyUpdateTime: ____, ...rest } = source;
  return rest;
}

function idFields({ LegacyID, LegacyMeta, LegacyCreateTime, LegacyUpdateTime }: SourceIntention): Partial<SourceIntention> {
  if (LegacyID === undefined) return {};
  return {
    LegacyID,
    ...(LegacyMeta ? { LegacyMeta } : {}),
    ...(LegacyCreateTime === undefined ? {} : { LegacyCreateTime }),
    ...(LegacyUpdateTime === undefined ? {} : { LegacyUpdateTime }),
  };
}
