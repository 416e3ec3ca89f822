import type { Topology } from '../api/topology.ts';
import { datacenterNames } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { policyOf } from '../compile/inbound.ts';
import { listenerProtocol, serviceProtocol } from '../compile/protocol.ts';
import type { InboundListener, ProxyConfig } from '../compile/proxy-config.ts';
import { allProxyIds } from '../compile/proxy-id.ts';
import { edgesOf, type Guarded } from './edges.ts';
import { missingService, type Serving, servicesOf } from './services.ts';

export interface TopologyContext {
  readonly defaultAction: InboundListener['defaultAction'];
  /** What a sidecar or gateway does; undefined as long as nothing can be made of its registration. */
  config(proxy: string): ProxyConfig | undefined;
  /** Undefined for a proxy of another data plane. */
  serving(proxy: string): Serving | undefined;
}

/** Who there is in all datacenters, and who is to talk to whom. */
export function topologyOf(s: Snapshot, context: TopologyContext): Omit<Topology, 'index'> {
  const datacenters = datacenterNames(s);
  const configs = allProxyIds(s).flatMap((id) => context.config(id) ?? []);
  const edges = edgesOf(configs, guardOf(s, configs, context.defaultAction));
  const services = datacenters.flatMap((dc) => servicesOf(s, dc, (id) => context.serving(id)));
  const known = new Set(services.map(({ datacenter, name }) => keyOf(datacenter, name)));
  for (const { destination, destinationDatacenter: dc } of edges) {
    if (known.has(keyOf(dc, destination))) continue;
    known.add(keyOf(dc, destination));
    services.push(missingService(s, dc, destination));
  }
  return { datacenters, services, edges };
}

const keyOf = (datacenter: string, service: string): string => `${datacenter}/${service}`.toLowerCase();

/** By what stands for a service in the mesh, its sidecar or a gateway; by its intentions where nothing does. */
function guardOf(
  s: Snapshot,
  configs: readonly ProxyConfig[],
  defaultAction: InboundListener['defaultAction'],
): (datacenter: string, service: string) => Guarded {
  const guards = new Map<string, Guarded>();
  for (const { datacenter, service, inbound, terminating } of configs) {
    if (inbound) guards.set(keyOf(datacenter, service), inbound);
    for (const one of terminating?.services ?? []) guards.set(keyOf(datacenter, one.service), one);
  }
  return (datacenter, service) => {
    const key = keyOf(datacenter, service);
    const known = guards.get(key) ?? unguarded(s, datacenter, service, defaultAction);
    guards.set(key, known);
    return known;
  };
}

function unguarded(s: Snapshot, dc: string, service: string, defaultAction: InboundListener['defaultAction']): Guarded {
  if (!s.datacenters.has(dc)) return { intentions: [], defaultAction };
  return policyOf(s, dc, service, listenerProtocol(serviceProtocol(s, dc, service)), defaultAction);
}
