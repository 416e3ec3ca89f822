import type { Authorizer } from '../../../../acl/authorizer.ts';
import type { Topology } from '../../../../api/topology.ts';
import { changeKeys } from '../../../../catalog/keys.ts';
import { catalogIndex, datacenterNames, tableIndex } from '../../../../catalog/queries.ts';
import type { Snapshot } from '../../../../catalog/snapshot.ts';
import { buildProxyConfig } from '../../../../compile/proxy.ts';
import type { Serving } from '../../../../topology/services.ts';
import { topologyOf } from '../../../../topology/topology.ts';
import type { AgentServices } from '../../../agent/services.ts';
import { answerQuery } from '../../blocking.ts';
import type { Api, Endpoint } from '../../endpoint.ts';

export const topology: readonly Endpoint[] = [
  {
    method: 'GET',
    path: '/v1/mesh/topology',
    doc: 'Services, gateways and their instances in all datacenters, or what concerns the one of ?dc=, and who is to call whom: from the configuration of the sidecars, with what intentions say.',
    acl: 'service:read, node:read',
    handle: (request, mesh) =>
      answerQuery(request, mesh, (s) => {
        const index = indexOf(s);
        const all = topologyOf(s, contextOf(s, mesh));
        const value: Topology = { index, ...readable(of(all, request.query.get('dc')), request.acl) };
        return { value, index, watch: watchOf(s) };
      }),
  },
];

function contextOf(s: Snapshot, { trustDomain, acls, agent }: Api): Parameters<typeof topologyOf>[1] {
  const { intentionDefault: defaultAction } = acls;
  const options = { trustDomain, defaultIntention: defaultAction, extraLoopback: false };
  return {
    defaultAction,
    config: (id) => {
      const served = agent.traffic.config(id);
      if (served) return served;
      const built = buildProxyConfig(s, id, options);
      return built.ok ? built.value : undefined;
    },
    serving: (id) => servingOf(agent.traffic.status, id),
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

const indexOf = (s: Snapshot): number =>
  Math.max(1, ...datacenterNames(s).map((dc) => Math.max(catalogIndex(s, dc), tableIndex(s, dc, 'config'))));

const watchOf = (s: Snapshot): string[] =>
  datacenterNames(s).flatMap((dc) =>
    (['node', 'service', 'connect', 'config', 'intentions', 'query'] as const).map((sort) => changeKeys.all(dc, sort)),
  );
