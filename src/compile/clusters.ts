import { healthyMeshEndpoints } from '../catalog/gateways.ts';
import { type Instance, worstStatus } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { serviceIdentity } from '../pki/spiffe.ts';
import type { Chain, ResolverNode } from './chain-model.ts';
import { loadBalancerOf } from './load-balancer.ts';
import { distanceOf, type Locality } from './locality.ts';
import { listenerProtocol } from './protocol.ts';
import {
  type Cluster,
  type ClusterLimits,
  type Endpoint,
  isHttp2,
  type LoadBalancer,
  type OutlierDetection,
  type TlsParameters,
} from './proxy-config.ts';

/** What the caller says of all clusters of an upstream. */
export interface ClusterSettings {
  readonly limits?: ClusterLimits | undefined;
  readonly outlier?: OutlierDetection | undefined;
  /** Stronger than that of the resolver. */
  readonly policy?: LoadBalancer['policy'] | undefined;
  readonly tls?: TlsParameters | undefined;
  /** Where the caller is. */
  readonly locality?: Locality | undefined;
}

/** Consul prefixes what an upstream has customised, since others use the same target as it is. */
export function clusterName(chain: Chain, target: string): string {
  return chain.customizationHash === undefined ? target : `${chain.customizationHash}~${target}`;
}

export function clustersOf(s: Snapshot, chain: Chain, trustDomain: string, settings: ClusterSettings = {}): Cluster[] {
  const clusters = new Map<string, Cluster>();
  const resolvers = Object.values(chain.nodes).filter((node) => node.type === 'resolver');
  // What calls fail over to is a cluster too, unless routes lead there anyway and it has more to say. Consul: it balances as what it stands in for.
  for (const node of resolvers)
    for (const id of node.failover) clusters.set(id, clusterOf(s, chain, id, trustDomain, settings, node.loadBalancer));
  for (const { target, requestTimeoutMs, failover, loadBalancer } of resolvers) {
    const others = [...new Set(failover)].filter((other) => other !== target);
    clusters.set(target, {
      ...clusterOf(s, chain, target, trustDomain, settings, loadBalancer),
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
      ...(others.length === 0 ? {} : { failover: others.map((other) => clusterName(chain, other)) }),
    });
  }
  return [...clusters.values()];
}

function clusterOf(
  s: Snapshot,
  chain: Chain,
  id: string,
  trustDomain: string,
  { limits, outlier, policy, locality, tls }: ClusterSettings,
  balancer: ResolverNode['loadBalancer'],
): Cluster {
  const target = chain.targets[id]!;
  const { service, datacenter, sni, connectTimeoutMs } = target;
  const loadBalancer = policy ? { policy } : loadBalancerOf(balancer);
  const from = target.byLocality ? locality : undefined;
  const placed = (instance: Instance): Endpoint => {
    const priority = from ? distanceOf(s, datacenter, from, instance) : 0;
    return { ...endpointOf(instance), ...(priority === 0 ? {} : { priority }) };
  };
  const protocol = listenerProtocol(chain.protocol);
  return {
    name: clusterName(chain, id),
    service,
    datacenter,
    sni,
    identities: [serviceIdentity(trustDomain, datacenter, service)],
    ...(tls ? { tls } : {}),
    connectTimeoutMs,
    endpoints: healthyMeshEndpoints(s, datacenter, service, target).map(placed),
    ...(loadBalancer ? { loadBalancer } : {}),
    ...(outlier ? { outlier } : {}),
    ...(limits ? { limits } : {}),
    ...(isHttp2(protocol) ? { protocol } : {}),
  };
}

/** Consul: an instance with a warning gets its own, usually smaller, weight. */
export function endpointOf({ node, service, checks }: Instance): Endpoint {
  const weight = worstStatus(checks) === 'warning' ? service.Weights.Warning : service.Weights.Passing;
  return {
    id: `${service.Node}/${service.ID}`,
    address: service.Address || node.Address,
    port: service.Port,
    weight: Math.max(1, weight),
  };
}
