import type { TopologyInstance, TopologyService } from '../api/topology.ts';
import { compareTexts } from '../base/order.ts';
import { gatewayServices } from '../catalog/gateways.ts';
import { entries, type Instance, instanceChecks, node, serviceInstances, services, worstStatus } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { Service } from '../catalog/types.ts';
import { serviceProtocol } from '../compile/protocol.ts';
import { isSidecar, proxyId, type Sidecar } from '../compile/proxy-id.ts';

/** How the data plane of the agent serves a proxy. */
export interface Serving {
  readonly serves: boolean;
  readonly error?: string;
}

/** The agent's own service, which takes no part in the mesh. */
const CONSUL = 'consul';

/** Services of a datacenter by name, without the sidecars that are theirs. `serving` is undefined for proxies of other data planes. */
export function servicesOf(s: Snapshot, dc: string, serving: (proxy: string) => Serving | undefined): TopologyService[] {
  const sidecars = sidecarsByInstance(s, dc);
  const linked = terminatedServices(s, dc);
  const found = Object.keys(services(s, dc).value).flatMap((name) => {
    const instances = serviceInstances(s, dc, name).value.filter(({ service }) => service.Kind !== 'connect-proxy');
    if (instances.length === 0 || name === CONSUL) return [];
    const shown = instances.map((instance) => instanceOf(s, dc, instance, sidecars, serving));
    const isOutside = shown.every(({ sidecar }) => !sidecar) && (linked.has(name.toLowerCase()) || instances.every(isExternalNode));
    return [describe(s, dc, name, kindOf(instances[0]!.service, isOutside), shown)];
  });
  const known = new Set(found.map(({ name }) => name.toLowerCase()));
  const elsewhere = [...linked].filter(([key]) => !known.has(key)).map(([, name]) => describe(s, dc, name, 'external', []));
  return [...found, ...elsewhere].sort((a, b) => compareTexts(a.name, b.name));
}

/** One that something leads to, and that is not registered. */
export function missingService(s: Snapshot, dc: string, name: string): TopologyService {
  return describe(s, dc, name, 'service', []);
}

function describe(
  s: Snapshot,
  dc: string,
  name: string,
  kind: TopologyService['kind'],
  instances: readonly TopologyInstance[],
): TopologyService {
  const protocol = s.datacenters.has(dc) ? serviceProtocol(s, dc, name) : 'tcp';
  return { name, datacenter: dc, kind, protocol, instances };
}

function kindOf({ Kind: kind }: Service, isOutside: boolean): TopologyService['kind'] {
  if (kind === 'ingress-gateway' || kind === 'terminating-gateway' || kind === 'api-gateway' || kind === 'mesh-gateway') return kind;
  return isOutside ? 'external' : 'service';
}

/** Consul: nodes without an agent are registered so. */
const isExternalNode = ({ node: { Meta } }: Instance): boolean => Meta['external-node'] === 'true';

/** What terminating gateways are linked to, by name in lower case. */
function terminatedServices(s: Snapshot, dc: string): Map<string, string> {
  const gateways = entries(s, dc, 'terminating-gateway').value;
  const linked = gateways.flatMap(({ Name }) => gatewayServices(s, dc, Name).value.filter(({ kind }) => kind === 'terminating-gateway'));
  return new Map(linked.map(({ service }) => [service.toLowerCase(), service]));
}

const instanceKey = (nodeName: string, id: string): string => `${nodeName}/${id}`.toLowerCase();

function sidecarsByInstance(s: Snapshot, dc: string): Map<string, Sidecar> {
  const found = [...datacenter(s, dc).services.values()].filter(isSidecar);
  return new Map(found.map((one) => [instanceKey(one.Node, one.Proxy.DestinationServiceID || one.Proxy.DestinationServiceName), one]));
}

function instanceOf(
  s: Snapshot,
  dc: string,
  { node: on, service, checks }: Instance,
  sidecars: ReadonlyMap<string, Sidecar>,
  serving: (proxy: string) => Serving | undefined,
): TopologyInstance {
  const sidecar = sidecars.get(instanceKey(on.Node, service.ID));
  return {
    id: service.ID,
    node: on.Node,
    address: addressOf(service, on.Address),
    health: worstStatus(checks),
    tags: service.Tags,
    meta: service.Meta,
    ...(sidecar ? { sidecar: sidecarOf(s, dc, sidecar, serving) } : {}),
  };
}

/** What another data plane serves is known by its checks alone. */
function sidecarOf(
  s: Snapshot,
  dc: string,
  sidecar: Sidecar,
  serving: (proxy: string) => Serving | undefined,
): NonNullable<TopologyInstance['sidecar']> {
  const id = proxyId(dc, sidecar);
  const state = serving(id) ?? { serves: worstStatus(instanceChecks(s, dc, sidecar.Node, sidecar.ID)) !== 'critical' };
  return { id, address: addressOf(sidecar, node(s, dc, sidecar.Node)?.Address ?? ''), ...state };
}

function addressOf({ Address, Port, SocketPath }: Service, ofNode: string): string {
  if (SocketPath) return SocketPath;
  const host = Address || ofNode;
  return `${host.includes(':') ? `[${host}]` : host}:${Port}`;
}
