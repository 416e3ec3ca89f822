import { tagsOfCheck } from '../../../../catalog/queries.ts';
import type { Check, CheckStatus } from '../../../../catalog/types.ts';
import { goStruct, string, withDefault } from '../../../../schema/schema.ts';
import { isCheckStatus } from '../../../registration/check.ts';
import { checkDefinition } from '../../../registration/check-schema.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { checkJson } from '../shapes.ts';
import { agentAt, agentCall, remote } from './parts.ts';
import { byId } from './services.ts';

export function checks(request: ApiRequest, mesh: Api): Answer {
  const { acl, filter } = request;
  const allowed = (check: Check): boolean =>
    check.ServiceID === '' ? acl.allows('node', 'read', check.Node) : acl.allows('service', 'read', check.ServiceName);
  const own = acl.filter(mesh.agent.local.checksOf(agentAt(mesh)), allowed).map((check) => {
    const tags = tagsOfCheck(mesh.snapshot.value, mesh.datacenter, check);
    return { check, tags };
  });
  const selected = filter ? own.filter(({ check, tags }) => filter({ ...check, ServiceTags: tags })) : own;
  // An agent knows nothing of indexes.
  return json(
    byId(selected.map(({ check, tags }) => [check.CheckID, checkJson({ ...check, CreateIndex: 0, ModifyIndex: 0 }, tags, mesh.compat)])),
  );
}

export async function register(request: ApiRequest, mesh: Api): Promise<Answer> {
  const body = readJsonBody(request, checkDefinition);
  await agentCall(() => mesh.agent.local.registerCheck(agentAt(mesh), body, remote(request)));
  return { type: 'empty' };
}

export async function deregister(request: ApiRequest, mesh: Api): Promise<Answer> {
  await agentCall(() => mesh.agent.local.deregisterCheck(agentAt(mesh), request.params[0] ?? '', remote(request)));
  return { type: 'empty' };
}

/** The endpoints that say how something is: `pass`, `warn` and `fail`, with a ?note=. */
export const reportAs =
  (status: CheckStatus) =>
  (request: ApiRequest, mesh: Api): Promise<Answer> =>
    report(request, mesh, status, request.query.get('note') ?? '');

const checkUpdate = goStruct('', {
  Status: withDefault(string(), '', 'passing, warning or critical.'),
  Output: withDefault(string(), '', 'What was seen.'),
});

export async function update(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { Status: status, Output: output } = readJsonBody(request, checkUpdate);
  if (!isCheckStatus(status)) throw new HttpError(400, `Invalid check status: '${status}'`);
  return report(request, mesh, status, output);
}

async function report(request: ApiRequest, mesh: Api, status: CheckStatus, output: string): Promise<Answer> {
  await agentCall(() => mesh.agent.local.report(agentAt(mesh), request.params[0] ?? '', status, output, remote(request)));
  return { type: 'empty' };
}
