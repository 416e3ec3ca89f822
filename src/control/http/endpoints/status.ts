import { json } from '../answer.ts';
import type { Api, Endpoint } from '../endpoint.ts';

/** There is one server, this one. Consul's clients only look at whether the answer is empty; the port is Consul's for servers. */
const self = (mesh: Api): string => `${mesh.address.slice(0, mesh.address.lastIndexOf(':'))}:8300`;

export const status: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/status/leader',
    doc: 'Address of the leader; this agent always is its own.',
    acl: 'none',
    handle: (_request, mesh) => json(self(mesh)),
  },
  {
    method: 'GET',
    path: '/v1/status/peers',
    doc: 'Addresses of all servers.',
    acl: 'none',
    handle: (_request, mesh) => json([self(mesh)]),
  },
];
