import type { OutboundListener, VirtualHost } from '../../compile/proxy-config.ts';
import { type ReadyRoute, type RouteContext, readyRoutes } from './route.ts';

/** Routes by host. A domain is found by what it says beside its wildcard. */
export interface ReadyHosts {
  readonly exact: ReadonlyMap<string, readonly ReadyRoute[]>;
  /** `.example.com` of `*.example.com`; the longest first. */
  readonly suffixes: readonly Wildcard[];
  /** `web.ingress.` of `web.ingress.*`; the longest first. */
  readonly prefixes: readonly Wildcard[];
  readonly any: readonly ReadyRoute[] | undefined;
}

interface Wildcard {
  readonly text: string;
  readonly routes: readonly ReadyRoute[];
}

export function readyHosts(listener: OutboundListener, hosts: readonly VirtualHost[], context: RouteContext): ReadyHosts {
  const exact = new Map<string, readonly ReadyRoute[]>();
  const suffixes: Wildcard[] = [];
  const prefixes: Wildcard[] = [];
  let any: readonly ReadyRoute[] | undefined;
  for (const host of hosts) {
    const routes = readyRoutes({ name: `${listener.name} (${host.domains.join(', ')})`, routes: host.routes }, context);
    for (const domain of host.domains) {
      if (domain === '*') any = routes;
      else if (domain.startsWith('*')) suffixes.push({ text: domain.slice(1), routes });
      else if (domain.endsWith('*')) prefixes.push({ text: domain.slice(0, -1), routes });
      else exact.set(domain, routes);
    }
  }
  return { exact, suffixes: suffixes.sort(longestFirst), prefixes: prefixes.sort(longestFirst), any };
}

const longestFirst = (a: Wildcard, b: Wildcard): number => b.text.length - a.text.length;

/** Envoy's order: the name itself, then the longest ending, then the longest beginning, then any. A wildcard stands for something. */
export function routesOfHost(hosts: ReadyHosts, given: string | undefined): readonly ReadyRoute[] | undefined {
  const host = nameOf(given ?? '');
  return (
    hosts.exact.get(host) ??
    hosts.suffixes.find(({ text }) => host.length > text.length && host.endsWith(text))?.routes ??
    hosts.prefixes.find(({ text }) => host.length > text.length && host.startsWith(text))?.routes ??
    hosts.any
  );
}

/** Without a port, whichever it is: a port that is forwarded is another one outside. Without the dot of a fully qualified name. */
function nameOf(host: string): string {
  return host.replace(/:\d*$/, '').replace(/\.$/, '').toLowerCase();
}
