import { GLOBAL_READ_ONLY_ID } from '../../../../acl/builtin.ts';
import { uuidError } from '../../../../acl/names.ts';
import { aclRows } from '../../../../catalog/acl.ts';
import { named } from '../../../acl/grants.ts';
import { deletePolicy, writePolicy } from '../../../acl/policies.ts';
import { type Answer, json } from '../../answer.ts';
import { badRequest, badRequestPrefix } from '../../bad-request.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { policyBody } from './bodies.ts';
import { answerDeleted, answerRow, answerRows, lookupFailed, requiredParam, viewOf, whereEnabled } from './rows.ts';
import { policyJson, policyStubJson } from './shapes.ts';

export const policies: readonly Endpoint[] = whereEnabled([
  { method: 'GET', path: '/v1/acl/policies', doc: 'All policies, without their rules.', acl: 'acl:read', handle: list },
  { method: 'PUT', path: '/v1/acl/policy', doc: 'Creates a policy.', acl: 'acl:write', handle: create },
  { method: 'GET', path: '/v1/acl/policy/name/:name', doc: 'One policy, by its name.', acl: 'acl:read', handle: readByName },
  { method: 'GET', path: '/v1/acl/policy/:id', doc: 'One policy, by its id.', acl: 'acl:read', handle: read },
  { method: 'PUT', path: '/v1/acl/policy/:id', doc: 'Changes a policy.', acl: 'acl:write', handle: update },
  { method: 'DELETE', path: '/v1/acl/policy/:id', doc: 'Deletes a policy; tokens lose what it granted.', acl: 'acl:write', handle: remove },
]);

function list(request: ApiRequest, mesh: Api): Promise<Answer> {
  return answerRows(request, mesh, 'aclPolicies', policyStubJson, ({ ID }) => mesh.compat !== '1.8' || ID !== GLOBAL_READ_ONLY_ID);
}

function readByName(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requiredParam(request, mesh, 'policy Name');
  const { store } = mesh.acls;
  return answerRow(
    request,
    mesh,
    'aclPolicies',
    'policy',
    () => named(aclRows(store.snapshot, store.primary, 'aclPolicies'), name),
    policyJson,
  );
}

function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'policy ID');
  request.acl.require('acl', 'read');
  lookupFailed('policy', uuidError(id));
  return answerRow(request, mesh, 'aclPolicies', 'policy', (row) => row(id), policyJson);
}

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const given = bodyOf(request, mesh);
  if (given.ID !== '') throw badRequest(mesh, 'Cannot specify the ID when creating a new policy');
  return write(request, mesh, given);
}

async function update(request: ApiRequest, mesh: Api): Promise<Answer> {
  const [id = ''] = request.params;
  const given = bodyOf(request, mesh);
  if (given.ID !== '' && given.ID !== id) throw badRequest(mesh, 'Policy ID in URL and payload do not match');
  return write(request, mesh, { ...given, ID: id });
}

async function write(request: ApiRequest, mesh: Api, given: ReturnType<typeof bodyOf>): Promise<Answer> {
  request.acl.require('acl', 'write');
  return json(policyJson(await writePolicy(mesh.acls.store, given), viewOf(request, mesh)));
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'policy ID');
  request.acl.require('acl', 'write');
  return answerDeleted(mesh, 'policy', await deletePolicy(mesh.acls.store, id));
}

const bodyOf = (request: ApiRequest, mesh: Api) =>
  readJsonBody(request, policyBody, { prefix: `${badRequestPrefix(mesh)}Policy decoding failed: ` });
