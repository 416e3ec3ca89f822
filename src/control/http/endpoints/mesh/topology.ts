import type { Authorizer } from '../../../../acl/authorizer.ts';
import type { Topology } from '../../../../api/topology.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import type { Serving } from '../../../../topology/services.ts';
import { topologyOf } from '../../../../topology/topology.ts';
import type { AgentServices } from '../../../agent/services.ts';
import { answerQuery } from '../../blocking.ts';
import type { Api, Endpoint } from '../../endpoint.ts';
import { configsOf, shapedAt, shapedBy } from './catalog-view.ts';

export const topology: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/topology',
    doc: 'Services, gateways and their instances in all datacenters, or what concerns the one of ?dc=, and who is to call whom: from the configuration of the sidecars, with what intentions say.',
    acl: 'service:read, node:read',
    handle: (request, mesh) =>
      answerQuery(request, mesh, (s) => {
        const index = shapedAt(s);
        const all = topologyOf(s, contextOf(s, mesh));
        const value: Topology = { index, ...readable(of(all, request.query.get('dc')), request.acl) };
        return { value, index, watch: shapedBy(s) };
      }),
  },
];

function contextOf(s: Snapshot, mesh: Api): Parameters<typeof topologyOf>[1] {
  return {
    defaultAction: mesh.acls.intentionDefault,
    config: configsOf(s, mesh),
    serving: (id) => servingOf(mesh.agent.traffic.status, id),
  };
}

function servingOf({ value }: AgentServices['traffic']['status'], id: string): Serving | undefined {
  const status = value.proxies[id];
  return status && { serves: status.ackedIndex > 0, ...(status.error === undefined ? {} : { error: status.error }) };
}

type Parts = Omit<Topology, 'index'>;

/** What is there, leads there or comes from there. */
function of(all: Parts, dc: string | null): Parts {
  if (!dc) return all;
  const edges = all.edges.filter(({ sourceDatacenter, destinationDatacenter }) => sourceDatacenter === dc || destinationDatacenter === dc);
  const ends = new Set(
    edges.flatMap((edge) => [`${edge.sourceDatacenter}/${edge.source}`, `${edge.destinationDatacenter}/${edge.destination}`]),
  );
  const services = all.services.filter(({ datacenter, name }) => datacenter === dc || ends.has(`${datacenter}/${name}`));
  return { ...all, services, edges };
}

function readable({ datacenters, services, edges }: Parts, acl: Authorizer): Parts {
  const mayRead = (service: string): boolean => acl.allows('service', 'read', service);
  return {
    datacenters,
    services: acl
      .filter(services, ({ name }) => mayRead(name))
      .map((service) => ({ ...service, instances: acl.filter(service.instances, ({ node }) => acl.allows('node', 'read', node)) })),
    edges: acl.filter(edges, ({ source, destination }) => mayRead(source) && mayRead(destination)),
  };
}
