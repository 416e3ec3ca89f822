import type { ExplainDetail, ExplainStep } from '../api/explanation.ts';
import type { Fault, RateLimit } from '../compile/proxy-config.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';
import { routeName } from '../matching/route-name.ts';
import type { Arrival } from './arrival.ts';
import { weigh } from './conditions.ts';
import type { Target } from './target.ts';
import { duration, percent } from './texts.ts';

export interface Limits {
  /** Absent: nothing limits a call. */
  readonly step?: ExplainStep;
  /** Of the answer that a fault gives to every request instead of the application. */
  readonly aborted?: number;
}

/** What may hold a call up, or keep it out, although it is allowed. */
export function limitsStep(target: Target, { side }: Arrival, request: MatchedRequest | undefined): Limits {
  const view = request && new RequestView(request);
  const faults = view && side.protocol !== 'tcp' ? (side.faults ?? []).map((fault) => faultDetail(fault, view)) : [];
  const aborted = faults.find(({ status }) => status !== undefined)?.status;
  const rates = view && side.protocol !== 'tcp' ? (side.rateLimits ?? []).map((limit) => rateDetail(limit, view)) : [];
  const details = [...clusterDetails(target), ...faults.map(({ detail }) => detail), ...rates, ...sideDetails(side)];
  if (details.length === 0) return {};
  const text = aborted === undefined ? 'what may hold it up or keep it out' : `a fault answers ${aborted} instead of the application`;
  return {
    step: { kind: 'limits', state: aborted === undefined ? 'info' : 'no', text, details },
    ...(aborted === undefined ? {} : { aborted }),
  };
}

function clusterDetails({ cluster: { limits, outlier, retryBudget } }: Target): ExplainDetail[] {
  const { maxConnections, maxPendingRequests, maxConcurrentRequests, from = '' } = limits ?? {};
  const bounds = [
    ...(maxConnections === undefined ? [] : [`${maxConnections} connections`]),
    ...(maxPendingRequests === undefined ? [] : [`${maxPendingRequests} waiting requests`]),
    ...(maxConcurrentRequests === undefined ? [] : [`${maxConcurrentRequests} requests at a time`]),
  ];
  return [
    ...(bounds.length === 0 ? [] : [info(`at most ${bounds.join(', ')} to the target`, from)]),
    ...(outlier ? [info(`endpoints that fail ${outlier.consecutive5xx ?? 5} times in a row are passed over`, outlier.from)] : []),
    ...(retryBudget ? [info(`at most ${percent(retryBudget.percent)} of the requests under way are retries`)] : []),
  ];
}

function faultDetail(
  { of, headers, delay, abort }: Fault,
  view: RequestView,
): { readonly detail: ExplainDetail; readonly status?: number } {
  const parts = [
    ...(delay ? [`${percent(delay.percent)} delayed by ${duration(delay.ms)}`] : []),
    ...(abort ? [`${percent(abort.percent)} answered with ${abort.httpStatus ?? `status ${abort.grpcStatus} of gRPC`}`] : []),
  ];
  const text = `fault: ${parts.join(', ')}`;
  const { failed, problem } = weigh({ headers }, view);
  if (problem !== undefined || failed.length > 0) {
    return { detail: { state: 'passed', text, reason: problem ?? failed.join('; '), origin: { of } } };
  }
  const always = abort && abort.percent >= 100;
  return {
    detail: { state: 'chosen', text, origin: { of } },
    ...(always && abort.httpStatus !== undefined ? { status: abort.httpStatus } : {}),
  };
}

/** The first of its rules that matches counts. */
function rateDetail({ entry, rules, beforeIntentions }: RateLimit, view: RequestView): ExplainDetail {
  const rule = rules.find(({ match }) => {
    const { failed, problem } = weigh(match ?? {}, view);
    return problem === undefined && failed.length === 0;
  });
  const origin = { of: rule ? `${rule.of} of ${entry}` : entry };
  if (!rule?.tokens) return { state: 'passed', text: 'rate limit', reason: 'it does not bound this request', origin };
  const { tokensPerFill, fillMs, maxTokens } = rule.tokens;
  const of = rule.match ? ` of ${routeName(rule.match)}` : '';
  const when = beforeIntentions ? ', denied ones counted' : '';
  return { state: 'info', text: `rate limit: ${tokensPerFill} requests${of} in ${duration(fillMs)}, ${maxTokens} at once${when}`, origin };
}

function sideDetails({ maxConnections, requestTimeoutMs, idleTimeoutMs, maxHeadBytes, permissive }: Arrival['side']): ExplainDetail[] {
  return [
    ...(maxConnections === undefined ? [] : [info(`the destination takes ${maxConnections} connections`)]),
    ...(requestTimeoutMs === undefined ? [] : [info(`the application has ${duration(requestTimeoutMs)} for its whole answer`)]),
    ...(idleTimeoutMs === undefined ? [] : [info(`the application may be silent for ${duration(idleTimeoutMs)}`)]),
    ...(maxHeadBytes === undefined ? [] : [info(`the head of a request has at most ${maxHeadBytes / 1024} KiB`)]),
    ...(permissive ? [info('plaintext is taken, too, past identity and intentions (MutualTLSMode permissive)')] : []),
  ];
}

function info(text: string, from = ''): ExplainDetail {
  return { state: 'info', text, ...(from === '' ? {} : { origin: { of: from.replace(/^the /, '') } }) };
}
