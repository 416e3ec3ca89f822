import { uuidError } from '../../../../acl/names.ts';
import { aclRows } from '../../../../catalog/acl.ts';
import { named } from '../../../acl/grants.ts';
import { deleteRole, writeRole } from '../../../acl/roles.ts';
import { type Answer, json } from '../../answer.ts';
import { badRequest, badRequestPrefix } from '../../bad-request.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { roleBody } from './bodies.ts';
import { answerDeleted, answerRow, answerRows, lookupFailed, requiredParam, viewOf, whereEnabled } from './rows.ts';
import { roleJson } from './shapes.ts';

export const roles: readonly Endpoint[] = whereEnabled([
  { method: 'GET', path: '/v1/acl/roles', doc: 'All roles; ?policy= narrows to those that link to it.', acl: 'acl:read', handle: list },
  { method: 'PUT', path: '/v1/acl/role', doc: 'Creates a role.', acl: 'acl:write', handle: (request, mesh) => write(request, mesh, '') },
  { method: 'GET', path: '/v1/acl/role/name/:name', doc: 'One role, by its name.', acl: 'acl:read', handle: readByName },
  { method: 'GET', path: '/v1/acl/role/:id', doc: 'One role, by its id.', acl: 'acl:read', handle: read },
  {
    method: 'PUT',
    path: '/v1/acl/role/:id',
    doc: 'Changes a role.',
    acl: 'acl:write',
    handle: (request, mesh) => write(request, mesh, request.params[0]!),
  },
  { method: 'DELETE', path: '/v1/acl/role/:id', doc: 'Deletes a role; tokens lose what it granted.', acl: 'acl:write', handle: remove },
]);

function list(request: ApiRequest, mesh: Api): Promise<Answer> {
  const policy = request.query.get('policy') ?? '';
  return answerRows(
    request,
    mesh,
    'aclRoles',
    roleJson,
    (role) => policy === '' || role.Policies?.some(({ ID }) => ID === policy) === true,
  );
}

function readByName(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requiredParam(request, mesh, 'role Name');
  const { store } = mesh.acls;
  return answerRow(request, mesh, 'aclRoles', 'role', () => named(aclRows(store.snapshot, store.primary, 'aclRoles'), name), roleJson);
}

function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'role ID');
  request.acl.require('acl', 'read');
  lookupFailed('role', uuidError(id));
  return answerRow(request, mesh, 'aclRoles', 'role', (row) => row(id), roleJson);
}

async function write(request: ApiRequest, mesh: Api, id: string): Promise<Answer> {
  const given = readJsonBody(request, roleBody, { prefix: `${badRequestPrefix(mesh)}Role decoding failed: ` });
  if (given.ID !== '' && given.ID !== id) throw badRequest(mesh, 'Role ID in URL and payload do not match');
  request.acl.require('acl', 'write');
  return json(roleJson(await writeRole(mesh.acls.store, { ...given, ID: id }, mesh.compat), viewOf(request, mesh)));
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'role ID');
  request.acl.require('acl', 'write');
  return answerDeleted(mesh, 'role', await deleteRole(mesh.acls.store, id));
}
