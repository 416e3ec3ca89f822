import type { ExplainDetail, ExplainStep, Origin } from '../api/explanation.ts';
import type { HeaderEdits, RetryPolicy, Route, RouteSplit } from '../compile/proxy-config.ts';
import type { MatchedRequest } from '../matching/request.ts';
import type { Arrival } from './arrival.ts';
import type { RouteSource } from './route-list.ts';
import type { Target } from './target.ts';
import { duration, percent, unwired } from './texts.ts';
import { entryOrigin, type Walk } from './walk.ts';

interface Effect {
  readonly route: Route;
  readonly split: RouteSplit;
  readonly source: RouteSource;
  readonly target: Target;
  readonly arrival: Arrival | undefined;
  /** Absent: a connection. */
  readonly before: MatchedRequest | undefined;
  readonly sent: MatchedRequest | undefined;
}

/** What happens to a call on its way. */
export function effectsStep(walk: Walk, effect: Effect): ExplainStep {
  const { target, arrival, source } = effect;
  const details = [
    ...(effect.before ? requestDetails(walk, effect) : []),
    info(`connecting may take ${duration(target.cluster.connectTimeoutMs)}`, resolverOrigin(walk, target)),
    ...(arrival?.beyond ? [info(`terminating-gateway ${arrival.beyond.gateway} goes on to ${beyondText(arrival)}`)] : []),
  ];
  return { kind: 'effects', state: 'info', text: 'what happens to it on its way', origin: source.origin, details };
}

function requestDetails(walk: Walk, { route, split, source, target, before, sent }: Effect): ExplainDetail[] {
  const { action, mirror, sticky, hash } = route;
  const timeoutMs = action?.timeoutMs ?? target.cluster.requestTimeoutMs ?? 0;
  const timeoutOf = action?.timeoutMs === undefined ? resolverOrigin(walk, target) : source.origin;
  const splitOrigin = source.split?.origin ?? source.origin;
  const service = target.of?.chain.service ?? target.cluster.service;
  const meta = entryOrigin(walk, walk.caller.dc, 'service-defaults', service, 'Meta');
  return [
    ...(sent!.target === before!.target ? [] : [info(`its path becomes ${unwired(sent!.target)}`, source.origin)]),
    info(
      timeoutMs === 0 ? 'the answer may take any time' : `the whole answer has ${duration(timeoutMs)}`,
      timeoutMs === 0 ? undefined : timeoutOf,
    ),
    ...(action?.idleTimeoutMs === undefined ? [] : [info(`silence may last ${duration(action.idleTimeoutMs)}`, source.origin)]),
    ...(action?.retry ? [info(retryText(action.retry), source.origin)] : []),
    ...editDetails(action?.requestHeaders, 'request', source.origin),
    ...editDetails(split.requestHeaders, 'request', splitOrigin),
    ...editDetails(action?.responseHeaders, 'answer', source.origin),
    ...editDetails(split.responseHeaders, 'answer', splitOrigin),
    ...(mirror ? [info(`${percent(mirror.percent)} of the requests are copied to ${mirror.cluster.replace(/^mirror~/, '')}`, meta)] : []),
    ...(sticky ? [info(`a client keeps its part of the split by ${sticky.header ?? `cookie ${sticky.cookie?.name ?? ''}`}`, meta)] : []),
    ...(hash
      ? [
          info(
            `balanced by ${hash.map(({ type, ...of }) => ('name' in of ? `${type} ${of.name}` : type)).join(', ')}`,
            resolverOrigin(walk, target),
          ),
        ]
      : []),
  ];
}

function resolverOrigin(walk: Walk, { of }: Target): Origin | undefined {
  return of?.resolver && !of.resolver.isDefault ? entryOrigin(walk, walk.caller.dc, 'service-resolver', of.target.service) : undefined;
}

function retryText({ count, on, onStatusCodes, onConnectFailure }: RetryPolicy): string {
  const when = [...new Set([...(onConnectFailure ? ['connect-failure'] : []), ...on, ...onStatusCodes.map(String)])];
  return `tried again ${count === 1 ? 'once' : `up to ${count} times`} on ${when.join(', ') || 'nothing'}`;
}

function editDetails(edits: HeaderEdits | undefined, what: string, origin: Origin): ExplainDetail[] {
  if (!edits) return [];
  const pairs = (fields: Readonly<Record<string, string>>) => Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  const parts = [
    ...edits.remove.map((name) => `loses ${name}`),
    ...pairs(edits.set).map((pair) => `has ${pair}`),
    ...pairs(edits.add).map((pair) => `gets ${pair}`),
  ];
  return parts.length === 0 ? [] : [info(`the ${what} ${parts.join(', ')}`, origin)];
}

function beyondText({ beyond }: Arrival): string {
  const { external, endpoints = [] } = beyond!.cluster ?? {};
  const where = endpoints.map(({ address, port }) => `${address}:${port}`).join(', ');
  return `${where === '' ? 'nobody: no instance can take calls' : where}${external?.tls ? ', with TLS' : ', without TLS'}`;
}

function info(text: string, origin?: Origin): ExplainDetail {
  return { state: 'info', text, ...(origin ? { origin } : {}) };
}
