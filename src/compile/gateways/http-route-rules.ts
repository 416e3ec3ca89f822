import type { HttpMatch } from '../../entries/gateways/http-match.ts';
import type { HttpRoute, HttpRouteRule } from '../../entries/gateways/http-route.ts';
import { headerMatch } from '../header-match.ts';
import type { HeaderEdits, QueryMatch, RouteAction, RouteMatch } from '../proxy-config.ts';
import { headerEdits, limit, retryOf } from '../routes.ts';
import { type BothEdits, mergeEdits } from './header-edits.ts';

const ANY: HttpMatch = { Method: '', Path: { Match: 'prefix', Value: '/' } };

/** One way of a rule to match, with the rule. */
export interface RankedRule {
  readonly match: HttpMatch;
  readonly rule: HttpRouteRule;
  readonly route: HttpRoute;
}

/** All rules of some routes in the order in which they are tried, that of the Gateway API: the more a match says, the earlier. */
export function rankedRules(routes: readonly HttpRoute[]): RankedRule[] {
  const all = routes.flatMap((route) =>
    (route.Rules ?? []).flatMap((rule) =>
      ((rule.Matches ?? []).length > 0 ? rule.Matches! : [ANY]).map((match) => ({ match, rule, route })),
    ),
  );
  // What is equal stays in order: sorting is stable.
  return all.sort((a, b) => compareRanks(rankOf(a.match), rankOf(b.match)));
}

/** Exact paths first, then the longest, then those that name a method, then by the number of headers and parameters. */
function rankOf({ Path, Method, Headers = [], Query = [] }: HttpMatch): number[] {
  return [Path.Match === 'exact' ? 1 : 0, Path.Value.length, Method === '' ? 0 : 1, Headers.length, Query.length];
}

function compareRanks(a: readonly number[], b: readonly number[]): number {
  const i = a.findIndex((value, at) => value !== b[at]);
  return i === -1 ? 0 : b[i]! - a[i]!;
}

export function routeMatch({ Path, Method, Headers = [], Query = [] }: HttpMatch): RouteMatch {
  const path = { exact: 'pathExact', prefix: 'pathPrefix', regex: 'pathRegex' }[Path.Match] ?? 'pathPrefix';
  const isAny = Path.Match === 'prefix' && Path.Value === '/';
  return {
    ...(isAny ? {} : { [path]: Path.Value }),
    ...(Headers.length > 0 ? { headers: Headers.map(headerOf) } : {}),
    ...(Query.length > 0
      ? { query: Query.map(({ Match, Name, Value }) => ({ name: Name, type: Match as QueryMatch['type'], value: Value })) }
      : {}),
    ...(Method === '' ? {} : { methods: [Method] }),
  };
}

const MATCHES: Readonly<Record<string, 'Exact' | 'Prefix' | 'Suffix' | 'Regex'>> = {
  exact: 'Exact',
  prefix: 'Prefix',
  suffix: 'Suffix',
  regex: 'Regex',
};

function headerOf({ Match, Name, Value, Invert }: NonNullable<HttpMatch['Headers']>[number]) {
  const how = MATCHES[Match];
  return headerMatch({ Name, ...(how ? { [how]: Value } : { Present: true }), ...(Invert ? { Invert } : {}) });
}

/** What filters of a rule, or of one of its services, do with a request but for its headers. */
export function actionOf({ URLRewrite, RetryFilter, TimeoutFilter }: HttpRouteRule['Filters']): RouteAction {
  const retry = RetryFilter && retryOf(RetryFilter);
  return {
    ...(URLRewrite?.Path ? { prefixRewrite: URLRewrite.Path } : {}),
    ...(TimeoutFilter?.RequestTimeout ? { timeoutMs: limit(TimeoutFilter.RequestTimeout) } : {}),
    ...(TimeoutFilter?.IdleTimeout ? { idleTimeoutMs: limit(TimeoutFilter.IdleTimeout) } : {}),
    ...(retry ? { retry } : {}),
  };
}

/** What they do to headers, one list after the other. */
export function filterEdits({ Filters, ResponseFilters }: Pick<HttpRouteRule, 'Filters' | 'ResponseFilters'>): BothEdits {
  const [request, response] = [Filters.Headers, ResponseFilters.Headers].map((lists) =>
    (lists ?? []).map(headerEdits).reduce<HeaderEdits | undefined>(mergeEdits, undefined),
  );
  return { ...(request ? { requestHeaders: request } : {}), ...(response ? { responseHeaders: response } : {}) };
}
