import { uuidError } from '../../../../acl/names.ts';
import { formatDuration } from '../../../../base/duration.ts';
import type { AclAuthMethod, AclBindingRule } from '../../../../catalog/acl-rows.ts';
import { deleteBindingRule, writeBindingRule } from '../../../acl/binding-rules.ts';
import { login, logout } from '../../../acl/login.ts';
import { type Answer, json } from '../../answer.ts';
import { badRequest, badRequestPrefix } from '../../bad-request.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { authMethodBody, bindingRuleBody, loginBody } from './bodies.ts';
import { answerDeleted, answerRow, answerRows, lookupFailed, openView, requiredParam, whereEnabled } from './rows.ts';
import { tokenJson } from './shapes.ts';

export const auth: readonly Endpoint[] = whereEnabled([
  {
    method: 'POST',
    path: '/v1/acl/login',
    doc: 'Makes a token for who a bearer token of an auth method speaks for.',
    acl: 'none',
    handle: doLogin,
  },
  { method: 'POST', path: '/v1/acl/logout', doc: 'Ends the token of the request, if it came by login.', acl: 'none', handle: doLogout },
  {
    method: 'GET',
    path: '/v1/acl/auth-methods',
    doc: 'All auth methods, without their configuration.',
    acl: 'acl:read',
    handle: listMethods,
  },
  {
    method: 'PUT',
    path: '/v1/acl/auth-method',
    doc: 'Creates an auth method.',
    acl: 'acl:write',
    handle: (request, mesh) => writeMethod(request, mesh, ''),
  },
  { method: 'GET', path: '/v1/acl/auth-method/:name', doc: 'One auth method.', acl: 'acl:read', handle: readMethod },
  {
    method: 'PUT',
    path: '/v1/acl/auth-method/:name',
    doc: 'Changes an auth method.',
    acl: 'acl:write',
    handle: (request, mesh) => writeMethod(request, mesh, request.params[0]!),
  },
  {
    method: 'DELETE',
    path: '/v1/acl/auth-method/:name',
    doc: 'Deletes an auth method, with its binding rules and the tokens that came through it.',
    acl: 'acl:write',
    handle: removeMethod,
  },
  { method: 'GET', path: '/v1/acl/binding-rules', doc: 'All binding rules; ?authmethod= narrows.', acl: 'acl:read', handle: listRules },
  {
    method: 'PUT',
    path: '/v1/acl/binding-rule',
    doc: 'Creates a binding rule.',
    acl: 'acl:write',
    handle: (request, mesh) => writeRule(request, mesh, ''),
  },
  { method: 'GET', path: '/v1/acl/binding-rule/:id', doc: 'One binding rule.', acl: 'acl:read', handle: readRule },
  {
    method: 'PUT',
    path: '/v1/acl/binding-rule/:id',
    doc: 'Changes a binding rule.',
    acl: 'acl:write',
    handle: (request, mesh) => writeRule(request, mesh, request.params[0]!),
  },
  { method: 'DELETE', path: '/v1/acl/binding-rule/:id', doc: 'Deletes a binding rule.', acl: 'acl:write', handle: removeRule },
]);

async function doLogin(request: ApiRequest, mesh: Api): Promise<Answer> {
  const given = readJsonBody(request, loginBody, { prefix: `${badRequestPrefix(mesh)}Failed to decode request body: ` });
  return json(tokenJson(await login(mesh.acls.store, mesh.acls.methods, given, mesh.compat), openView(mesh)));
}

async function doLogout(request: ApiRequest, mesh: Api): Promise<Answer> {
  await logout(mesh.acls.store, request.token, mesh.compat);
  return json(true);
}

function listMethods(request: ApiRequest, mesh: Api): Promise<Answer> {
  return answerRows(request, mesh, 'aclAuthMethods', (row) => {
    const { Config: _, TokenNameFormat: __, ...stub } = methodJson(row);
    if (mesh.compat !== '1.8') return stub;
    const { MaxTokenTTL: ___, TokenLocality: ____, ...early } = stub;
    return early;
  });
}

function readMethod(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requiredParam(request, mesh, 'auth method name');
  return answerRow(request, mesh, 'aclAuthMethods', 'auth method', (row) => row(name), methodJson);
}

async function writeMethod(request: ApiRequest, mesh: Api, name: string): Promise<Answer> {
  const given = readJsonBody(request, authMethodBody, { prefix: `${badRequestPrefix(mesh)}AuthMethod decoding failed: ` });
  if (name !== '' && given.Name !== '' && given.Name !== name) throw badRequest(mesh, 'AuthMethod Name in URL and payload do not match');
  request.acl.require('acl', 'write');
  return json(methodJson(await mesh.acls.methods.write({ ...given, Name: given.Name || name })));
}

async function removeMethod(request: ApiRequest, mesh: Api): Promise<Answer> {
  const name = requiredParam(request, mesh, 'auth method name');
  request.acl.require('acl', 'write');
  return answerDeleted(mesh, 'auth method', await mesh.acls.methods.delete(name));
}

function listRules(request: ApiRequest, mesh: Api): Promise<Answer> {
  const method = request.query.get('authmethod') ?? '';
  return answerRows(request, mesh, 'aclBindingRules', ruleJson, (rule) => method === '' || rule.AuthMethod === method);
}

function readRule(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'binding rule ID');
  request.acl.require('acl', 'read');
  lookupFailed('binding rule', uuidError(id));
  return answerRow(request, mesh, 'aclBindingRules', 'binding rule', (row) => row(id), ruleJson);
}

async function writeRule(request: ApiRequest, mesh: Api, id: string): Promise<Answer> {
  const given = readJsonBody(request, bindingRuleBody, { prefix: `${badRequestPrefix(mesh)}BindingRule decoding failed: ` });
  if (given.ID !== '' && given.ID !== id) throw badRequest(mesh, 'BindingRule ID in URL and payload do not match');
  request.acl.require('acl', 'write');
  const { store, methods } = mesh.acls;
  return json(ruleJson(await writeBindingRule(store, methods, { ...given, ID: id }, mesh.compat)));
}

async function removeRule(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = requiredParam(request, mesh, 'binding rule ID');
  request.acl.require('acl', 'write');
  return answerDeleted(mesh, 'binding rule', await deleteBindingRule(mesh.acls.store, id));
}

function methodJson(method: AclAuthMethod) {
  const { Name, Type, DisplayName, Description, MaxTokenTTL, TokenLocality, TokenNameFormat, Config, CreateIndex, ModifyIndex } = method;
  return {
    ...(MaxTokenTTL === 0 ? {} : { MaxTokenTTL: formatDuration(MaxTokenTTL) }),
    Name,
    Type,
    ...(DisplayName === undefined ? {} : { DisplayName }),
    ...(Description === '' ? {} : { Description }),
    ...(TokenLocality === undefined ? {} : { TokenLocality }),
    ...(TokenNameFormat === undefined ? {} : { TokenNameFormat }),
    Config,
    CreateIndex,
    ModifyIndex,
  };
}

function ruleJson({
  ID,
  Description,
  AuthMethod,
  Selector,
  BindType,
  BindName,
  BindVars,
  CreateIndex,
  ModifyIndex,
}: AclBindingRule): object {
  const vars = BindVars ? { BindVars: { Name: BindVars.name } } : {};
  return { ID, Description, AuthMethod, Selector, BindType, BindName, ...vars, CreateIndex, ModifyIndex };
}
