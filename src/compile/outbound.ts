import type { Result } from '../base/result.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import { compileChain } from './chain.ts';
import type { Chain, ChainOverrides, GraphError } from './chain-model.ts';
import { type ClusterSettings, clusterName, clustersOf } from './clusters.ts';
import { extensionsOf } from './extensions.ts';
import { patchedPolicy } from './load-balancer.ts';
import { localityOfProxy } from './locality.ts';
import { listenerProtocol, serviceDefaultsOf } from './protocol.ts';
import type { Cluster, OutboundListener } from './proxy-config.ts';
import type { Sidecar } from './proxy-id.ts';
import { queryCluster, queryName } from './query-upstream.ts';
import { routesOf } from './routes.ts';
import { positiveSetting, textSetting } from './settings.ts';
import { meshTls } from './tls-parameters.ts';
import { withTrafficMeta } from './traffic.ts';
import { limitsOf, outlierOf, withUpstreamConfig } from './upstream-settings.ts';

const LOOPBACK = '127.0.0.1';

export interface OutboundOptions {
  readonly trustDomain: string;
  /** Offer upstream ports on 127.0.0.1 too, where an address of the instance's own is bound. */
  readonly extraLoopback: boolean;
}

export interface Outbound {
  readonly listener: OutboundListener;
  readonly clusters: readonly Cluster[];
}

/** One upstream of a sidecar: where the application finds it, and where its calls may go. */
export function outbound(
  s: Snapshot,
  dc: string,
  sidecar: Sidecar,
  upstream: ProxyUpstream,
  options: OutboundOptions,
): Result<Outbound, GraphError> {
  const unfit = unfitUpstream(upstream);
  if (unfit !== undefined) return { ok: false, error: { service: upstream.DestinationName, message: unfit } };
  const settings = upstreamSettings(s, dc, sidecar, upstream);
  const binds = bindsOf(upstream, options);
  if (upstream.DestinationType === 'prepared_query')
    return { ok: true, value: queryOutbound(s, dc, sidecar, upstream, binds, settings, options) };
  const compiled = chainOf(s, dc, upstream, settings, options.trustDomain);
  if (!compiled.ok) return compiled;
  const chain = compiled.value;
  const listener: OutboundListener = {
    name: upstreamName(upstream),
    binds,
    protocol: listenerProtocol(chain.protocol),
    routes: routesOf(chain, (target) => clusterName(chain, target)),
  };
  const { trustDomain } = options;
  const context = { dc, trustDomain, clustersOf: (one: Chain) => clustersOf(s, one, trustDomain, settings.clusters) };
  const { routes, clusters } = withTrafficMeta(s, chain, context, { routes: listener.routes, clusters: context.clustersOf(chain) });
  return { ok: true, value: { listener: { ...listener, routes }, clusters } };
}

/** The chain of an upstream that is a service, with what the caller says of it; or why it can't be served. */
export function upstreamChain(s: Snapshot, dc: string, sidecar: Sidecar, upstream: ProxyUpstream): Result<Chain, GraphError> {
  const unfit = unfitUpstream(upstream);
  if (unfit !== undefined) return { ok: false, error: { service: upstream.DestinationName, message: unfit } };
  // SNIs are not looked at, so any trust domain serves.
  return chainOf(s, dc, upstream, upstreamSettings(s, dc, sidecar, upstream), '');
}

function chainOf(
  s: Snapshot,
  dc: string,
  { DestinationName: service, Datacenter }: ProxyUpstream,
  { overrides }: UpstreamSettings,
  trustDomain: string,
): Result<Chain, GraphError> {
  return compileChain(s, { dc, service, evaluateInDc: Datacenter || dc, trustDomain, overrides });
}

/** What the caller says that an upstream speaks; undefined: nothing. */
export const upstreamProtocol = (s: Snapshot, dc: string, sidecar: Sidecar, upstream: ProxyUpstream): string | undefined =>
  upstreamSettings(s, dc, sidecar, upstream).overrides.protocol;

/** Consul: what a query leads to speaks what the upstream says, whatever the service does. */
function queryOutbound(
  s: Snapshot,
  dc: string,
  sidecar: Sidecar,
  upstream: ProxyUpstream,
  binds: OutboundListener['binds'],
  { overrides, clusters: settings }: UpstreamSettings,
  { trustDomain }: OutboundOptions,
): Outbound {
  const { connectTimeoutMs, protocol = 'tcp' } = overrides;
  const cluster = queryCluster(s, upstream, { dc, node: sidecar.Node, trustDomain, connectTimeoutMs, settings });
  const routes = [{ match: {}, splits: [{ weight: 100, cluster: cluster.name }] }];
  return { listener: { name: queryName(upstream), binds, protocol: listenerProtocol(protocol), routes }, clusters: [cluster] };
}

function bindsOf({ LocalBindAddress, LocalBindPort: port }: ProxyUpstream, { extraLoopback }: OutboundOptions): OutboundListener['binds'] {
  const address = LocalBindAddress || LOOPBACK;
  const addresses = extraLoopback && address !== LOOPBACK ? [address, LOOPBACK] : [address];
  return addresses.map((one) => ({ address: one, port }));
}

/** Why an upstream can't be served at all, in Consul's words where it has some. */
function unfitUpstream({ DestinationName, LocalBindPort }: ProxyUpstream): string | undefined {
  if (DestinationName === '') return 'upstream destination name cannot be empty';
  if (DestinationName === '*') return 'upstream destination name cannot be a wildcard';
  return LocalBindPort === 0 ? 'upstream local bind port or local socket path must be defined and nonzero' : undefined;
}

/** Consul's id of an upstream: `payments`, `payments?dc=dc2`, `prepared_query:near`. */
export function upstreamName(upstream: ProxyUpstream): string {
  if (upstream.DestinationType === 'prepared_query') return queryName(upstream);
  return upstream.Datacenter === '' ? upstream.DestinationName : `${upstream.DestinationName}?dc=${upstream.Datacenter}`;
}

/** What the caller's service-defaults and its registration say of an upstream. */
function upstreamSettings(s: Snapshot, dc: string, sidecar: Sidecar, upstream: ProxyUpstream): UpstreamSettings {
  const service = sidecar.Proxy.DestinationServiceName;
  const config = withUpstreamConfig(upstream, serviceDefaultsOf(s, dc, service));
  const protocol = textSetting(config, 'protocol');
  const connectTimeoutMs = positiveSetting(config, 'connect_timeout_ms');
  const writerOf = (block: string): string =>
    Object.hasOwn(upstream.Config, block) ? `the registration of ${sidecar.ID}` : `service-defaults ${service}`;
  return {
    overrides: {
      ...(protocol === undefined ? {} : { protocol: protocol.toLowerCase() }),
      ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
    },
    clusters: {
      limits: limitsOf(config['limits'], writerOf('limits')),
      outlier: outlierOf(config['passive_health_check'], writerOf('passive_health_check')),
      policy: patchedPolicy(extensionsOf(s, dc, service).patches, upstream.DestinationName),
      tls: meshTls(s, dc, 'Outgoing'),
      locality: localityOfProxy(s, dc, sidecar),
    },
  };
}

interface UpstreamSettings {
  readonly overrides: ChainOverrides;
  readonly clusters: ClusterSettings;
}
