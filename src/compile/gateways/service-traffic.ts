import type { Snapshot } from '../../catalog/snapshot.ts';
import type { Service } from '../../catalog/types.ts';
import type { Chain } from '../chain-model.ts';
import { type ClusterSettings, clusterName, clustersOf } from '../clusters.ts';
import { localityOfProxy } from '../locality.ts';
import { routesOf } from '../routes.ts';
import { meshTls } from '../tls-parameters.ts';
import { type Traffic, withTrafficMeta } from '../traffic.ts';
import { limitsOf, outlierOf } from '../upstream-settings.ts';

/** What a gateway may do to a service, as entries of both kinds say it; 0 is not a limit. */
export interface GatewayLimits {
  readonly MaxConnections?: number | undefined;
  readonly MaxPendingRequests?: number | undefined;
  readonly MaxConcurrentRequests?: number | undefined;
  readonly PassiveHealthCheck?: object | undefined;
}

/** `layers`: weaker ones first. `from`: who says so. */
export function settingsOf(
  s: Snapshot,
  dc: string,
  gateway: Service,
  layers: readonly (GatewayLimits | undefined)[],
  from: string,
): ClusterSettings {
  const said = layers.map((layer) => Object.entries(layer ?? {}).filter(([, value]) => value !== 0 && value !== undefined));
  const { PassiveHealthCheck, ...limits } = Object.fromEntries(said.flat()) as GatewayLimits;
  return {
    limits: limitsOf(limits, from),
    outlier: outlierOf(PassiveHealthCheck, from),
    tls: meshTls(s, dc, 'Outgoing'),
    locality: localityOfProxy(s, dc, gateway),
  };
}

/** Where calls to a service go from a gateway: the way of a sidecar's calls. */
export function serviceTraffic(s: Snapshot, dc: string, chain: Chain, trustDomain: string, settings: ClusterSettings): Traffic {
  const context = { dc, trustDomain, clustersOf: (one: Chain) => clustersOf(s, one, trustDomain, settings) };
  const routes = routesOf(chain, (target) => clusterName(chain, target));
  return withTrafficMeta(s, chain, context, { routes, clusters: context.clustersOf(chain) });
}
