import { executePreparedQuery } from '../catalog/execute-query.ts';
import { resolveQuery } from '../catalog/prepared-queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import { serviceIdentity } from '../pki/spiffe.ts';
import { type ClusterSettings, endpointOf } from './clusters.ts';
import type { Cluster } from './proxy-config.ts';

const DEFAULT_CONNECT_TIMEOUT_MS = 5_000;

export interface QueryContext {
  readonly dc: string;
  /** The caller's: what `_agent` means in a query. */
  readonly node: string;
  readonly trustDomain: string;
  readonly connectTimeoutMs: number | undefined;
  readonly settings: ClusterSettings;
}

/**
 * The cluster of an upstream that is a prepared query: what it finds now, its failover to other datacenters included. There is no
 * discovery chain: it has neither routes nor subsets. One that is not there, or finds nothing, is a cluster without endpoints.
 */
export function queryCluster(s: Snapshot, upstream: ProxyUpstream, context: QueryContext): Cluster {
  const { node, trustDomain, settings } = context;
  const name = upstream.DestinationName;
  const dc = upstream.Datacenter || context.dc;
  const { query } = { query: undefined, ...resolveQuery(s, dc, name) };
  // Turns are the data plane's to give: in which order a query lists what it found means nothing here.
  const found = query && executePreparedQuery(s, dc, query, { connect: true, ownNode: node, random: () => 0 });
  const service = query?.Service.Service ?? name;
  const datacenter = found?.datacenter ?? dc;
  const { limits, outlier, policy, tls } = settings;
  return {
    name: queryName(upstream),
    service,
    datacenter,
    // Consul's `QuerySNI`.
    sni: `${name}.default.${dc}.query.${trustDomain}`,
    identities: [serviceIdentity(trustDomain, datacenter, service)],
    ...(tls ? { tls } : {}),
    connectTimeoutMs: context.connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
    endpoints: (found?.instances ?? []).map(endpointOf).sort((a, b) => (a.id < b.id ? -1 : 1)),
    ...(policy ? { loadBalancer: { policy } } : {}),
    ...(outlier ? { outlier } : {}),
    ...(limits ? { limits } : {}),
  };
}

/** Consul's id of such an upstream. */
export function queryName({ DestinationName, Datacenter }: ProxyUpstream): string {
  return `prepared_query:${DestinationName}${Datacenter === '' ? '' : `?dc=${Datacenter}`}`;
}
