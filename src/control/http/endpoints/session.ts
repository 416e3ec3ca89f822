import { sessionIdProblem } from '../../../catalog/session-id.ts';
import { session as sessionById, sessions, sessionsOfNode } from '../../../catalog/sessions.ts';
import type { Session } from '../../../catalog/types.ts';
import { untilFound } from '../absent.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { answerQuery } from '../blocking.ts';
import { requireWritableDatacenter } from '../datacenter.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { readSession } from './session-body.ts';

export const session: readonly Endpoint[] = [
  {
    method: 'PUT',
    path: '/v1/session/create',
    doc: 'Makes a session on the own node, or on the Node of the body, and answers its id.',
    acl: 'session:write',
    handle: create,
  },
  {
    method: 'PUT',
    path: '/v1/session/destroy/:id',
    doc: 'Ends a session: its keys are released or deleted, as its Behavior says. One that is not there is fine.',
    acl: 'session:write',
    handle: destroy,
  },
  {
    method: 'PUT',
    path: '/v1/session/renew/:id',
    doc: 'Lets the TTL of a session begin anew, and answers the session.',
    acl: 'session:write',
    handle: renew,
  },
  {
    method: 'GET',
    path: '/v1/session/info/:id',
    doc: 'One session in a list, which is empty when it is not there.',
    acl: 'session:read',
    handle(request, mesh) {
      const id = requireId(request);
      const problem = sessionIdProblem(id);
      if (problem !== undefined) throw new HttpError(500, problem, { meta: { index: 1 }, headers: { 'X-Consul-Knownleader': 'false' } });
      const query = untilFound((s, dc) => sessionById(s, dc, id));
      return answerQuery(request, mesh, query, (found) => readable(request, found));
    },
  },
  {
    method: 'GET',
    path: '/v1/session/node/:node',
    doc: 'The sessions of a node.',
    acl: 'session:read',
    pure: true,
    handle(request, mesh) {
      const [node = ''] = request.params;
      if (node === '') throw new HttpError(400, 'Missing node name');
      return answerQuery(
        request,
        mesh,
        (s, dc) => sessionsOfNode(s, dc, node),
        (found) => readable(request, found),
      );
    },
  },
  {
    method: 'GET',
    path: '/v1/session/list',
    doc: 'All sessions, by id.',
    acl: 'session:read',
    pure: true,
    handle: (request, mesh) => answerQuery(request, mesh, sessions, (found) => readable(request, found)),
  },
];

async function create(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  const wanted = readSession(request, mesh);
  request.acl.require('session', 'write', wanted.Node);
  requireWritableDatacenter(mesh, dc);
  const id = mesh.random.uuid();
  const { applied, outcomes } = await mesh.commit([{ type: 'session-create', dc, session: { ID: id, ...wanted } }]);
  if (!applied) throw new HttpError(500, (outcomes[0] as { error: string }).error);
  return json({ ID: id });
}

async function destroy(request: ApiRequest, mesh: Api): Promise<Answer> {
  const { dc } = request.options;
  const found = find(request, mesh);
  if (found) request.acl.require('session', 'write', found.Node);
  if (found) await mesh.commit([{ type: 'session-destroy', dc, id: found.ID }]);
  return json(true);
}

function renew(request: ApiRequest, mesh: Api): Answer {
  const found = find(request, mesh);
  if (!found) throw new HttpError(404, `Session id '${requireId(request)}' not found`);
  request.acl.require('session', 'write', found.Node);
  mesh.sessions.renew(request.options.dc, found);
  return json([sessionJson(found)]);
}

function find(request: ApiRequest, mesh: Api): Session | undefined {
  const id = requireId(request);
  const { dc } = request.options;
  requireWritableDatacenter(mesh, dc);
  const problem = sessionIdProblem(id);
  if (problem !== undefined) throw new HttpError(500, problem);
  return sessionById(mesh.snapshot.value, dc, id).value[0];
}

function requireId(request: ApiRequest): string {
  const [id = ''] = request.params;
  if (id === '') throw new HttpError(400, 'Missing session');
  return id;
}

const readable = ({ acl }: ApiRequest, found: readonly Session[]) =>
  acl.filter(found, (row) => acl.allows('session', 'read', row.Node)).map(sessionJson);

function sessionJson({ ID, Name, Node, LockDelay, Behavior, TTL, NodeChecks, ServiceChecks, CreateIndex, ModifyIndex }: Session) {
  const services = ServiceChecks.map((check) => ({ ID: check.ID, Namespace: check.Namespace ?? '' }));
  return {
    ID,
    Name,
    Node,
    LockDelay,
    Behavior,
    TTL,
    NodeChecks,
    ServiceChecks: services.length === 0 ? null : services,
    CreateIndex,
    ModifyIndex,
  };
}
