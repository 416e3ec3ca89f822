import { parseDuration } from '../base/duration.ts';
import type { ProxyUpstream } from '../catalog/types.ts';
import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { ClusterLimits, OutlierDetection } from './proxy-config.ts';

type Settings = Readonly<Record<string, unknown>>;

/**
 * The opaque settings of an upstream with UpstreamConfig of the caller's service-defaults put in: Defaults, then Overrides, then
 * the registration, each over the last. Consul: a block (limits, passive_health_check) is replaced as a whole.
 */
export function withUpstreamConfig(upstream: ProxyUpstream, caller: ServiceDefaults | undefined): Settings {
  const { Defaults, Overrides = [] } = caller?.UpstreamConfig ?? {};
  const override = Overrides.find(({ Name }) => Name === upstream.DestinationName);
  const settings = [Defaults, override].map((config) => ({
    ...(config?.Protocol ? { protocol: config.Protocol } : {}),
    ...(config?.ConnectTimeoutMs ? { connect_timeout_ms: config.ConnectTimeoutMs } : {}),
    ...(config?.Limits ? { limits: config.Limits } : {}),
    ...(config?.PassiveHealthCheck ? { passive_health_check: config.PassiveHealthCheck } : {}),
    ...(config?.BalanceOutboundConnections ? { balance_outbound_connections: config.BalanceOutboundConnections } : {}),
    ...(config?.EnvoyListenerJSON ? { envoy_listener_json: config.EnvoyListenerJSON } : {}),
    ...(config?.EnvoyClusterJSON ? { envoy_cluster_json: config.EnvoyClusterJSON } : {}),
  }));
  return Object.assign({}, ...settings, upstream.Config) as Settings;
}

/** `limits`, in the spelling of a registration (max_connections) or of an entry (MaxConnections). `from`: who says so. */
export function limitsOf(block: unknown, from: string): ClusterLimits | undefined {
  const given = looseFields(block);
  const number = (name: string): number | undefined => countOf(given.get(name));
  const limits = {
    ...defined('maxConnections', number('maxconnections')),
    ...defined('maxPendingRequests', number('maxpendingrequests')),
    ...defined('maxConcurrentRequests', number('maxconcurrentrequests')),
  };
  return Object.keys(limits).length === 0 ? undefined : { ...limits, from };
}

/** `passive_health_check`. An empty one is one all the same: its writer wants Envoy's defaults as they are. `from`: who says so. */
export function outlierOf(block: unknown, from: string): OutlierDetection | undefined {
  if (typeof block !== 'object' || block === null) return undefined;
  const given = looseFields(block);
  const number = (name: string): number | undefined => countOf(given.get(name));
  return {
    ...defined('intervalMs', positive(millisecondsOf(given.get('interval')))),
    ...defined('consecutive5xx', number('consecutive5xx') ?? positive(number('maxfailures'))),
    ...defined('enforcing5xx', number('enforcingconsecutive5xx')),
    ...defined('consecutiveGatewayFailure', number('consecutivegatewayfailure')),
    ...defined('enforcingGatewayFailure', number('enforcingconsecutivegatewayfailure')),
    ...defined('maxEjectionPercent', number('maxejectionpercent')),
    ...defined('baseEjectionMs', positive(millisecondsOf(given.get('baseejectiontime')))),
    from,
  };
}

/** By name in lower case without underscores. */
function looseFields(block: unknown): ReadonlyMap<string, unknown> {
  const given = typeof block === 'object' && block !== null ? block : {};
  return new Map(Object.entries(given).map(([name, value]) => [name.replaceAll('_', '').toLowerCase(), value]));
}

function countOf(value: unknown): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) && number >= 0 ? Math.trunc(number) : undefined;
}

/** Nanoseconds, or a text such as 30s. */
function millisecondsOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value / 1e6;
  const parsed = typeof value === 'string' ? parseDuration(value) : undefined;
  return parsed?.ok ? parsed.ns / 1e6 : undefined;
}

const positive = (value: number | undefined): number | undefined => (value !== undefined && value > 0 ? value : undefined);

function defined<K extends string>(name: K, value: number | undefined): { readonly [P in K]?: number } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [P in K]?: number };
}
