import { datacenterNames } from '../../../catalog/queries.ts';
import { type Answer, HttpError, json } from '../answer.ts';
import { requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';

/** Datacenters are federated without mesh gateways: each has a state that says so since the agent began. */
export const federation: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/internal/federation-states',
    doc: 'What datacenters tell each other of themselves.',
    acl: 'operator:read',
    handle(request, mesh) {
      request.acl.require('operator', 'read');
      return json(
        datacenterNames(mesh.snapshot.value).map((dc) => stateOf(mesh, dc)),
        { index: 1 },
      );
    },
  },
  {
    method: 'GET',
    path: '/v1/internal/federation-states/mesh-gateways',
    doc: 'Mesh gateways by datacenter; none is needed here.',
    acl: 'operator:read',
    handle(request) {
      request.acl.require('operator', 'read');
      return json({}, { index: 1 });
    },
  },
  {
    method: 'GET',
    path: '/v1/internal/federation-state/:datacenter',
    doc: 'What one datacenter tells the others of itself.',
    acl: 'operator:read',
    handle: one,
  },
];

function one(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('operator', 'read');
  requireDatacenter(mesh, request.options.dc);
  const [dc = ''] = request.params;
  if (!datacenterNames(mesh.snapshot.value).includes(dc)) throw new HttpError(404, '');
  const meta = { Index: 1, LastContact: 0, KnownLeader: true, ConsistencyLevel: '' };
  const newer = mesh.compat === '1.8' ? {} : { NotModified: false, Backend: 0, ResultsFilteredByACLs: false };
  return json({ State: stateOf(mesh, dc), ...meta, ...newer }, { index: 1 });
}

const stateOf = (mesh: Api, dc: string): object => ({
  Datacenter: dc,
  UpdatedAt: new Date(mesh.agent.startedAt).toISOString(),
  PrimaryModifyIndex: 1,
  CreateIndex: 1,
  ModifyIndex: 1,
});
