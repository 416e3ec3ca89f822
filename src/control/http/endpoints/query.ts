import type { Authorizer } from '../../../acl/authorizer.ts';
import { executePreparedQuery } from '../../../catalog/execute-query.ts';
import { type PreparedQuery, preparedQueries, preparedQuery, queryIdProblem, resolveQuery } from '../../../catalog/prepared-queries.ts';
import type { Instance } from '../../../catalog/queries.ts';
import type { Compat } from '../../compatibility.ts';
import { type Answer, HttpError, json, type QueryMeta } from '../answer.ts';
import { answerConsistentQuery, blockingQuery, requireDatacenter } from '../blocking.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { HIDDEN_TOKEN, readQuery, vetQuery } from './query-body.ts';
import { checkJson, nodeJson, orNull, serviceJson } from './shapes.ts';

export const query: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/query',
    doc: 'All prepared queries, by id.',
    acl: 'query:read',
    handle: (request, mesh) =>
      answerConsistentQuery(request, mesh, preparedQueries, (found) =>
        request.acl.filter(found, (row) => mayList(row, request.acl)).map((row) => queryJson(row, request.acl, mesh.compat)),
      ),
  },
  {
    method: 'POST',
    path: '/v1/query',
    doc: 'Stores a prepared query, and answers its id.',
    acl: 'query:write',
    handle: (request, mesh) => create(request, mesh),
  },
  {
    method: 'GET',
    path: '/v1/query/:query',
    doc: 'A prepared query. /v1/query/NAME/execute looks up what it stands for (?limit=, ?near=, ?connect=true), NAME/explain shows what a template becomes.',
    acl: 'query:read',
    handle: get,
  },
  {
    method: 'PUT',
    path: '/v1/query/:query',
    doc: 'Replaces a prepared query.',
    acl: 'query:write',
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/v1/query/:query',
    doc: 'Deletes a prepared query.',
    acl: 'query:write',
    handle: remove,
  },
];

/** Consul's answers to a look-up say nothing of an index. */
const metaOf = ({ options }: ApiRequest): QueryMeta => ({ index: 1, consistency: options.consistency });

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = mesh.random.uuid();
  await store(request, mesh, readQuery(request, id));
  return json({ ID: id });
}

async function update(request: ApiRequest, mesh: Api): Promise<Answer> {
  const given = readQuery(request, requireQuery(request).toLowerCase());
  const existing = requireExisting(request, mesh);
  if (isNamed(existing)) request.acl.require('query', 'write', existing.Name);
  await store(request, mesh, given);
  return { type: 'empty' };
}

async function store(request: ApiRequest, mesh: Api, row: Omit<PreparedQuery, 'CreateIndex' | 'ModifyIndex'>): Promise<void> {
  const { dc } = request.options;
  requireWritableDatacenter(mesh, dc);
  if (isNamed(row)) request.acl.require('query', 'write', row.Name);
  vetQuery(row);
  const { applied, outcomes } = await mesh.commit([{ type: 'query-set', dc, query: row }]);
  if (!applied) throw new HttpError(500, (outcomes[0] as { error: string }).error);
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const existing = requireExisting(request, mesh);
  if (isNamed(existing)) request.acl.require('query', 'write', existing.Name);
  await mesh.commit([{ type: 'query-delete', dc: request.options.dc, id: existing.ID }]);
  return { type: 'empty' };
}

/** Whoever knows the id of a query without a name may use it. */
const isNamed = ({ Name, Template }: Pick<PreparedQuery, 'Name' | 'Template'>): boolean => Name !== '' || Template.Type !== '';

const mayList = (row: PreparedQuery, acl: Authorizer): boolean =>
  isNamed(row) ? acl.allows('query', 'read', row.Name) : acl.allows('acl', 'write');

function requireQuery(request: ApiRequest): string {
  const [id = ''] = request.params;
  // Consul looks at the end of the path first, and knows no other method there.
  if (SUFFIX.test(id)) throw new HttpError(405, `method ${request.method} not allowed`, { headers: { Allow: 'GET' } });
  return id;
}

function requireExisting(request: ApiRequest, mesh: Api): PreparedQuery {
  const id = requireQuery(request);
  const { dc } = request.options;
  requireWritableDatacenter(mesh, dc);
  const problem = queryIdProblem(id);
  if (problem !== undefined) throw new HttpError(500, `Prepared Query lookup failed: ${problem}`);
  const { value } = preparedQuery(mesh.snapshot.value, dc, id);
  if (!value) throw new HttpError(500, `Cannot modify non-existent prepared query: '${id}'`);
  return value;
}

const SUFFIX = /\/(execute|explain)$/;

function get(request: ApiRequest, mesh: Api): Answer | Promise<Answer> {
  const [asked = ''] = request.params;
  const verb = SUFFIX.exec(asked)?.[1];
  if (verb === undefined) return show(request, mesh, asked);
  const name = asked.replace(SUFFIX, '');
  return verb === 'execute' ? execute(request, mesh, name) : explain(request, mesh, name);
}

async function show(request: ApiRequest, mesh: Api, id: string): Promise<Answer> {
  const { acl, options } = request;
  requireDatacenter(mesh, options.dc);
  const problem = queryIdProblem(id);
  if (problem !== undefined) throw new HttpError(500, problem, { meta: { index: 1 }, headers: { 'X-Consul-Knownleader': 'false' } });
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => preparedQuery(s, dc, id));
  if (!value) throw new HttpError(404, 'Query not found');
  if (isNamed(value)) acl.require('query', 'read', value.Name);
  return json([queryJson(value, acl, mesh.compat)], { index, consistency: options.consistency });
}

function execute(request: ApiRequest, mesh: Api, name: string): Answer {
  const { query: given, options } = request;
  const limit = parseLimit(given.get('limit'));
  const connect = parseConnect(given.get('connect'));
  const found = resolve(request, mesh, name);
  const acl = found.Token === '' ? request.acl : mesh.acls.authorizer(found.Token, options.dc, mesh.nodeName);
  const { instances, datacenter, failovers } = executePreparedQuery(mesh.snapshot.value, options.dc, found, {
    limit,
    connect,
    near: given.get('near') ?? '',
    ownNode: mesh.nodeName,
    random: () => mesh.random.next(),
    mayRead: ({ node, service }) => acl.allows('node', 'read', node.Node) && acl.allows('service', 'read', service.Service),
  });
  const body = {
    Service: found.Service.Service,
    Nodes: instances.map((instance) => foundJson(instance, mesh.compat)),
    DNS: found.DNS,
    Datacenter: datacenter,
    ...(mesh.compat === '1.8' ? {} : { PeerName: '' }),
    Failovers: failovers,
    ...queryMetaJson(request, mesh.compat),
  };
  return json(body, metaOf(request));
}

/** As `/v1/health/service` has it, but for tags: where there are none Consul has null here. */
function foundJson({ node, service, checks }: Instance, compat: Compat): object {
  return {
    Node: nodeJson(node),
    Service: { ...serviceJson(service, compat), Tags: orNull(service.Tags) },
    Checks: checks.map((check) => {
      const tags = check.ServiceID === '' ? [] : service.Tags;
      return { ...checkJson(check, tags, compat), ServiceTags: orNull(tags) };
    }),
  };
}

function explain(request: ApiRequest, mesh: Api, name: string): Answer {
  const found = resolve(request, mesh, name);
  if (isNamed(found)) request.acl.require('query', 'read', found.Name);
  return json({ Query: queryJson(found, request.acl, mesh.compat), ...queryMetaJson(request, mesh.compat) }, metaOf(request));
}

function resolve(request: ApiRequest, mesh: Api, name: string): PreparedQuery {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const resolved = resolveQuery(mesh.snapshot.value, dc, name);
  if (resolved.error !== undefined) throw new HttpError(500, resolved.error);
  if (!resolved.query) throw new HttpError(404, 'Query not found');
  return resolved.query;
}

function parseLimit(text: string | null): number {
  if (!text) return 0;
  if (!/^[+-]?\d+$/.test(text)) throw new HttpError(500, `Bad limit: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Number(text);
}

function parseConnect(text: string | null): boolean {
  if (!text) return false;
  if (/^(1|t|T|TRUE|true|True)$/.test(text)) return true;
  if (/^(0|f|F|FALSE|false|False)$/.test(text)) return false;
  throw new HttpError(500, `Error parsing 'connect' value: strconv.ParseBool: parsing ${JSON.stringify(text)}: invalid syntax`);
}

/** Consul prints what it knows of the query behind the answer. */
const queryMetaJson = ({ options }: ApiRequest, compat: Compat): object => ({
  Index: 0,
  LastContact: 0,
  KnownLeader: true,
  ConsistencyLevel: options.consistency,
  ...(compat === '1.8' ? {} : { NotModified: false, Backend: 0, ResultsFilteredByACLs: false }),
});

/** In Consul's order. The token is shown to those who could read it anyhow. */
function queryJson(row: PreparedQuery, acl: Authorizer, compat: Compat): object {
  const { Service, Template, CreateIndex, ModifyIndex } = row;
  const { NearestN, Datacenters, Targets = null } = Service.Failover;
  const newer = compat !== '1.8';
  return {
    ID: row.ID,
    Name: row.Name,
    Session: row.Session,
    Token: row.Token === '' || acl.allows('acl', 'write') ? row.Token : HIDDEN_TOKEN,
    Template: { Type: Template.Type, Regexp: Template.Regexp, RemoveEmptyTags: Template.RemoveEmptyTags },
    Service: {
      Service: Service.Service,
      ...(newer ? { SamenessGroup: '' } : {}),
      Failover: { NearestN, Datacenters, ...(newer ? { Targets } : {}) },
      OnlyPassing: Service.OnlyPassing,
      IgnoreCheckIDs: Service.IgnoreCheckIDs,
      Near: Service.Near,
      Tags: Service.Tags,
      NodeMeta: Service.NodeMeta,
      ServiceMeta: Service.ServiceMeta,
      Connect: Service.Connect,
      ...(newer ? { Peer: Service.Peer ?? '' } : {}),
    },
    DNS: { TTL: row.DNS.TTL },
    CreateIndex,
    ModifyIndex,
  };
}
