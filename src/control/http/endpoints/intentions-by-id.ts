import { goTime } from '../../../base/go-time.ts';
import { type Intention, type IntentionEdit, intentionById, listIntentions } from '../../../catalog/intentions.ts';
import { entry, type QueryResult } from '../../../catalog/queries.ts';
import type { Snapshot } from '../../../catalog/snapshot.ts';
import { uuidProblem } from '../../../catalog/uuid.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { blockingQuery, requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { jsonOfWrite } from '../entry-cautions.ts';
import { readJsonBody } from '../json-body.ts';
import { editOf, type IntentionBody, intentionBody, refuseElsewhere, refuseInvalid } from './intention-body.ts';
import { intentionJson, nameBasedId } from './intention-json.ts';
import { putIntention, refuseTwin, removal } from './intention-write.ts';
import { mayReadIntention } from './intentions-acl.ts';

/** The endpoints of Consul before 1.9, which its command line and Terraform's provider still use. Newer Consul keeps them. */
export const intentionsById: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/v1/connect/intentions',
    doc: 'Creates an intention and answers its id; refuses one that exists. Deprecated by Consul, used by its command line and Terraform.',
    acl: 'intention:write',
    handle: create,
  },
  {
    method: 'GET',
    path: '/v1/connect/intentions/:id',
    doc: 'The intention with this id. Those of config entries have none.',
    acl: 'intention:read',
    handle: read,
  },
  {
    method: 'PUT',
    path: '/v1/connect/intentions/:id',
    doc: 'Replaces the intention with this id.',
    acl: 'intention:write',
    handle: update,
  },
  {
    method: 'DELETE',
    path: '/v1/connect/intentions/:id',
    doc: 'Deletes the intention with this id.',
    acl: 'intention:write',
    handle: remove,
  },
];

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const body = readJsonBody(request, intentionBody, { prefix: 'Failed to decode request body: ', status: 500 });
  refuseElsewhere(body);
  request.acl.require('intention', 'write', body.DestinationName ?? '');
  if (body.ID) throw new HttpError(500, 'ID must be empty when creating a new intention');
  refuseInvalid(body);
  refuseMetaOfEntry(mesh, dc, body);
  const id = mesh.random.uuid();
  const now = goTime(mesh.clock.now());
  const written = await putIntention(mesh, dc, legacyEdit(body, { id, createdAt: now, updatedAt: now }), { fresh: true });
  return jsonOfWrite({ ID: id }, request, mesh, written);
}

async function read(request: ApiRequest, mesh: Api): Promise<Answer> {
  const id = request.params[0]!;
  const wrong = problemOfId(id);
  if (wrong !== undefined) throw new HttpError(400, `${mesh.compat === '1.8' ? 'Bad request: ' : ''}${wrong}`);
  const { value, index } = await blockingQuery(request, mesh, (s, dc) => find(s, dc, id));
  if (!value) throw new HttpError(404, 'Intention not found');
  if (!mayReadIntention(request.acl, value)) request.acl.require('intention', 'read', value.destination);
  const answer = intentionJson(value, request.options.dc, mesh.compat);
  return mesh.compat === '1.8' ? json(answer) : json(answer, { index });
}

async function update(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const id = request.params[0]!;
  const prefix = `${mesh.compat === '1.8' ? 'Bad request: ' : ''}Request decode failed: `;
  const body = readJsonBody(request, intentionBody, { prefix });
  refuseElsewhere(body);
  const existing = required(mesh, dc, id, 'modify');
  request.acl.require('intention', 'write', existing.destination);
  const isMoved = existing.destination !== body.DestinationName;
  if (isMoved && mesh.compat !== '1.8')
    throw new HttpError(500, 'Cannot modify Destination partition/namespace/name for an intention once it exists.');
  refuseInvalid(body);
  if (isMoved) request.acl.require('intention', 'write', body.DestinationName!);
  refuseMetaOfEntry(mesh, dc, body);
  const updatedAt = goTime(mesh.clock.now());
  const edit = legacyEdit(body, { id, createdAt: existing.legacy?.createdAt ?? updatedAt, updatedAt });
  if (!isSame(existing, edit)) refuseTwin(mesh, dc, edit);
  // 1.8 let an intention move to another destination.
  const written = await putIntention(mesh, dc, edit, isMoved ? { insteadOf: existing } : {});
  return jsonOfWrite({ ID: id }, request, mesh, written);
}

async function remove(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  requireDatacenter(mesh, dc);
  const id = request.params[0]!;
  for (let applied = false; !applied; ) {
    const { source, destination } = required(mesh, dc, id, 'delete');
    request.acl.require('intention', 'write', destination);
    const existing = entry(mesh.snapshot.value, dc, 'service-intentions', destination).value!;
    ({ applied } = await mesh.commit([removal(dc, existing, source)]));
  }
  return json(true);
}

/** Also those of config entries, by the ids under which 1.8's clients see them. */
function find(s: Snapshot, dc: string, id: string): QueryResult<Intention | undefined> {
  const found = intentionById(s, dc, id.toLowerCase());
  if (found.value) return found;
  const value = listIntentions(s, dc).value.find(
    (intention) => !intention.legacy && nameBasedId(dc, intention.source, intention.destination) === id,
  );
  return { ...found, value };
}

function required(mesh: Api, dc: string, id: string, verb: 'modify' | 'delete'): Intention {
  const wrong = problemOfId(id);
  if (wrong !== undefined) throw new HttpError(500, `Intention lookup failed: ${wrong}`);
  const { value } = find(mesh.snapshot.value, dc, id);
  if (!value) throw new HttpError(500, `Cannot ${verb} non-existent intention: '${id}'`);
  return value;
}

/** What Consul's index of ids says of what is none. */
function problemOfId(id: string): string | undefined {
  const problem = uuidProblem(id);
  return problem === undefined ? undefined : `failed intention lookup: index error: ${problem}`;
}

function legacyEdit(body: IntentionBody, legacy: { id: string; createdAt: string; updatedAt: string }): IntentionEdit {
  const { SourceName: source = '', DestinationName: destination = '', Meta: meta = {} } = body;
  return { ...editOf(body), source, destination, legacy: { ...legacy, meta } };
}

/** Consul: the Meta of an entry and those of its intentions don't go together. */
function refuseMetaOfEntry(mesh: Api, dc: string, { DestinationName: destination = '' }: IntentionBody): void {
  const existing = entry(mesh.snapshot.value, dc, 'service-intentions', destination).value;
  if (existing?.Meta && Object.keys(existing.Meta).length > 0) throw new HttpError(500, 'Meta must be omitted for legacy intention writes');
}

const isSame = (existing: Intention, edit: IntentionEdit): boolean =>
  existing.source.toLowerCase() === edit.source.toLowerCase() && existing.destination.toLowerCase() === edit.destination.toLowerCase();
