import { readPlace } from '../../../base/file-place.ts';
import type { FilePlace } from '../../../catalog/entry-files.ts';
import { entries } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import { transact } from '../../../catalog/transact.ts';
import type { StoredEntry } from '../../../catalog/types.ts';
import { checkEntryChanges, type EntryWrite } from '../../../compile/check.ts';
import { type EntryChange, planApply } from '../../../entries/apply-plan.ts';
import { prepareEntry } from '../../../entries/decode.ts';
import type { EntryBase } from '../../../entries/kind.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { fromJson } from '../../../schema/located.ts';
import { any, bool, list, object, optional, string } from '../../../schema/schema.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readableCautions } from '../entry-cautions.ts';
import { requireWriteEntry } from '../entry-rights.ts';
import { readJsonBody } from '../json-body.ts';

/** Thousands of entries. */
const MAX_BYTES = 16 * 1024 * 1024;

export const configApply: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/config/apply',
    doc: 'Beyond Consul: writes many config entries, all or none. Only what they lead to together has to make sense. Answers what changed.',
    acl: 'as for each entry',
    body: { maxBytes: MAX_BYTES },
    handle: apply,
  },
];

const body = object({
  Entries: optional(list(any()), 'Config entries, as for PUT /v1/config; their order does not matter.'),
  Origins: optional(list(string()), 'Where each of them was written, `/folder/file.hcl:1`; empty: not said.'),
  Set: optional(string(), 'Marks what is written in its Meta.'),
  Prune: optional(bool(), 'Deletes what an earlier call with this Set wrote and this one does not name.'),
  DryRun: optional(bool(), 'Only answers what would change, or why it can not.'),
});

/** Somebody else wrote between planning and writing. Each time anew, so often. */
const ATTEMPTS = 5;

async function apply(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { Entries = [], Origins = [], Set: set = '', Prune: prune = false, DryRun: dryRun = false } = readJsonBody(request, body);
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  if (prune && set === '') throw new HttpError(400, 'Prune needs a Set: only what an earlier call with it wrote is deleted');
  const wanted = prepareAll(Entries);
  const files = new Map(wanted.map((entry, i) => [entry, readPlace(Origins[i] ?? '')]));
  const fileOf = (kind: string, name: string) => files.get(wanted.find((entry) => sameName(entry, { Kind: kind, Name: name }))!);
  // Of those that are as they are to be, too: otherwise anybody could find out by guessing.
  for (const entry of wanted) requireWriteEntry(request.acl, entry);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const snapshot = mesh.snapshot.value;
    const stored = entries(snapshot, dc).value;
    const changes = planApply(stored, wanted, { prune, ...(set === '' ? {} : { set }) });
    for (const change of changes)
      requireWriteEntry(request.acl, { ...(change.after ?? change.before), Kind: change.kind, Name: change.name });
    const ops = changes.flatMap((change) => operation(change, stored, dc, fileOf(change.kind, change.name)));
    const answer = (after: Snapshot, Applied: boolean, Index: number): Answer => {
      const Cautions = readableCautions(request.acl, after, ops);
      return json({ Applied, Index, Changes: changes.map(changeJson), ...(Cautions.length > 0 ? { Cautions } : {}) });
    };
    if (dryRun) return answer(withoutContradictions(snapshot, ops), false, snapshot.index);
    const { applied, index } = await mesh.commit(ops);
    if (applied) return answer(mesh.snapshot.value, true, index);
  }
  throw new HttpError(409, 'the config entries are being changed by somebody else: nothing was written');
}

/** Throws an HttpError that names every entry that can't be written. */
function prepareAll(given: readonly unknown[]): EntryBase[] {
  const prepared = given.map((one) => prepareEntry(fromJson(one)));
  const wrong = prepared.flatMap(({ entry, problems }, i) => {
    const { Kind = '', Name = '' } = Object(given[i]) as { Kind?: string; Name?: string };
    return entry ? [] : [`Entries[${i}] ${Kind}/${Name}: ${consulErrorText(problems).trimEnd()}`];
  });
  const undecodable = prepared.some(({ failed }) => failed === 'decode');
  if (wrong.length > 0) throw new HttpError(undecodable ? 400 : 500, wrong.join('\n'));
  const found = prepared.map(({ entry }) => entry!);
  const twice = found.find((entry, i) => found.findIndex((other) => sameName(entry, other)) !== i);
  if (twice) throw new HttpError(400, `${twice.Kind}/${twice.Name} is there twice`);
  return found;
}

/** Bound to what the plan was made of: another write in between makes the whole lose. */
function operation(change: EntryChange, stored: readonly StoredEntry[], dc: string, file: FilePlace | undefined): EntryWrite[] {
  const { action, kind, name, entry } = change;
  if (action === 'unchanged') return [];
  const cas = stored.find((entry) => sameName(entry, { Kind: kind, Name: name }))?.ModifyIndex ?? 0;
  if (action === 'delete') return [{ type: 'delete-entry', dc, kind, name, cas }];
  return entry ? [{ type: 'put-entry', dc, entry, cas, ...(file ? { file } : {}) }] : [];
}

/** What they lead to. Throws an HttpError when that makes no sense. */
function withoutContradictions(before: Snapshot, ops: readonly EntryWrite[]): Snapshot {
  const after = ops.reduce((snapshot, op) => transact(snapshot, op).snapshot, before);
  const errors = checkEntryChanges(before, after, ops);
  if (errors.length > 0) throw new HttpError(500, errors[0]!.message);
  return after;
}

const changeJson = ({ action, kind, name, before, after }: EntryChange): object => ({
  Action: action,
  Kind: kind,
  Name: name,
  ...(before ? { Before: before } : {}),
  ...(after ? { After: after } : {}),
});

const sameName = (a: EntryBase, b: EntryBase): boolean => a.Kind === b.Kind && a.Name.toLowerCase() === b.Name.toLowerCase();
