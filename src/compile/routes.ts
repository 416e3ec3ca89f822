import type { HeaderModifiers } from '../entries/header-modifiers.ts';
import type { HttpMatch, RouteDestination } from '../entries/service-router.ts';
import type { Chain, ChainNode, ChainSplit } from './chain-model.ts';
import { headerMatch } from './header-match.ts';
import { hashPoliciesOf } from './load-balancer.ts';
import type { HeaderEdits, QueryMatch, RetryPolicy, Route, RouteAction, RouteMatch, RouteSplit } from './proxy-config.ts';

/** Routes and splits of a chain; `cluster` names the cluster of a target. A chain without a router is one route that matches everything. */
export function routesOf(chain: Chain, cluster: (target: string) => string): Route[] {
  const start = chain.nodes[chain.startNode]!;
  if (start.type !== 'router') return [{ match: {}, splits: splitsOf(chain, start.id, cluster), ...hashOf(start) }];
  return start.routes.map(({ definition, next }, i) => {
    const http = definition.Match?.HTTP;
    // The last one is Consul's own, for the rest of the requests.
    const match = http && i < start.routes.length - 1 ? matchOf(http) : {};
    const action = actionOf(definition.Destination ?? {});
    return {
      match,
      splits: splitsOf(chain, next, cluster),
      ...hashOf(chain.nodes[next]!),
      ...(Object.keys(action).length === 0 ? {} : { action }),
    };
  });
}

function matchOf(http: HttpMatch): RouteMatch {
  const { PathExact, PathPrefix, PathRegex, Header, QueryParam, Methods } = http;
  return {
    ...(PathExact ? { pathExact: PathExact } : {}),
    ...(PathPrefix ? { pathPrefix: PathPrefix } : {}),
    ...(PathRegex ? { pathRegex: PathRegex } : {}),
    ...(http.CaseInsensitive ? { caseInsensitive: true } : {}),
    ...(Header ? { headers: Header.map(headerMatch) } : {}),
    ...(QueryParam ? { query: QueryParam.map(queryMatch) } : {}),
    ...(Methods ? { methods: Methods } : {}),
  };
}

function queryMatch({ Name, Exact, Regex }: NonNullable<HttpMatch['QueryParam']>[number]): QueryMatch {
  if (Exact) return { name: Name, type: 'exact', value: Exact };
  return Regex ? { name: Name, type: 'regex', value: Regex } : { name: Name, type: 'present', value: '' };
}

function actionOf(to: RouteDestination): RouteAction {
  const retry = retryOf(to);
  return {
    ...(to.PrefixRewrite ? { prefixRewrite: to.PrefixRewrite } : {}),
    ...(to.RequestTimeout ? { timeoutMs: limit(to.RequestTimeout) } : {}),
    ...(to.IdleTimeout ? { idleTimeoutMs: limit(to.IdleTimeout) } : {}),
    ...(retry ? { retry } : {}),
    ...editsOf(to),
  };
}

/** Consul: a negative time switches the limit off. */
export const limit = (ns: number): number => Math.max(0, ns / 1e6);

export type RetryDefinition = Pick<RouteDestination, 'NumRetries' | 'RetryOnConnectFailure' | 'RetryOn' | 'RetryOnStatusCodes'>;

/** Consul: any of the four switches retries on; without a number it is one. */
export function retryOf({
  NumRetries = 0,
  RetryOnConnectFailure,
  RetryOn = [],
  RetryOnStatusCodes = [],
}: RetryDefinition): RetryPolicy | undefined {
  if (NumRetries === 0 && !RetryOnConnectFailure && RetryOn.length === 0 && RetryOnStatusCodes.length === 0) return undefined;
  return {
    count: NumRetries || 1,
    onConnectFailure: RetryOnConnectFailure === true || RetryOn.includes('connect-failure'),
    on: RetryOn,
    onStatusCodes: RetryOnStatusCodes,
  };
}

export function hashOf(node: ChainNode): Pick<Route, 'hash'> {
  const hash = node.type === 'router' ? undefined : hashPoliciesOf(node.loadBalancer);
  return hash ? { hash } : {};
}

/** A node without a splitter is one split. */
export function splitsOf(chain: Chain, id: string, cluster: (target: string) => string): RouteSplit[] {
  const node = chain.nodes[id]!;
  if (node.type === 'resolver') return [{ weight: 100, cluster: cluster(node.target) }];
  if (node.type === 'router') return [];
  return exactWeights(node.splits).flatMap((weight, i) => {
    const { next, definition } = node.splits[i]!;
    const resolver = chain.nodes[next]!;
    return weight > 0 && resolver.type === 'resolver' ? [{ weight, cluster: cluster(resolver.target), ...editsOf(definition) }] : [];
  });
}

/** Weights that add up to 100: what rounding took from nested splits, or added, is the largest part's. */
export function exactWeights(splits: readonly Pick<ChainSplit, 'weight'>[]): number[] {
  const parts = splits.map((split) => Math.round(split.weight * 100));
  const missing = 10_000 - parts.reduce((sum, part) => sum + part, 0);
  const largest = parts.indexOf(Math.max(...parts));
  return parts.map((part, i) => (i === largest ? part + missing : part) / 100);
}

export function editsOf(from: { readonly RequestHeaders?: HeaderModifiers; readonly ResponseHeaders?: HeaderModifiers }): {
  requestHeaders?: HeaderEdits;
  responseHeaders?: HeaderEdits;
} {
  return {
    ...(from.RequestHeaders ? { requestHeaders: headerEdits(from.RequestHeaders) } : {}),
    ...(from.ResponseHeaders ? { responseHeaders: headerEdits(from.ResponseHeaders) } : {}),
  };
}

export function headerEdits({ Add, Set: set, Remove }: HeaderModifiers): HeaderEdits {
  return { add: lowerNames(Add), set: lowerNames(set), remove: (Remove ?? []).map((name) => name.toLowerCase()) };
}

function lowerNames(pairs: Readonly<Record<string, string>> | undefined): Record<string, string> {
  return Object.fromEntries(Object.entries(pairs ?? {}).map(([name, value]) => [name.toLowerCase(), value]));
}
