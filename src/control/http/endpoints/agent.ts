import { nodeServices } from '../../../catalog/queries.ts';
import { agentServiceShape } from '../../../filter/shapes.ts';
import { CONSUL_COMPATIBILITY } from '../../compatibility.ts';
import { json } from '../answer.ts';
import type { Endpoint } from '../endpoint.ts';
import { agentServiceJson } from './shapes.ts';

export const agent: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/agent/self',
    doc: 'Configuration and identity of this agent; Config.Version is the Consul version that the API is compatible with.',
    acl: 'agent:read',
    handle: (_request, mesh) => {
      const { datacenter, nodeName, nodeId, version } = mesh;
      const address = mesh.address.slice(0, mesh.address.lastIndexOf(':'));
      return json({
        Config: {
          Datacenter: datacenter,
          PrimaryDatacenter: datacenter,
          NodeName: nodeName,
          NodeID: nodeId,
          Revision: '',
          Server: true,
          Version: CONSUL_COMPATIBILITY,
          BuildDate: '1970-01-01T00:00:01Z',
        },
        DebugConfig: { ACLsEnabled: false, ConnectEnabled: true, Datacenter: datacenter, NodeName: nodeName, ServerMode: true },
        Member: { Name: nodeName, Addr: address, Port: 8301, Status: 1, Tags: { dc: datacenter, role: 'consul' } },
        Meta: { 'consul-network-segment': '', 'mesh-version': version },
      });
    },
  },
  {
    method: 'GET',
    path: '/v1/agent/services',
    doc: "Services of the agent's own node, by id.",
    acl: 'service:read',
    filter: agentServiceShape,
    handle: (request, mesh) => {
      const found = nodeServices(mesh.snapshot.value, mesh.datacenter, mesh.nodeName).value;
      const all = (found?.services ?? []).map((service) => [service.ID, agentServiceJson(service, mesh.datacenter, mesh.compat)] as const);
      return json(Object.fromEntries(all.filter(([, service]) => request.filter?.(service) ?? true)));
    },
  },
];
