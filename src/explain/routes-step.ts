import type { ExplainDetail, ExplainStep } from '../api/explanation.ts';
import type { OutboundListener, Route, RouteMatch } from '../compile/proxy-config.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';
import { routeName } from '../matching/route-name.ts';
import { hostTable, ofHost } from '../matching/virtual-hosts.ts';
import { weigh } from './conditions.ts';
import { type RouteList, type RouteSource, routeList } from './route-list.ts';
import { quoted } from './texts.ts';
import type { Walk } from './walk.ts';

export interface TakenRoute {
  readonly step: ExplainStep;
  /** Absent: it goes nowhere. */
  readonly taken?: { readonly route: Route; readonly source: RouteSource };
  /** What the client is told if it goes nowhere: 404, 503. */
  readonly status?: number;
}

/** Which route a request takes. `request` undefined: a connection, which shows nothing to match. */
export function routeStep(walk: Walk, listener: OutboundListener, request: MatchedRequest | undefined): TakenRoute {
  const { virtualHosts } = listener;
  const table = virtualHosts && hostTable(virtualHosts.map(({ domains }, value) => ({ domains, value })));
  const host = table && ofHost(table, request?.host);
  if (virtualHosts && host === undefined) return noHost(listener, request);
  const list = routeList(walk, listener, host);
  const domain = host === undefined ? '' : ` of host ${virtualHosts![host]!.domains.join(', ')}`;
  return request ? matched(list, new RequestView(request), domain) : last(list, domain);
}

function noHost({ virtualHosts = [] }: OutboundListener, request: MatchedRequest | undefined): TakenRoute {
  const details = virtualHosts.map(({ domains }): ExplainDetail => ({ state: 'passed', text: `host ${domains.join(', ')}` }));
  const text = `no service has the host ${quoted(request?.host ?? '')}`;
  return { step: { kind: 'route', state: 'no', text, details }, status: 404 };
}

/** A byte stream's listener has one route. */
function last({ routes, source }: RouteList, domain: string): TakenRoute {
  const i = routes.length - 1;
  const route = routes[i];
  if (!route) return { step: { kind: 'route', state: 'no', text: 'there is no route', details: [] }, status: 0 };
  return taken(route, source(i), `the one route${domain}`, []);
}

function matched({ routes, source }: RouteList, view: RequestView, domain: string): TakenRoute {
  const outcomes = routes.map(({ match }) => weigh(match, view));
  const chosen = outcomes.findIndex(({ failed, problem }) => problem !== undefined || failed.length === 0);
  const fewest = Math.min(...outcomes.slice(0, chosen === -1 ? undefined : chosen).map(({ failed }) => failed.length));
  let nearest: number | undefined;
  const details = routes.map(({ match }, i): ExplainDetail => {
    const common = { text: nameOf(match), origin: source(i).origin };
    const { failed, problem } = outcomes[i]!;
    if (i === chosen) return { state: 'chosen', ...common, ...(problem === undefined ? {} : { reason: problem }) };
    if (chosen !== -1 && i > chosen) return { state: 'after', ...common };
    if (failed.length === fewest) nearest ??= i;
    return { state: 'passed', ...common, reason: failed.join('; ') };
  });
  const route = routes[chosen];
  const near = nearest === undefined ? '' : `; the nearest that does not match is ${details[nearest]!.text}: ${details[nearest]!.reason}`;
  if (!route) {
    const text = routes.length === 0 ? `there is no route${domain}` : `no route${domain} matches${near}`;
    return { step: { kind: 'route', state: 'no', text, details }, status: 404 };
  }
  const { problem } = outcomes[chosen]!;
  if (problem !== undefined) {
    const text = `${nameOf(route.match)}${domain} can't be followed: ${problem}`;
    return { step: { kind: 'route', state: 'no', text, origin: source(chosen).origin, details }, status: 503 };
  }
  const name = `${nameOf(route.match)}${domain}`;
  return taken(route, source(chosen), routes.length > 1 ? `${name}, number ${chosen + 1} of ${routes.length}` : name, details);
}

function taken(route: Route, source: RouteSource, text: string, details: ExplainDetail[]): TakenRoute {
  const { origin } = source;
  if (route.splits.length > 0) return { step: { kind: 'route', state: 'ok', text, origin, details }, taken: { route, source } };
  return { step: { kind: 'route', state: 'no', text: `${text} leads to no service`, origin, details }, status: 503 };
}

const nameOf = (match: RouteMatch): string => routeName(match);
