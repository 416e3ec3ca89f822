import type {
  HashPolicy,
  HeaderEdits,
  OutboundListener,
  Route,
  RouteSplit,
  StickySplit,
  TokenRequirement,
} from '../../compile/proxy-config.ts';
import { compileMatch, type RequestTest } from '../../matching/match.ts';
import type { RequestView } from '../../matching/request-view.ts';
import { rewriteOf } from '../../matching/rewrite.ts';
import { routeName } from '../../matching/route-name.ts';
import { drawWeighted } from '../../matching/split.ts';
import type { ExchangeRules, FormattedEdits } from '../http/service.ts';
import type { RequestEdits } from '../http1/write.ts';
import type { Traffic } from '../observe/traffic.ts';
import type { Upstream } from './failover.ts';
import { combineEdits, type EditContext } from './header-edits.ts';
import { compileRetry } from './retry.ts';

export interface RouteContext extends EditContext {
  /** By cluster name. */
  readonly upstream: (cluster: string) => Upstream | undefined;
  /** The same for copies of requests, which don't count for whether the listener is ready. */
  readonly mirror: (cluster: string) => Upstream | undefined;
  /** Uniform in [0, 1). */
  readonly random: () => number;
  /** What counts the requests of a split, by the name of its route and its cluster. */
  readonly traffic: (route: string, cluster: string) => Traffic;
}

/** A split with everything that a request on it needs and that is known before it comes. */
export interface ReadySplit {
  readonly weight: number;
  readonly upstream: Upstream | undefined;
  readonly edits: RequestEdits & FormattedEdits;
  readonly rules: ExchangeRules | undefined;
  readonly traffic: Traffic;
}

export interface ReadyRoute {
  /** Absent: matches everything. */
  readonly test: RequestTest | undefined;
  readonly splits: readonly ReadySplit[];
  /** The target to send instead of the client's. */
  readonly rewrite: ((request: RequestView) => string) | undefined;
  /** Absent: its requests are not balanced by what they are. */
  readonly hash?: readonly HashPolicy[];
  /** Absent: each request is drawn for by itself. */
  readonly sticky?: StickySplit;
  readonly mirror?: ReadyMirror;
  /** Absent: its requests need no token. */
  readonly tokens?: TokenRequirement;
  /** Why it can't be followed. */
  readonly problem?: string;
}

export interface ReadyMirror {
  readonly upstream: Upstream;
  readonly percent: number;
}

const NO_EDITS: FormattedEdits = { remove: new Set(), add: [] };

/**
 * Routes as functions, made once for a configuration. One whose expression can't be compiled refuses what comes so far: were it
 * left out, its requests would go where they must not.
 */
export function readyRoutes(listener: Pick<OutboundListener, 'name' | 'routes'>, context: RouteContext): ReadyRoute[] {
  return listener.routes.map((route, i) => {
    const own = { ...context, ignored: (reason: string) => context.ignored(`route ${i + 1} of ${listener.name}: ${reason}`) };
    return readyRoute(route, own);
  });
}

/** The first route whose match holds. */
export function findRoute(routes: readonly ReadyRoute[], request: RequestView): ReadyRoute | undefined {
  return routes.find(({ test }) => test === undefined || test(request));
}

export function drawSplit(route: ReadyRoute, random: () => number): ReadySplit | undefined {
  const { splits } = route;
  return splits.length === 1 ? splits[0] : drawWeighted(splits, random());
}

function readyRoute(route: Route, context: RouteContext): ReadyRoute {
  const match = compileMatch(route.match);
  if (!match.ok) {
    context.ignored(match.error);
    return { test: undefined, splits: [], rewrite: undefined, problem: match.error };
  }
  const { mirror, sticky, tokens } = route;
  const copies = mirror && context.mirror(mirror.cluster);
  return {
    test: match.value,
    splits: route.splits.map((split) => readySplit(route, split, context)),
    rewrite: rewriteOf(route.match, route.action?.prefixRewrite),
    ...(route.hash && { hash: route.hash }),
    ...(sticky && { sticky }),
    ...(tokens && { tokens }),
    ...(copies && { mirror: { upstream: copies, percent: mirror.percent } }),
  };
}

function readySplit({ match, action }: Route, split: RouteSplit, context: RouteContext): ReadySplit {
  const upstream = context.upstream(split.cluster);
  const combined = (...layers: (HeaderEdits | undefined)[]) => combineEdits(layers, context);
  const request = combined(action?.requestHeaders, split.requestHeaders);
  const rules: ExchangeRules = {
    timeoutMs: action?.timeoutMs ?? upstream?.requestTimeoutMs ?? 0,
    idleMs: action?.idleTimeoutMs,
    retry: action?.retry && compileRetry(action.retry, context.random),
    responseEdits: combined(action?.responseHeaders, split.responseHeaders),
  };
  const idle = rules.timeoutMs === 0 && rules.idleMs === undefined && !rules.retry && !rules.responseEdits;
  return {
    weight: split.weight,
    upstream,
    edits: { defaultHost: upstream?.service ?? '', ...(request ?? NO_EDITS) },
    rules: idle ? undefined : rules,
    traffic: context.traffic(routeName(match), split.cluster),
  };
}
