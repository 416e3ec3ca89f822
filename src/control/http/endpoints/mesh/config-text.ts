import { PermissionDenied } from '../../../../acl/authorizer.ts';
import type { EntryText, ParsedEntry } from '../../../../api/config-text.ts';
import { type Diagnostic, diagnosticToJson, errorAt, hasErrors } from '../../../../base/diagnostic.ts';
import { entry } from '../../../../catalog/queries.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import { transact } from '../../../../catalog/transact.ts';
import type { StoredEntry } from '../../../../catalog/types.ts';
import { checkEntryChanges } from '../../../../compile/check.ts';
import { entryToJson } from '../../../../entries/json.ts';
import type { EntryBase } from '../../../../entries/kind.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { blockingQuery, requireDatacenter } from '../../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readableCautions } from '../../entry-cautions.ts';
import { mayReadEntry, requireReadEntry, requireWriteEntry } from '../../entry-rights.ts';

export const configText: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/mesh/config/parse',
    doc: 'What would come of writing the config entry of the body (HCL or JSON): what is wrong and where, and what it would replace. Writes nothing.',
    acl: 'service:write, intention:write or mesh:write, by kind',
    handle: parse,
  },
  {
    method: 'GET',
    path: '/v1/mesh/config/:kind/:name',
    doc: 'One config entry as HCL that can be edited and written back.',
    acl: 'service:read, intention:read, mesh:read or none, by kind',
    handle: read,
  },
];

async function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [kind = '', name = ''] = request.params;
  requireReadEntry(request.acl, kind, name);
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => entry(s, dc, kind, name));
  if (!value) throw new HttpError(404, `Config entry not found for ${JSON.stringify(kind)} / ${JSON.stringify(name)}`, { meta: { index } });
  return json(await textOf(value), { index });
}

async function textOf(stored: StoredEntry): Promise<EntryText> {
  const { entryText } = await import('../../config-text.ts');
  return { kind: stored.Kind, name: stored.Name, modifyIndex: stored.ModifyIndex, text: entryText(stored) };
}

async function parse(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const { readEntryText, entryText } = await import('../../config-text.ts');
  const { kind, name, entry: given, diagnostics } = readEntryText({ name: 'entry', text: request.body });
  const snapshot = mesh.snapshot.value;
  const stored = name !== '' && mayReadEntry(request.acl, kind, name) ? entry(snapshot, dc, kind, name).value : undefined;
  const judged = given ? judge(given, request, snapshot) : { problems: [], cautions: [] };
  const all = [...diagnostics, ...judged.problems];
  const answer: ParsedEntry = {
    kind,
    name,
    diagnostics: all.map(diagnosticToJson),
    cautions: judged.cautions,
    ...(given && !hasErrors(all) ? { entry: entryToJson(given), text: entryText(given) } : {}),
    ...(stored ? { present: await textOf(stored) } : {}),
  };
  return json(answer);
}

/** In the mesh as it would be. Who may not write it learns nothing of what it would contradict. */
function judge(
  written: EntryBase,
  { acl, options: { dc } }: ApiRequest,
  before: Snapshot,
): Pick<ParsedEntry, 'cautions'> & { problems: Diagnostic[] } {
  try {
    requireWriteEntry(acl, written);
  } catch (error) {
    if (!(error instanceof PermissionDenied)) throw error;
    return { problems: [errorAt(undefined, error.message)], cautions: [] };
  }
  const op = { type: 'put-entry', dc, entry: written } as const;
  const after = transact(before, op).snapshot;
  const problems = checkEntryChanges(before, after, [op]).map(({ message }) => errorAt(undefined, message));
  const found = problems.length > 0 ? [] : readableCautions(acl, after, [op]);
  return { problems, cautions: found.map(({ Summary: summary, Hint: hint }) => ({ summary, hint })) };
}
