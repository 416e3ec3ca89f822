import { PermissionDenied } from '../../../../acl/authorizer.ts';
import { uuidError } from '../../../../acl/names.ts';
import { aclQuery, tokenBySecret } from '../../../../catalog/acl.ts';
import { isExpired } from '../../../acl/resolver.ts';
import { cloneToken, createToken, deleteToken, type GivenToken, updateToken } from '../../../acl/tokens.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { badRequest, badRequestPrefix } from '../../bad-request.ts';
import { blockingQuery } from '../../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { tokenBody } from './bodies.ts';
import { absent, answerDeleted, answerRow, answerRows, lookupFailed, openView, requiredParam, viewOf, whereEnabled } from './rows.ts';
import { expandedTokenJson, tokenJson, tokenStubJson } from './shapes.ts';

export const tokens: readonly Endpoint[] = whereEnabled([
  {
    method: 'GET',
    path: '/v1/acl/tokens',
    doc: 'All tokens; ?policy=, ?role=, ?authmethod= and ?servicename= narrow. Secrets are shown to those who may write ACLs.',
    acl: 'acl:read',
    handle: list,
  },
  { method: 'PUT', path: '/v1/acl/token', doc: 'Creates a token.', acl: 'acl:write', handle: create },
  { method: 'GET', path: '/v1/acl/token/self', doc: 'The token of the request.', acl: 'none', handle: self },
  {
    method: 'GET',
    path: '/v1/acl/token/:accessor',
    doc: 'One token, by its accessor id; with ?expanded all policies that it comes down to.',
    acl: 'acl:read',
    handle: read,
  },
  {
    method: 'PUT',
    path: '/v1/acl/token/:accessor',
    doc: 'Changes a token; with /clone behind the accessor id, makes another that grants the same.',
    acl: 'acl:write',
    handle: write,
  },
  { method: 'DELETE', path: '/v1/acl/token/:accessor', doc: 'Deletes a token.', acl: 'acl:write', handle: remove },
]);

function list(request: ApiRequest, mesh: Api): Promise<Answer> {
  const now = mesh.clock.now();
  const asked = (name: string): string => request.query.get(name) ?? '';
  const [policy, role, method, service] = ['policy', 'role', 'authmethod', 'servicename'].map(asked) as [string, string, string, string];
  if ([policy, role, method, service].filter(Boolean).length > 1) {
    const ways = mesh.compat === '1.8' ? 'policy, role, or methodName' : 'policy, role, serviceName, or methodName';
    throw new HttpError(500, `can only filter by one of ${ways} at a time`);
  }
  const links = (to: readonly { ID: string }[] | undefined, id: string): boolean => id === '' || to?.some(({ ID }) => ID === id) === true;
  return answerRows(
    request,
    mesh,
    'aclTokens',
    tokenStubJson,
    (token) =>
      !isExpired(token, now) &&
      links(token.Policies, policy) &&
      links(token.Roles, role) &&
      (method === '' || token.AuthMethod === method) &&
      (service === '' || token.ServiceIdentities?.some(({ ServiceName }) => ServiceName === service) === true),
  );
}

async function self(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { store, tokens } = mesh.acls;
  const secret = request.token || (tokens.value.default ?? '');
  const { value, index } = await blockingQuery(request, mesh, (s) =>
    aclQuery(s, store.primary, 'aclTokens', tokenBySecret(s, store.primary, secret)),
  );
  if (!value || isExpired(value, mesh.clock.now())) {
    if (mesh.compat === '1.8') throw absent(mesh, 'token', index);
    throw new PermissionDenied('token does not exist: ACL not found');
  }
  return json(tokenJson(value, openView(mesh)), { index });
}

function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const accessor = accessorOf(request, mesh);
  request.acl.require('acl', 'read');
  lookupFailed('token', uuidError(accessor));
  const expanded = request.query.has('expanded') && mesh.compat !== '1.8';
  const live = <T extends { readonly ExpirationTime?: string }>(token: T | undefined): T | undefined =>
    token && !isExpired(token, mesh.clock.now()) ? token : undefined;
  return answerRow(
    request,
    mesh,
    'aclTokens',
    'token',
    (row) => live(row(accessor)),
    (token, view) => (expanded ? expandedTokenJson(token, view, mesh.acls.settings.defaultPolicy, mesh.nodeName) : tokenJson(token, view)),
  );
}

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const given = bodyOf(request, mesh);
  request.acl.require('acl', 'write');
  const token = await createToken(mesh.acls.store, given, mesh.compat);
  return json(tokenJson(token, viewOf(request, mesh)));
}

async function write(request: ApiRequest, mesh: Api): Promise<Answer> {
  const path = request.params[0]!;
  const { store } = mesh.acls;
  const given = bodyOf(request, mesh);
  if (path.endsWith('/clone')) {
    request.acl.require('acl', 'write');
    const token = await cloneToken(store, path.slice(0, -'/clone'.length), given.Description, mesh.compat);
    return json(tokenJson(token, viewOf(request, mesh)));
  }
  if (given.AccessorID !== '' && given.AccessorID !== path) throw badRequest(mesh, 'Token Accessor ID in URL and payload do not match');
  request.acl.require('acl', 'write');
  const token =
    path === '' ? await createToken(store, given, mesh.compat) : await updateToken(store, { ...given, AccessorID: path }, mesh.compat);
  return json(tokenJson(token, viewOf(request, mesh)));
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const accessor = accessorOf(request, mesh);
  request.acl.require('acl', 'write');
  return answerDeleted(mesh, 'token', await deleteToken(mesh.acls.store, accessor, request.token));
}

function accessorOf(request: ApiRequest, mesh: Api): string {
  return requiredParam(request, mesh, mesh.compat === '1.8' ? 'token ID' : 'token AccessorID');
}

function bodyOf(request: ApiRequest, mesh: Api): GivenToken {
  const given = readJsonBody(request, tokenBody, { prefix: `${badRequestPrefix(mesh)}Token decoding failed: ` });
  if (given.ExpirationTime !== '' && Number.isNaN(Date.parse(given.ExpirationTime))) {
    const quoted = JSON.stringify(JSON.stringify(given.ExpirationTime));
    throw badRequest(mesh, `Token decoding failed: parsing time ${quoted} as "\\"2006-01-02T15:04:05Z07:00\\"": cannot parse`);
  }
  return given;
}
