import type { Diagnostic } from '../../base/diagnostic.ts';
import { messageOf } from '../../base/errors.ts';
import { type EntryChange, planApply } from '../../entries/apply-plan.ts';
import { decodeEntry } from '../../entries/decode.ts';
import { entryToJson } from '../../entries/json.ts';
import type { EntryBase } from '../../entries/kind.ts';
import { ENTRY_KINDS, entryKind } from '../../entries/table.ts';
import { fromJson, type Json } from '../../schema/located.ts';
import { type ApiClient, unexpected } from './client.ts';
import { Failure } from './command.ts';
import { type CautionJson, cautionDiagnostic } from './entry-cautions.ts';

export interface ApplyRequest {
  readonly entries: readonly EntryBase[];
  /** Where each of them was written: `/folder/file.hcl:1`; empty: nowhere that has a name. */
  readonly origins?: readonly string[];
  /** Empty: nothing is marked. */
  readonly set: string;
  readonly prune: boolean;
  readonly dryRun: boolean;
}

export interface ApplyOutcome {
  readonly changes: readonly EntryChange[];
  /** False: the agent writes single entries only, so that some may be written and others not. */
  readonly atomic: boolean;
  /** Of the whole; undefined where there is none. */
  readonly index?: number;
  /** What the agent says of what entries do together. */
  readonly cautions: readonly Diagnostic[];
}

/** All or nothing where the agent can; else one entry after the other, in an order in which each finds what it builds on. */
export async function applyEntries(api: ApiClient, request: ApplyRequest): Promise<ApplyOutcome> {
  const { entries, origins, set, prune, dryRun } = request;
  const body = {
    Entries: entries.map((entry) => entryToJson(entry)),
    ...(origins ? { Origins: origins } : {}),
    Set: set,
    Prune: prune,
    DryRun: dryRun,
  };
  const answer = await api.send('PUT', '/v1/config/apply', { body });
  if (answer.status === 404 || answer.status === 405) return applySingly(api, request);
  if (answer.status !== 200) throw new Error(unexpected(answer));
  const { Index, Changes, Cautions = [] } = JSON.parse(answer.body) as AnswerJson;
  const changes = Changes.map(
    ({ Action, Kind, Name, Before, After }): EntryChange => ({
      action: Action,
      kind: Kind,
      name: Name,
      ...(Before ? { before: Before } : {}),
      ...(After ? { after: After } : {}),
    }),
  );
  return { changes, atomic: true, index: Index, cautions: Cautions.map(cautionDiagnostic) };
}

interface AnswerJson {
  readonly Index: number;
  readonly Changes: readonly ChangeJson[];
  readonly Cautions?: readonly CautionJson[];
}

interface ChangeJson {
  readonly Action: EntryChange['action'];
  readonly Kind: string;
  readonly Name: string;
  readonly Before?: Record<string, Json>;
  readonly After?: Record<string, Json>;
}

/** A real Consul. Rejects with a Failure that says how far it came. */
async function applySingly(api: ApiClient, { entries, set, prune, dryRun }: ApplyRequest): Promise<ApplyOutcome> {
  const kinds = prune ? ENTRY_KINDS.map(({ kind }) => kind) : [...new Set(entries.map(({ Kind }) => Kind))];
  const existing: EntryBase[] = [];
  for (const kind of kinds) existing.push(...(await listKind(api, kind)));
  const changes = planApply(existing, entries, { prune, ...(set === '' ? {} : { set }) });
  if (dryRun) return { changes, atomic: false, cautions: [] };
  const done: string[] = [];
  for (const { action, kind, name, after } of changes) {
    const what = `${kind}/${name}`;
    const path = `/v1/config/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
    try {
      if (action === 'delete') await api.expectOk('DELETE', path);
      else if (action !== 'unchanged') await api.expectOk('PUT', '/v1/config', { body: after });
    } catch (error) {
      const before = done.length === 0 ? 'nothing was written before it' : `written before it, and staying so: ${done.join(', ')}`;
      throw new Failure(`Error writing config entry ${what}: ${messageOf(error)}\n${before}`);
    }
    if (action !== 'unchanged') done.push(what);
  }
  return { changes, atomic: false, cautions: [] };
}

/** Those that are there; none of a kind that an older Consul does not know. */
async function listKind(api: ApiClient, kind: string): Promise<EntryBase[]> {
  const answer = await api.send('GET', `/v1/config/${encodeURIComponent(kind)}`);
  if (answer.status !== 200) {
    if (answer.body.includes(`invalid config entry kind: ${kind}`)) return [];
    throw new Error(unexpected(answer));
  }
  return (JSON.parse(answer.body) as Json[]).flatMap((json) => {
    const { entry } = decodeEntry(fromJson(json));
    return entry ? [entryKind(entry.Kind)!.normalize(entry)] : [];
  });
}
