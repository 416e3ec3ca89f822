import { json } from '../answer.ts';
import { requireDatacenter } from '../blocking.ts';
import type { Api, ApiRequest, Endpoint } from '../endpoint.ts';
import { hostOf } from './agent/membership.ts';

/** There is one server, this one. Consul's clients only look at whether the answer is empty; the port is Consul's for servers. */
export const serverAddress = (mesh: Api): string => {
  const host = hostOf(mesh);
  return `${host.includes(':') ? `[${host}]` : host}:${mesh.tuning.ports.server}`;
};

const known = (request: ApiRequest, mesh: Api): string => {
  requireDatacenter(mesh, request.options.dc);
  return serverAddress(mesh);
};

export const status: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/status/leader',
    doc: 'Address of the leader; this agent always is its own.',
    acl: 'none',
    handle: (request, mesh) => json(known(request, mesh)),
  },
  {
    method: 'GET',
    path: '/v1/status/peers',
    doc: 'Addresses of all servers.',
    acl: 'none',
    handle: (request, mesh) => json([known(request, mesh)]),
  },
];
