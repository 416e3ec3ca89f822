import type { OutboundListener, ProxyConfig, Route } from '../compile/proxy-config.ts';

/** Every route of a listener, whatever the host. */
export function routesOf({ routes, virtualHosts = [] }: Pick<OutboundListener, 'routes' | 'virtualHosts'>): Route[] {
  return [...routes, ...virtualHosts.flatMap((host) => host.routes)];
}

/** Names of the clusters that calls to a listener can end in: those of its splits, what stands in for them, and where copies go. */
export function clustersOf(listener: OutboundListener, clusters: ProxyConfig['clusters']): string[] {
  const drawn = routesOf(listener).flatMap(({ splits, mirror }) => [
    ...splits.map(({ cluster }) => cluster),
    ...(mirror ? [mirror.cluster] : []),
  ]);
  const all = drawn.flatMap((name) => [name, ...(clusters[name]?.failover ?? [])]);
  return [...new Set(all)];
}
