import { createHash } from 'node:crypto';
import {
  authorize,
  deleteIntention,
  exactIntention,
  type Intention,
  type IntentionEdit,
  listIntentions,
  matchIntentions,
  upsertIntention,
} from '../../../catalog/intentions.ts';
import { entry } from '../../../catalog/queries.ts';
import type { Op } from '../../../catalog/types.ts';
import { prepareEntry } from '../../../entries/decode.ts';
import { entryToJson } from '../../../entries/json.ts';
import { consulErrorText } from '../../../entries/problem.ts';
import { readJson } from '../../../hcl/json.ts';
import { fromJson, type Json, toJson } from '../../../schema/located.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery, blockingQuery, requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

export const intentions: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/connect/intentions',
    doc: 'All intentions, highest precedence first.',
    acl: 'intention:read',
    pure: true,
    handle: (request, mesh) => answerQuery(request, mesh, listIntentions, (found) => found.map(intentionJson)),
  },
  {
    method: 'POST',
    path: '/v1/connect/intentions',
    doc: 'Creates an intention; refuses one that exists. Deprecated by Consul, used by its command line.',
    acl: 'intention:write',
    handle: create,
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
    acl: 'intention:read',
    handle: check,
  },
];

function match(request: ApiRequest, mesh: Api): Answer {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const by = request.query.getAll('by');
  if (by.length !== 1) throw new HttpError(500, "required query parameter 'by' not set");
  if (by[0] !== 'source' && by[0] !== 'destination') throw new HttpError(500, "'by' parameter must be one of 'source' or 'destination'");
  const end = by[0];
  const names = request.query.getAll('name');
  if (names.length === 0) throw new HttpError(500, "required query parameter 'name' not set");
  const found = names.map((given) => {
    const name = serviceName(given, 'name');
    return [given, matchIntentions(mesh.snapshot.value, dc, { by: end, name }).value.map(intentionJson)] as const;
  });
  return json(Object.fromEntries(found));
}

function check(request: ApiRequest, mesh: Api): Answer {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const { source, destination } = ends(request);
  return json({ Allowed: authorize(mesh.snapshot.value, dc, source, destination).allowed });
}

async function readExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => exactIntention(s, dc, source, destination));
  if (!value) throw new HttpError(404, 'Intention not found', { meta: { index } });
  return json(intentionJson(value), { index });
}

async function writeExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  const body = readObject(request.body, (text) => new HttpError(400, `Request decode failed: ${text}`));
  const existing = entry(mesh.snapshot.value, request.options.dc, 'service-intentions', destination).value;
  const meta = stringMap(body['Meta']);
  // Consul: Meta belongs to the whole entry, and comes back unchanged from a client that read it.
  if (Object.keys(meta).length > 0 && !sameMap(meta, existing?.Meta ?? {}))
    throw new HttpError(500, 'Meta must not be specified, or should be unchanged during an update.');
  await commitEdit(request, mesh, { ...editOf(body), source, destination });
  return json(true);
}

async function removeExact(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { source, destination } = ends(request);
  const { dc } = request.options;
  const existing = entry(mesh.snapshot.value, dc, 'service-intentions', destination).value;
  if (!existing || !exactIntention(mesh.snapshot.value, dc, source, destination).value) return json(true);
  const left = deleteIntention(existing, source);
  const cas = existing.ModifyIndex;
  const op: Op = left
    ? { type: 'put-entry', dc, entry: left, cas }
    : { type: 'delete-entry', dc, kind: 'service-intentions', name: existing.Name, cas };
  const { applied } = await mesh.commit([op]);
  return applied ? json(true) : removeExact(request, mesh);
}

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const body = readObject(request.body, (text) => new HttpError(500, `Failed to decode request body: ${text}`));
  const source = serviceName(stringOf(body['SourceName']), 'SourceName');
  const destination = serviceName(stringOf(body['DestinationName']), 'DestinationName');
  for (const field of ['SourceNS', 'DestinationNS']) {
    const namespace = stringOf(body[field]);
    // Consul CE: there is only this one; a name that was dropped would make a rule for another service.
    if (namespace !== '' && namespace !== 'default')
      throw new HttpError(400, `Invalid ${field} attribute: "${namespace}" - Namespaces are a Consul Enterprise feature`);
  }
  const missing = source === '' ? 'SourceName' : destination === '' ? 'DestinationName' : undefined;
  if (missing) throw new HttpError(500, `1 error occurred:\n\t* ${missing} must be set\n\n`);
  const twin = exactIntention(mesh.snapshot.value, request.options.dc, source, destination).value;
  if (twin) {
    const text = `${(twin.action ?? 'deny').toUpperCase()} default/${twin.source} => default/${twin.destination}`;
    throw new HttpError(500, `duplicate intention found: ${text} (Precedence: ${twin.precedence})`);
  }
  const meta = stringMap(body['Meta']);
  await commitEdit(request, mesh, { ...editOf(body), source, destination, ...(Object.keys(meta).length > 0 ? { meta } : {}) });
  return json({ ID: intentionId(request.options.dc, source, destination) });
}

/** Writes the entry of the destination as if the client had sent it whole; again if another write came in between. */
async function commitEdit(request: ApiRequest, mesh: Api, edit: IntentionEdit): Promise<void> {
  const { dc } = request.options;
  for (;;) {
    const existing = entry(mesh.snapshot.value, dc, 'service-intentions', edit.destination).value;
    const prepared = prepareEntry(fromJson(entryToJson(upsertIntention(existing, edit))));
    if (!prepared.entry) throw new HttpError(500, consulErrorText(prepared.problems));
    const { applied } = await mesh.commit([{ type: 'put-entry', dc, entry: prepared.entry, cas: existing?.ModifyIndex ?? 0 }]);
    if (applied) return;
  }
}

function editOf(body: Record<string, Json>): Omit<IntentionEdit, 'source' | 'destination'> {
  const action = stringOf(body['Action']);
  const description = stringOf(body['Description']);
  const permissions = Array.isArray(body['Permissions']) ? body['Permissions'] : [];
  const bare = permissions.length === 0;
  // An unknown action goes on to the validation, which has Consul's words for it.
  return {
    ...(bare || action !== '' ? { action: action as NonNullable<IntentionEdit['action']> } : {}),
    ...(bare ? {} : { permissions: permissions as unknown as NonNullable<IntentionEdit['permissions']> }),
    ...(description === '' ? {} : { description }),
  };
}

/** Field order and omissions of newer Consul, where intentions live in config entries and have no id and no times. */
function intentionJson(intention: Intention): object {
  return {
    ...(intention.description === '' ? {} : { Description: intention.description }),
    SourceNS: 'default',
    SourceName: intention.source,
    DestinationNS: 'default',
    DestinationName: intention.destination,
    SourceType: 'consul',
    ...(intention.action === undefined ? {} : { Action: intention.action }),
    ...(intention.permissions.length === 0 ? {} : { Permissions: intention.permissions }),
    ...(Object.keys(intention.meta).length === 0 ? {} : { Meta: intention.meta }),
    Precedence: intention.precedence,
    CreateIndex: intention.CreateIndex,
    ModifyIndex: intention.ModifyIndex,
  };
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

function readObject(body: string, fail: (text: string) => HttpError): Record<string, Json> {
  const { value, goError } = readJson({ name: 'request body', text: body });
  if (!value) throw fail(goError ?? 'EOF');
  const read = toJson(value);
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    throw fail(`json: cannot unmarshal ${typeof read} into Go value of type structs.Intention`);
  return read;
}

/** Intentions of config entries have no id; clients that ask for one get a name-based UUID, the same for the same two services. */
function intentionId(dc: string, source: string, destination: string): string {
  const hex = createHash('sha256')
    .update(JSON.stringify([dc, source, destination]))
    .digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `8${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join('-');
}

const stringOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function stringMap(value: Json | undefined): Record<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key, typeof v === 'string' ? v : JSON.stringify(v)]));
}

const sameMap = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
  Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([key, value]) => b[key] === value);
