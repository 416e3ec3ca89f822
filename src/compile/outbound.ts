import type { Result } from '../base/result.ts';
import { healthyMeshEndpoints } from '../catalog/gateways.ts';
import { type Instance, worstStatus } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import { serviceIdentity } from '../pki/spiffe.ts';
import { compileChain } from './chain.ts';
import type { Chain, ChainOverrides, GraphError } from './chain-model.ts';
import { listenerProtocol, serviceDefaultsOf } from './protocol.ts';
import type { Cluster, Endpoint, OutboundListener } from './proxy-config.ts';
import type { Sidecar } from './proxy-id.ts';
import { routesOf } from './routes.ts';
import { positiveSetting, textSetting } from './settings.ts';
import { withTrafficMeta } from './traffic.ts';

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
  const compiled = compileChain(s, {
    dc,
    service: upstream.DestinationName,
    evaluateInDc: upstream.Datacenter || dc,
    trustDomain: options.trustDomain,
    overrides: upstreamOverrides(s, dc, sidecar, upstream),
  });
  if (!compiled.ok) return compiled;
  const chain = compiled.value;
  const address = upstream.LocalBindAddress || LOOPBACK;
  const addresses = options.extraLoopback && address !== LOOPBACK ? [address, LOOPBACK] : [address];
  const listener: OutboundListener = {
    name: upstreamName(upstream),
    binds: addresses.map((address) => ({ address, port: upstream.LocalBindPort })),
    protocol: listenerProtocol(chain.protocol),
    routes: routesOf(chain, (target) => clusterName(chain, target)),
  };
  const { trustDomain } = options;
  const context = { dc, trustDomain, clustersOf: (one: Chain) => clustersOf(s, one, trustDomain) };
  const { routes, clusters } = withTrafficMeta(s, chain, context, { routes: listener.routes, clusters: context.clustersOf(chain) });
  return { ok: true, value: { listener: { ...listener, routes }, clusters } };
}

/** Why an upstream can't be served at all, in Consul's words where it has some. */
function unfitUpstream({ DestinationType, DestinationName, LocalBindPort }: ProxyUpstream): string | undefined {
  if (DestinationType === 'prepared_query') return `upstream ${JSON.stringify(DestinationName)}: prepared queries are not supported yet`;
  if (DestinationName === '') return 'upstream destination name cannot be empty';
  if (DestinationName === '*') return 'upstream destination name cannot be a wildcard';
  return LocalBindPort === 0 ? 'upstream local bind port or local socket path must be defined and nonzero' : undefined;
}

/** Consul's id of an upstream: `payments`, `payments?dc=dc2`. */
function upstreamName(upstream: ProxyUpstream): string {
  return upstream.Datacenter === '' ? upstream.DestinationName : `${upstream.DestinationName}?dc=${upstream.Datacenter}`;
}

/** Consul: UpstreamConfig of the caller's service-defaults (Defaults, then Overrides), then the registration, each over the last. */
function upstreamOverrides(s: Snapshot, dc: string, sidecar: Sidecar, upstream: ProxyUpstream): ChainOverrides {
  const central = serviceDefaultsOf(s, dc, sidecar.Proxy.DestinationServiceName)?.UpstreamConfig;
  const own = central?.Overrides?.find((config) => config.Name === upstream.DestinationName);
  const protocol = textSetting(upstream.Config, 'protocol') ?? own?.Protocol ?? central?.Defaults?.Protocol;
  const connectTimeoutMs =
    positiveSetting(upstream.Config, 'connect_timeout_ms') ?? own?.ConnectTimeoutMs ?? central?.Defaults?.ConnectTimeoutMs;
  return {
    ...(protocol === undefined ? {} : { protocol: protocol.toLowerCase() }),
    ...(connectTimeoutMs === undefined ? {} : { connectTimeoutMs }),
  };
}

/** Consul prefixes what an upstream has customised, since others use the same target as it is. */
export function clusterName(chain: Chain, target: string): string {
  return chain.customizationHash === undefined ? target : `${chain.customizationHash}~${target}`;
}

export function clustersOf(s: Snapshot, chain: Chain, trustDomain: string): Cluster[] {
  const clusters = new Map<string, Cluster>();
  const resolvers = Object.values(chain.nodes).filter((node) => node.type === 'resolver');
  // What calls fail over to is a cluster too, unless routes lead there anyway and it has more to say.
  for (const id of resolvers.flatMap((node) => node.failover)) clusters.set(id, clusterOf(s, chain, id, trustDomain));
  for (const { target, requestTimeoutMs, failover } of resolvers) {
    const others = [...new Set(failover)].filter((other) => other !== target);
    clusters.set(target, {
      ...clusterOf(s, chain, target, trustDomain),
      ...(requestTimeoutMs === undefined ? {} : { requestTimeoutMs }),
      ...(others.length === 0 ? {} : { failover: others.map((other) => clusterName(chain, other)) }),
    });
  }
  return [...clusters.values()];
}

function clusterOf(s: Snapshot, chain: Chain, id: string, trustDomain: string): Cluster {
  const target = chain.targets[id]!;
  const { service, datacenter, sni, connectTimeoutMs } = target;
  return {
    name: clusterName(chain, id),
    service,
    datacenter,
    sni,
    identities: [serviceIdentity(trustDomain, datacenter, service)],
    connectTimeoutMs,
    endpoints: healthyMeshEndpoints(s, datacenter, service, target).map(endpointOf),
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
