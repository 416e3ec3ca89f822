import type { ExplainDetail, ExplainedWay, ExplainStep } from '../api/explanation.ts';
import type { Route, RouteSplit } from '../compile/proxy-config.ts';
import { cleanRequest, readyCleaning } from '../matching/normalize.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { routeName } from '../matching/route-name.ts';
import { type Arrival, arrivalsAt } from './arrival.ts';
import { effectsStep } from './effects-step.ts';
import { intentionsStep, type Judgement } from './intentions-step.ts';
import { limitsStep } from './limits-step.ts';
import type { RouteSource } from './route-list.ts';
import { sentRequest } from './sent-request.ts';
import { clusterText, subsetOf, type Target, targetOf } from './target.ts';
import { servingSteps, subsetStep } from './target-steps.ts';
import type { Walk } from './walk.ts';

export interface Walked {
  readonly way: ExplainedWay;
  readonly steps: readonly ExplainStep[];
  /** One sentence. */
  readonly summary: string;
  /** What keeps it; absent: it passes. */
  readonly kept?: Kept;
}

/** For whoever says what to do about it. */
export type Kept =
  /** `request` is as it was judged, rewritten and cleaned; absent: a connection. */
  | { readonly by: 'intention'; readonly arrival: Arrival; readonly judgement: Judgement; readonly request?: MatchedRequest }
  | { readonly by: 'nobody'; readonly target: Target }
  | { readonly by: 'configuration'; readonly reason: string };

export interface WayRequest {
  readonly route: Route;
  readonly split: RouteSplit;
  readonly source: RouteSource;
  /** Absent: a connection. */
  readonly request: MatchedRequest | undefined;
}

/** One split of a route to its end. */
export function walkWay(walk: Walk, { route, split, source, request }: WayRequest): Walked {
  const name = routeName(route.match);
  const target = targetOf(walk, split.cluster, source.chains);
  const base = { weight: split.weight, route: name, cluster: split.cluster, service: '', subset: '', datacenter: '', endpoints: [] };
  if (!target) {
    const summary = `the configuration has no cluster ${split.cluster}`;
    const way: ExplainedWay = { ...base, verdict: 'undeliverable', status: 503 };
    return {
      way,
      steps: [{ kind: 'endpoints', state: 'no', text: summary, details: [] }],
      summary,
      kept: { by: 'configuration', reason: summary },
    };
  }
  const subset = subsetStep(walk, target, source);
  const serving = servingSteps(walk, target);
  const steps = [...(subset ? [subset] : []), ...serving.steps];
  const { cluster } = serving.by ?? target;
  const standIn = serving.by && serving.by !== target ? { standIn: cluster.name } : {};
  const of = { ...standIn, service: cluster.service, subset: subsetOf(serving.by ?? target), datacenter: cluster.datacenter };
  if (!serving.by) {
    const way: ExplainedWay = { ...base, ...of, verdict: 'undeliverable', status: request ? 503 : 0 };
    return { way, steps, summary: `no instance of ${clusterText(walk, target)} can take calls`, kept: { by: 'nobody', target } };
  }
  const sent = request && sentRequest(request, route, split, cluster.service);
  const { arrivals, unknown } = arrivalsAt(walk, cluster);
  const judged = arrivals.map((arrival) => judge(walk, serving.by!, arrival, sent));
  const worst = judged.find(({ verdict }) => verdict !== 'passes') ?? judged[0];
  const arrival = worst?.arrival;
  const way: ExplainedWay = {
    ...base,
    ...of,
    endpoints: cluster.endpoints.map(({ address, port }) => `${address}:${port}`),
    verdict: worst?.verdict ?? 'passes',
    ...(worst?.status === undefined ? {} : { status: worst.status }),
    ...(worst?.rule === undefined ? {} : { rule: worst.rule }),
  };
  const effects = effectsStep(walk, { route, split, source, target: serving.by, arrival, before: request, sent });
  const to = `${clusterText(walk, serving.by)} at ${way.endpoints.join(' or ')}`;
  return {
    way,
    steps: [...steps, identityStep(walk, serving.by, arrivals, unknown), ...(worst?.steps ?? []), effects],
    summary: worst?.summary ?? `it goes to ${to}`,
    ...(worst?.kept ? { kept: worst.kept } : {}),
  };
}

interface Judged {
  readonly arrival: Arrival;
  readonly verdict: ExplainedWay['verdict'];
  readonly status?: number;
  readonly rule?: string;
  readonly steps: readonly ExplainStep[];
  readonly summary?: string;
  readonly kept?: Kept;
}

/** What the other side makes of a call, in the order in which it asks: is it clean, is there a fault, is it allowed, is there somebody. */
function judge(walk: Walk, target: Target, arrival: Arrival, request: MatchedRequest | undefined): Judged {
  const { side, beyond, service } = arrival;
  const clean = request && side.protocol !== 'tcp' ? cleanRequest(request, readyCleaning(side.normalization)) : request;
  if (clean && 'status' in clean) {
    const { status, reason } = clean;
    const step: ExplainStep = {
      kind: 'limits',
      state: 'no',
      text: `answered with ${status}: ${reason}`,
      origin: { of: 'mesh mesh' },
      details: [],
    };
    return {
      arrival,
      verdict: 'denied',
      status,
      rule: reason,
      steps: [step],
      summary: `${service} answers ${status}: ${reason}`,
      kept: { by: 'configuration', reason },
    };
  }
  const limits = limitsStep(target, arrival, clean);
  const judgement = intentionsStep(walk, arrival, clean);
  const steps = [judgement.step, ...(limits.step ? [limits.step] : [])];
  if (limits.aborted !== undefined) {
    const reason = `a fault on purpose answers ${limits.aborted}`;
    return {
      arrival,
      verdict: 'denied',
      status: limits.aborted,
      rule: reason,
      steps,
      summary: reason,
      kept: { by: 'configuration', reason },
    };
  }
  const { denied, status, rule } = judgement;
  const judged = clean && side.protocol !== 'tcp' ? { request: clean } : {};
  if (denied)
    return {
      arrival,
      verdict: 'denied',
      status,
      rule,
      steps,
      summary: judgement.summary,
      kept: { by: 'intention', arrival, judgement, ...judged },
    };
  if (beyond && (beyond.cluster?.endpoints.length ?? 0) === 0) {
    const summary = `no instance of ${service} beyond terminating-gateway ${beyond.gateway} can take calls`;
    return { arrival, verdict: 'undeliverable', status: request ? 503 : 0, rule, steps, summary, kept: { by: 'nobody', target } };
  }
  return { arrival, verdict: 'passes', rule, steps };
}

function identityStep(
  walk: Walk,
  { cluster }: Target,
  arrivals: readonly Arrival[],
  unknown: readonly { readonly endpoint: string; readonly reason: string }[],
): ExplainStep {
  const { identities } = cluster;
  const wrong = arrivals.filter(({ identity }) => !identities.includes(identity));
  const details: ExplainDetail[] = [
    { state: 'info', text: `the caller shows ${walk.caller.config.identity}` },
    ...wrong.map(
      ({ identity, endpoints }): ExplainDetail => ({
        state: 'passed',
        text: `${endpoints.join(', ')} shows ${identity}`,
        reason: 'that is not who is meant',
      }),
    ),
    ...unknown.map(({ endpoint, reason }): ExplainDetail => ({ state: 'info', text: endpoint, reason })),
  ];
  return { kind: 'identity', state: wrong.length > 0 ? 'no' : 'ok', text: `mutual TLS with ${identities.join(' or ')}`, details };
}
