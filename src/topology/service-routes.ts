import type { RouteTarget, UpstreamRoute, UpstreamRoutes } from '../api/routes.ts';
import {
  type OutboundListener,
  type ProxyConfig,
  type RetryPolicy,
  type Route,
  type RouteSplit,
  subsetOf,
} from '../compile/proxy-config.ts';
import { routeName } from '../matching/route-name.ts';

/** What the upstreams of these proxies, which stand for one service, lead to. Equal ones are one. */
export function routesOfProxies(configs: readonly ProxyConfig[]): UpstreamRoutes[] {
  const found = new Map<string, UpstreamRoutes>();
  for (const config of configs) {
    for (const listener of config.outbound) {
      const one = upstreamRoutes(config, listener);
      const key = JSON.stringify([one.upstream, one.protocol, one.routes]);
      const known = found.get(key);
      if (!known) found.set(key, one);
      else
        found.set(key, {
          ...known,
          listens: [...new Set([...known.listens, ...one.listens])],
          proxies: [...known.proxies, ...one.proxies],
        });
    }
  }
  return [...found.values()];
}

function upstreamRoutes(config: ProxyConfig, { name, protocol, binds, routes, virtualHosts }: OutboundListener): UpstreamRoutes {
  const hosted = (virtualHosts ?? []).flatMap((host) => host.routes.map((route) => describe(config, route, host.domains)));
  return {
    upstream: name,
    protocol,
    listens: binds.map(({ address, port }) => `${address}:${port}`),
    proxies: [config.id],
    routes: virtualHosts ? hosted : routes.map((route) => describe(config, route)),
  };
}

function describe({ clusters }: ProxyConfig, { match, splits, action, mirror, tokens }: Route, hosts?: readonly string[]): UpstreamRoute {
  const timeoutMs = action?.timeoutMs ?? clusters[splits[0]?.cluster ?? '']?.requestTimeoutMs;
  return {
    name: routeName(match),
    ...(hosts ? { hosts } : {}),
    splits: splits.flatMap((split) => targetOf(clusters, split)),
    ...(timeoutMs === undefined ? {} : { timeoutMs }),
    ...(action?.idleTimeoutMs === undefined ? {} : { idleTimeoutMs: action.idleTimeoutMs }),
    ...(action?.retry ? { retries: { count: action.retry.count, on: conditionsOf(action.retry) } } : {}),
    ...(action?.prefixRewrite === undefined ? {} : { prefixRewrite: action.prefixRewrite }),
    ...(mirror ? { mirror } : {}),
    ...(tokens ? { asksForToken: true } : {}),
  };
}

function targetOf(clusters: ProxyConfig['clusters'], { weight, cluster: name }: RouteSplit): RouteTarget[] {
  const cluster = clusters[name];
  if (!cluster) return [];
  const { service, datacenter, endpoints, failover = [] } = cluster;
  return [
    {
      weight,
      cluster: name,
      destination: service,
      destinationDatacenter: datacenter,
      subset: subsetOf(cluster),
      endpoints: endpoints.length,
      failover,
    },
  ];
}

function conditionsOf({ onConnectFailure, on, onStatusCodes }: RetryPolicy): string[] {
  return [...new Set([...(onConnectFailure ? ['connect-failure'] : []), ...on, ...onStatusCodes.map(String)])];
}
