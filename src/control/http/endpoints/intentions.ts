import { authorize, exactIntention, type Intention, listIntentions, matchIntentions } from '../../../catalog/intentions.ts';
import { entry } from '../../../catalog/queries.ts';
import { intentionShape } from '../../../filter/shapes.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery, requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { jsonOfWrite } from '../entry-cautions.ts';
import { readJsonBody } from '../json-body.ts';
import { editOf, intentionBody, refuseElsewhere } from './intention-body.ts';
import { intentionJson } from './intention-json.ts';
import { putIntention, removeIntention } from './intention-write.ts';
import { mayReadIntention } from './intentions-acl.ts';

export const intentions: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/connect/intentions',
    doc: 'All intentions, highest precedence first.',
    acl: 'intention:read',
    pure: true,
    filter: intentionShape,
    handle: listAll,
  },
  {
    method: 'GET',
    path: '/v1/connect/intentions/exact',
    doc: 'The intention with this ?source= and ?destination=, wildcards taken literally.',
    acl: 'intention:read',
    handle: readExact,
  },
  {
    method: 'PUT',
    path: '/v1/connect/intentions/exact',
    doc: 'Creates or replaces the intention with this ?source= and ?destination=.',
    acl: 'intention:write',
    handle: writeExact,
  },
  {
    method: 'DELETE',
    path: '/v1/connect/intentions/exact',
    doc: 'Deletes the intention with this ?source= and ?destination=; one that is not there is fine.',
    acl: 'intention:write',
    handle: removeExact,
  },
  {
    method: 'GET',
    path: '/v1/connect/intentions/match',
    doc: 'Intentions that speak of ?name= as ?by=source or ?by=destination, in the order in which they decide.',
    acl: 'intention:read',
    pure: true,
    agentCache: true,
    handle: match,
  },
  {
    method: 'GET',
    path: '/v1/connect/intentions/check',
    doc: 'Whether ?source= may connect to ?destination=.',
    acl: 'service:read',
    handle: check,
  },
];

function listAll(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { acl, filter, options } = request;
  return answerQuery(request, mesh, listIntentions, (found) => {
    const shown = found.map((intention) => ({ intention, shown: intentionJson(intention, options.dc, mesh.compat) }));
    const wanted = filter ? shown.filter((one) => filter(one.shown)) : shown;
    return acl.filter(wanted, ({ intention }) => mayReadIntention(acl, intention)).map((one) => one.shown);
  });
}

function match(request: ApiRequest, mesh: Api): Answer {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const by = request.query.getAll('by');
  if (by.length !== 1) throw new HttpError(500, "required query parameter 'by' not set");
  if (by[0] !== 'source' && by[0] !== 'destination') throw new HttpError(500, "'by' parameter must be one of 'source' or 'destination'");
  const end = by[0];
  const names = request.query.getAll('name');
  if (names.length === 0) throw new HttpError(500, "required query parameter 'name' not set");
  const found = names.map((given): readonly [string, object[] | null] => {
    const name = serviceName(given, 'name');
    request.acl.require('intention', 'read', name);
    const matching = matchIntentions(mesh.snapshot.value, dc, { by: end, name }).value;
    return [given, matching.length === 0 ? null : matching.map((intention) => intentionJson(intention, dc, mesh.compat))];
  });
  return json(Object.fromEntries(found));
}

function check(request: ApiRequest, mesh: Api): Answer {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const { source, destination } = ends(request);
  const type = request.query.get('source-type');
  if (type && type !== 'consul') throw new HttpError(500, `unsupported SourceType: ${JSON.stringify(type)}`);
  request.acl.require('service', 'read', destination);
  return json({ Allowed: authorize(mesh.snapshot.value, dc, source, destination, mesh.acls.intentionDefault).allowed });
}

async function readExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => exactIntention(s, dc, source, destination));
  if (!value) throw new HttpError(404, 'Intention not found', { meta: { index } });
  requireRead(request, value);
  return json(intentionJson(value, request.options.dc, mesh.compat), { index });
}

function requireRead({ acl }: ApiRequest, intention: Intention): void {
  if (!mayReadIntention(acl, intention)) acl.require('intention', 'read', intention.destination);
}

async function writeExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const body = readJsonBody(request, intentionBody);
  refuseElsewhere(body);
  if (body.ID) throw new HttpError(500, 'ID must not be specified');
  request.acl.require('intention', 'write', destination);
  const existing = entry(mesh.snapshot.value, dc, 'service-intentions', destination).value;
  const { Meta: meta = {} } = body;
  // Consul: Meta belongs to the whole entry, and comes back unchanged from a client that read it.
  if (Object.keys(meta).length > 0 && !existing) throw new HttpError(500, 'Meta must not be specified');
  if (Object.keys(meta).length > 0 && !sameMap(meta, existing?.Meta ?? {}))
    throw new HttpError(500, 'Meta must not be specified, or should be unchanged during an update.');
  const written = await putIntention(mesh, dc, { ...editOf(body), source, destination });
  return jsonOfWrite(true, request, mesh, written);
}

async function removeExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  requireDatacenter(mesh, request.options.dc);
  request.acl.require('intention', 'write', destination);
  await removeIntention(mesh, request.options.dc, source, destination);
  return json(true);
}

function ends(request: ApiRequest): { source: string; destination: string } {
  const one = (name: string): string => {
    const given = request.query.getAll(name);
    if (given.length !== 1 || !given[0]) throw new HttpError(500, `required query parameter '${name}' not set`);
    return serviceName(given[0], name);
  };
  return { source: one('source'), destination: one('destination') };
}

/** `web`, `default/web` or `default/default/web`: partition and namespace can only be the default ones. */
function serviceName(given: string, what: string): string {
  const fail = (text: string): HttpError => new HttpError(500, `${what} ${JSON.stringify(given)} is invalid: ${text}`);
  const parts = given.split('/');
  if (parts.length > 3) throw fail("input can contain at most two '/'");
  const name = parts.pop()!;
  const [namespace, partition] = parts.toReversed();
  if (namespace && namespace.toLowerCase() !== 'default') throw fail('Namespaces are a Consul Enterprise feature');
  if (partition && partition.toLowerCase() !== 'default') throw fail('Partitions are a Consul Enterprise feature');
  return name;
}

const sameMap = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
