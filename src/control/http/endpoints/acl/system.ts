import type { AclAccess, AclResource } from '../../../../acl/authorizer.ts';
import { NAMED_RESOURCES, PLAIN_RESOURCES } from '../../../../acl/rule.ts';
import { policyTemplate, policyTemplates, templatedPolicy } from '../../../../acl/templates.ts';
import { goStruct, string, withDefault } from '../../../../schema/schema.ts';
import { agentTokenKind } from '../../../acl/agent-tokens.ts';
import { bootstrap } from '../../../acl/bootstrap.ts';
import { variablesError } from '../../../acl/grants.ts';
import { translateRules } from '../../../acl/rule-text.ts';
import { type Answer, HttpError, json } from '../../answer.ts';
import { badRequest, badRequestPrefix } from '../../bad-request.ts';
import type { Api, ApiRequest, Endpoint } from '../../endpoint.ts';
import { readJsonBody } from '../../json-body.ts';
import { authorizeBody } from './bodies.ts';
import { openView, requiredParam, whereEnabled } from './rows.ts';
import { syntheticPolicyJson, tokenJson } from './shapes.ts';

export const aclSystem: readonly Endpoint[] = whereEnabled([
  {
    method: 'PUT',
    path: '/v1/acl/bootstrap',
    doc: 'Makes the first token, which may do everything; once.',
    acl: 'none',
    handle: doBootstrap,
  },
  {
    method: 'GET',
    path: '/v1/acl/replication',
    doc: 'State of replication: the one agent has nobody to copy from.',
    acl: 'none',
    handle: replication,
  },
  {
    method: 'GET',
    path: '/v1/acl/templated-policies',
    doc: "Consul's templates of policies, by name.",
    acl: 'acl:read',
    handle: listTemplates,
  },
  { method: 'GET', path: '/v1/acl/templated-policy/name/:name', doc: 'One template.', acl: 'acl:read', handle: readTemplate },
  {
    method: 'POST',
    path: '/v1/acl/templated-policy/preview/:name',
    doc: 'The policy that a template makes of the variables in the body.',
    acl: 'acl:read',
    handle: preview,
  },
  {
    method: 'POST',
    path: '/v1/acl/rules/translate',
    doc: 'The rules of before Consul 1.4 in the body, as they are written since. Consul dropped it with its first ACLs.',
    acl: 'acl:read',
    handle: translate,
  },
  {
    method: 'POST',
    path: '/v1/internal/acl/authorize',
    doc: "Which of up to 64 things the request's token may do.",
    acl: 'none',
    handle: authorize,
  },
  {
    method: 'PUT',
    path: '/v1/agent/token/:kind',
    doc: 'Sets a token that the agent itself uses: default, agent, agent_recovery, replication, config_file_service_registration or dns.',
    acl: 'agent:write',
    handle: setAgentToken,
  },
]);

async function doBootstrap(request: ApiRequest, mesh: Api): Promise<Answer> {
  const schema = goStruct('', { BootstrapSecret: withDefault(string(), '', 'The secret that it is to have.') });
  const prefix = `${badRequestPrefix(mesh)}Request decode failed: `;
  const { BootstrapSecret } = readJsonBody(request, schema, { prefix, empty: 'allow', unknown: 'ignore' });
  const token = await bootstrap(mesh.acls, BootstrapSecret);
  return json({ ID: token.SecretID, ...tokenJson(token, openView(mesh)) });
}

function replication(_request: ApiRequest, { compat }: Api): Answer {
  const never = '0001-01-01T00:00:00Z';
  return json({
    Enabled: false,
    Running: false,
    SourceDatacenter: '',
    ReplicationType: '',
    ReplicatedIndex: 0,
    ReplicatedRoleIndex: 0,
    ReplicatedTokenIndex: 0,
    LastSuccess: never,
    LastError: never,
    ...(compat === '1.8' ? {} : { LastErrorMessage: '' }),
  });
}

function listTemplates(request: ApiRequest): Answer {
  request.acl.require('acl', 'read');
  return json(Object.fromEntries(policyTemplates().map((template) => [template.TemplateName, templateJson(template)])));
}

function readTemplate(request: ApiRequest, mesh: Api): Answer {
  const name = requiredParam(request, mesh, 'templated policy Name');
  request.acl.require('acl', 'read');
  const found = policyTemplate(name);
  if (!found) throw badRequest(mesh, `Invalid templated policy Name: ${name}`);
  return json(templateJson(found));
}

function preview(request: ApiRequest, mesh: Api): Answer {
  const name = requiredParam(request, mesh, 'templated policy Name');
  request.acl.require('acl', 'read');
  const found = policyTemplate(name);
  if (!found) throw badRequest(mesh, `templated policy ${JSON.stringify(name)} does not exist`);
  const schema = goStruct('', { Name: withDefault(string(), '', 'Name that the template takes.') });
  const prefix = 'Failed to decode request body: ';
  const { Name } = readJsonBody(request, schema, { prefix, empty: found.Schema === '' ? 'allow' : 'refuse' });
  const wrong = found.Schema === '' ? undefined : variablesError(name, Name);
  if (wrong !== undefined) throw badRequest(mesh, `validation error for templated policy: ${JSON.stringify(name)}: ${wrong}`);
  return json(syntheticPolicyJson(templatedPolicy({ TemplateName: name, TemplateVariables: { name: Name } })!));
}

async function translate(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('acl', 'read');
  const translated = await translateRules(request.body);
  if (!translated.ok) throw badRequest(mesh, translated.error);
  return { type: 'text', text: translated.value };
}

const MAX_QUESTIONS = 64;

function authorize(request: ApiRequest, mesh: Api): Answer {
  const questions = readJsonBody(request, authorizeBody, {
    prefix: `${badRequestPrefix(mesh)}Failed to decode request body: `,
    unknown: 'ignore',
  });
  if (questions.length > MAX_QUESTIONS) throw badRequest(mesh, `Refusing to process more than ${MAX_QUESTIONS} authorizations at once`);
  const known = new Set<string>([...NAMED_RESOURCES, ...PLAIN_RESOURCES, 'intention']);
  return json(
    questions.map(({ Resource, Segment, Access }) => {
      if (!known.has(Resource)) throw badRequest(mesh, `Invalid ACL resource requested: ${JSON.stringify(Resource)}`);
      const access = Access.toLowerCase();
      const extra = Resource === 'key' ? ['list', 'write-prefix'] : [];
      if (!['read', 'write', ...extra].includes(access)) throw badRequest(mesh, `Invalid access level for ${Resource} resource: ${Access}`);
      const allow =
        access === 'write-prefix'
          ? request.acl.allowsAll('key', 'write', Segment)
          : request.acl.allows(Resource as AclResource, access as AclAccess, Segment);
      return { Resource, ...(Segment === '' ? {} : { Segment }), Access, Allow: allow };
    }),
  );
}

async function setAgentToken(request: ApiRequest, mesh: Api): Promise<Answer> {
  request.acl.require('agent', 'write', mesh.nodeName);
  const schema = goStruct('', { Token: withDefault(string(), '', 'The secret; empty takes it away.') });
  const { Token } = readJsonBody(request, schema, { unknown: 'ignore' });
  const [name = ''] = request.params;
  const kind = agentTokenKind(name);
  if (!kind) throw new HttpError(404, `Token ${JSON.stringify(name)} is unknown`);
  await mesh.acls.tokens.set(kind, Token);
  return { type: 'empty' };
}

function templateJson({ TemplateName, Schema, Template, Description }: ReturnType<typeof policyTemplates>[number]): object {
  return { TemplateName, Schema, Template, Description };
}
