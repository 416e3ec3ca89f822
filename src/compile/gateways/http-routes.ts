import type { Result } from '../../base/result.ts';
import type { StoredEntry } from '../../catalog/types.ts';
import type { HttpRoute, HttpRouteRule } from '../../entries/gateways/http-route.ts';
import type { GraphError } from '../chain-model.ts';
import type { Route, RouteAction, RouteSplit, TokenRequirement, VirtualHost } from '../proxy-config.ts';
import { exactWeights } from '../routes.ts';
import type { RouteTarget, RouteTargets } from './api-targets.ts';
import { type BothEdits, mergeBoth } from './header-edits.ts';
import { actionOf, filterEdits, type RankedRule, rankedRules, routeMatch } from './http-route-rules.ts';

/** The routes of a listener by host. `hostname` is the listener's: empty for any. `tokens`: what rules ask for. */
export function httpVirtualHosts(
  hostname: string,
  routes: readonly (HttpRoute & StoredEntry)[],
  targets: RouteTargets,
  tokens: ReadonlyMap<HttpRouteRule, TokenRequirement>,
): Result<VirtualHost[], GraphError> {
  const hosts: VirtualHost[] = [];
  for (const [host, rules] of rulesByHost(hostname, routes)) {
    const built: Route[] = [];
    for (const { match, rule } of rules) {
      const target = ruleTarget(rule, targets);
      if (!target.ok) return target;
      const asked = tokens.get(rule);
      built.push({ match: routeMatch(match), ...target.value, ...(asked ? { tokens: asked } : {}) });
    }
    hosts.push({ domains: [host], routes: built });
  }
  return { ok: true, value: hosts };
}

/** What routes say of each host, in the order in which it is tried: each is one route of the virtual host. */
export function rulesByHost(hostname: string, routes: readonly (HttpRoute & StoredEntry)[]): ReadonlyMap<string, readonly RankedRule[]> {
  const byHost = new Map<string, (HttpRoute & StoredEntry)[]>();
  for (const route of routes) {
    for (const host of hostsOf(hostname, route)) byHost.set(host, [...(byHost.get(host) ?? []), route]);
  }
  // Of two rules that say as much, the Gateway API takes that of the older route.
  return new Map(Array.from(byHost, ([host, own]) => [host, rankedRules(own.sort((a, b) => a.CreateIndex - b.CreateIndex))]));
}

/** Those of a route that come in through the listener; a route that names none has those of the listener. */
function hostsOf(hostname: string, { Hostnames = [] }: HttpRoute): string[] {
  if (Hostnames.length === 0) return [hostname.toLowerCase() || '*'];
  const ending = hostname.startsWith('*') ? hostname.slice(1) : undefined;
  const comesIn = (host: string): boolean => hostname === '' || host === hostname || (ending !== undefined && host.endsWith(ending));
  return [...new Set(Hostnames.filter(comesIn).map((host) => host.toLowerCase()))];
}

type Target = Pick<Route, 'splits' | 'action' | 'hash'>;

function ruleTarget(rule: HttpRouteRule, targets: RouteTargets): Result<Target, GraphError> {
  const { Services = [] } = rule;
  const found: RouteTarget[] = [];
  for (const service of Services) {
    const target = targets.of(service);
    if (!target.ok) return target;
    found.push(target.value);
  }
  const edits = Services.map(filterEdits);
  // Consul: the only service of a rule may say how its path is rewritten, and how long it may take.
  const own = Services.length === 1 ? actionOf(Services[0]!.Filters) : {};
  const action: RouteAction = { ...actionOf(rule.Filters), ...own, ...filterEdits(rule) };
  const [hashed] = found;
  return {
    ok: true,
    value: {
      splits: weighted(
        Services.map(({ Weight }) => Weight),
        found,
        edits,
      ),
      ...(hashed?.hash ? { hash: hashed.hash } : {}),
      ...(Object.keys(action).length > 0 ? { action } : {}),
    },
  };
}

/** Weights of services are shares of their sum, weights of splits those of their service. */
function weighted(shares: readonly number[], targets: readonly RouteTarget[], edits: readonly BothEdits[]): RouteSplit[] {
  const sum = shares.reduce((total, share) => total + share, 0);
  const parts = targets.flatMap(({ splits }, i) =>
    splits.map((split) => ({ ...split, weight: (split.weight * shares[i]!) / sum, ...mergeBoth(edits[i]!, split) })),
  );
  const weights = exactWeights(parts);
  return parts.map((part, i) => ({ ...part, weight: weights[i]! })).filter(({ weight }) => weight > 0);
}
