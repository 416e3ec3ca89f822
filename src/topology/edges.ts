import type { TopologyEdge } from '../api/topology.ts';
import { compareTexts } from '../base/order.ts';
import { type Cluster, type InboundListener, type ProxyConfig, subsetOf, type TlsParameters } from '../compile/proxy-config.ts';
import { decide, describeDecision } from '../matching/decide.ts';
import { clustersOf } from './routed.ts';
import { commonTlsVersion } from './tls-version.ts';

/** Who may call a service, as its sidecars judge it. */
export type Guarded = Pick<InboundListener, 'intentions' | 'defaultAction' | 'tls'>;

/** Who is to call whom, from what sidecars and gateways do. `guard` says what a service asks of its callers. */
export function edgesOf(configs: readonly ProxyConfig[], guard: (datacenter: string, service: string) => Guarded): TopologyEdge[] {
  const edges = new Map<string, TopologyEdge>();
  for (const config of configs) {
    for (const edge of [...upstreamEdges(config, guard), ...terminatedEdges(config)]) {
      const key = keyOf(edge);
      const known = edges.get(key);
      edges.set(key, known ? merged(known, edge) : edge);
    }
  }
  return [...edges].sort(([a], [b]) => compareTexts(a, b)).map(([, edge]) => edge);
}

function upstreamEdges(config: ProxyConfig, guard: (datacenter: string, service: string) => Guarded): TopologyEdge[] {
  const { service: source, datacenter, identity, inbound, clusters } = config;
  return config.outbound.flatMap((listener) => {
    const listens = inbound ? listener.binds.map(({ address, port }) => `${address}:${port}`) : [];
    const reached = clustersOf(listener, clusters).flatMap((name) => clusters[name] ?? []);
    return reached.map((cluster): TopologyEdge => {
      const guarded = guard(cluster.datacenter, cluster.service);
      return {
        ...ends({ source, datacenter }, cluster),
        upstream: listener.name,
        listens,
        protocol: listener.protocol,
        subsets: [subsetOf(cluster)],
        identity,
        expects: cluster.identities,
        ...intentionOf(guarded, source, cluster.service),
        ...tlsOf(cluster, guarded.tls),
      };
    });
  });
}

/** What a terminating gateway leads to: it has judged the callers of a service in the name of that service. */
function terminatedEdges({ service: source, datacenter, identity, terminating, clusters }: ProxyConfig): TopologyEdge[] {
  return (terminating?.services ?? []).flatMap(({ cluster: name, protocol }) => {
    const cluster = clusters[name];
    if (!cluster) return [];
    return [
      {
        ...ends({ source, datacenter }, cluster),
        upstream: cluster.service,
        listens: [],
        protocol,
        subsets: [subsetOf(cluster)],
        identity,
        expects: [],
        intention: 'allow',
        rule: `${source} has judged the callers of ${cluster.service}`,
        ...tlsOf(cluster),
      },
    ];
  });
}

type Ends = Pick<TopologyEdge, 'source' | 'sourceDatacenter' | 'destination' | 'destinationDatacenter'>;

function ends({ source, datacenter }: { readonly source: string; readonly datacenter: string }, to: Cluster): Ends {
  return { source, sourceDatacenter: datacenter, destination: to.service, destinationDatacenter: to.datacenter };
}

function tlsOf({ external, tls }: Cluster, there?: TlsParameters): Pick<TopologyEdge, 'tls' | 'tlsVersion'> {
  if (external) return external.tls ? { tls: 'originated' } : {};
  const version = commonTlsVersion(tls, there);
  return { tls: 'mutual', ...(version === undefined ? {} : { tlsVersion: version.replace('TLSv', '') }) };
}

/** What is not known before a request is seen, by its path or its token, is mixed. */
function intentionOf(
  { intentions, defaultAction }: Guarded,
  source: string,
  destination: string,
): Pick<TopologyEdge, 'intention' | 'rule'> {
  const decision = decide(intentions, defaultAction, source);
  const { rule } = decision;
  if (rule?.permissions || rule?.tokens) {
    const asks = rule.permissions ? `${rule.permissions.length} permissions` : 'a token';
    const text = describeDecision({ action: decision.action, rule }, destination).replace(/^intention \w+ /, 'intention ');
    return { intention: 'mixed', rule: `${text}: ${asks.replace(/^1 permissions$/, '1 permission')}` };
  }
  return { intention: decision.action, rule: describeDecision(decision, destination) };
}

function keyOf({ sourceDatacenter, source, upstream, destinationDatacenter, destination }: TopologyEdge): string {
  return [sourceDatacenter, source, upstream, destinationDatacenter, destination].join('\u0000');
}

/** The same edge of another instance, or to another subset. */
function merged(a: TopologyEdge, b: TopologyEdge): TopologyEdge {
  return {
    ...a,
    listens: union(a.listens, b.listens),
    subsets: union(a.subsets, b.subsets),
    expects: union(a.expects, b.expects),
  };
}

const union = (a: readonly string[], b: readonly string[]): string[] => [...new Set([...a, ...b])].sort(compareTexts);
