import type { ExplainDetail, ExplainStep, Origin } from '../api/explanation.ts';
import type { IntentionRule } from '../compile/proxy-config.ts';
import { askForTokens } from '../matching/ask-for-tokens.ts';
import { type Decision, decide, describeDecision, destinationOf } from '../matching/decide.ts';
import { IntentionTable, isDenial } from '../matching/intention-table.ts';
import { inAnyCase, type Reading } from '../matching/judge.ts';
import { comparablePath, sentPattern } from '../matching/path.ts';
import type { MatchedRequest } from '../matching/request.ts';
import { RequestView } from '../matching/request-view.ts';
import { routeName } from '../matching/route-name.ts';
import type { Arrival } from './arrival.ts';
import { weigh } from './conditions.ts';
import { quoted, unwired } from './texts.ts';
import { checkTokens, type RejectedTokens, type TokenCheck } from './tokens.ts';
import { entryOrigin, type Walk } from './walk.ts';

export interface Judgement {
  readonly step: ExplainStep;
  readonly denied: boolean;
  /** Of the answer when denied; 0: the connection is closed. */
  readonly status: number;
  readonly decision: Decision;
  /** `intention deny web => payments (precedence 9)` */
  readonly rule: string;
  /** The same, and what a token lacks. */
  readonly summary: string;
}

/** How the intentions of a service judge a call. `request` undefined, or bytes: the connection alone. */
export function intentionsStep(walk: Walk, arrival: Arrival, request: MatchedRequest | undefined): Judgement {
  const { side } = arrival;
  const { intentions, defaultAction, protocol } = side;
  const source = walk.caller.config.service;
  const table = new IntentionTable(side, () => undefined);
  const ready = table.ruleFor(source);
  if (protocol === 'tcp' || !request || !ready) {
    const decision = decide(intentions, defaultAction, source);
    const perRequest = protocol !== 'tcp' && !request && ready?.always === undefined && ready !== undefined;
    if (perRequest)
      return judgement(walk, arrival, { action: 'allow', rule: ready.rule }, { note: 'its permissions decide request by request' });
    return judgement(walk, arrival, decision, protocol === 'tcp' ? { status: 0 } : {});
  }
  const readings = table.readings(request, ready);
  const decisions = table.always(ready) ?? table.read(request, ready);
  const worst = decisions.findIndex(isDenial);
  const at = Math.max(worst, 0);
  const { reading, path } = readings[at] ?? readings[0]!;
  const view = new RequestView(request, path);
  const note =
    reading === 'sent'
      ? undefined
      : `the path is read ${reading === 'normal' ? 'in its normal form' : 'without regard to letter case'}: ${quoted(unwired(path))}`;
  const shown = { view, reading, ...(note === undefined ? {} : { note }) };
  if (worst !== -1) return judgement(walk, arrival, decisions[worst]!, shown);
  return ready.asksForTokens
    ? withTokens(walk, arrival, decisions, { ...shown, request })
    : judgement(walk, arrival, decisions[at]!, shown);
}

interface Shown {
  readonly view?: RequestView;
  readonly reading?: Reading;
  readonly note?: string;
  /** 403 by default. */
  readonly status?: number;
  readonly tokens?: readonly ExplainDetail[];
  /** A token was not good enough. */
  readonly fault?: string;
}

/** As a sidecar asks for tokens: of each decision, those that it needs; and those that it forbids. */
function withTokens(
  walk: Walk,
  arrival: Arrival,
  decisions: readonly Decision[],
  { request, ...shown }: Shown & { readonly request: MatchedRequest },
): Judgement {
  const { side, datacenter } = arrival;
  const view = new RequestView(request);
  const asking = askForTokens<TokenCheck, RejectedTokens>(decisions, side.defaultAction);
  const tokens: ExplainDetail[] = [];
  let step = asking.next();
  while (!step.done) {
    const { requirement, isUnwanted } = step.value;
    const found = checkTokens(walk, datacenter, requirement, { providers: side.jwtProviders, view });
    // Of a token that is not wanted, its absence is nothing to tell; its presence is all there is.
    if (isUnwanted && !found.fault) tokens.splice(0);
    if (!isUnwanted || !found.fault) tokens.push(...found.details);
    step = asking.next(found);
  }
  const verdict = step.value;
  if ('lacking' in verdict) {
    const { status, text } = verdict.lacking.fault;
    return judgement(walk, arrival, { ...verdict.decision, action: 'deny' }, { ...shown, tokens, status, fault: text });
  }
  if ('denied' in verdict) return judgement(walk, arrival, verdict.denied, verdict.denied.onlyWith ? { ...shown, tokens } : shown);
  const [first] = decisions;
  const allowed: Decision = first!.onlyWith ? { ...first!, action: 'allow' } : first!;
  return judgement(walk, arrival, allowed, { ...shown, tokens });
}

function judgement(walk: Walk, arrival: Arrival, decision: Decision, shown: Shown): Judgement {
  const { service, side } = arrival;
  const denied = decision.action === 'deny';
  // Whoever is asked for a token is allowed but for that.
  const rule = describeDecision(shown.fault === undefined ? decision : { ...decision, action: 'allow' }, service);
  const summary = shown.fault === undefined ? rule : `${rule}, which asks for a token: ${shown.fault}`;
  const details = rulesOf(walk, arrival, decision, shown);
  const origin = decision.rule && originOf(walk, arrival, decision.rule);
  const note = shown.note === undefined ? [] : [{ state: 'info', text: shown.note } as const];
  return {
    step: {
      kind: 'intentions',
      state: denied ? 'no' : 'ok',
      text: `${denied ? 'denied' : 'allowed'}: ${summary}`,
      ...(origin ? { origin } : {}),
      details: [...note, ...details],
    },
    denied,
    status: denied ? (shown.status ?? (side.protocol === 'tcp' ? 0 : 403)) : 200,
    decision,
    rule,
    summary,
  };
}

/** In order of precedence, and the default. Rules about others are told only to those who may read them. */
function rulesOf(walk: Walk, arrival: Arrival, decision: Decision, shown: Shown): ExplainDetail[] {
  const { side, service } = arrival;
  const source = walk.caller.config.service;
  const all = walk.mayReadIntentions?.(service) ?? true;
  const at = decision.rule ? side.intentions.indexOf(decision.rule) : side.intentions.length;
  const rules = side.intentions.map((rule, i): ExplainDetail => {
    const common = { text: ruleText(arrival, rule), origin: originOf(walk, arrival, rule) };
    if (i !== at)
      return i < at ? { state: 'passed', ...common, reason: `its source is ${rule.source}, not ${source}` } : { state: 'after', ...common };
    const inner = [...permissionsOf(rule, decision, shown), ...(shown.tokens ?? [])];
    return { state: 'chosen', ...common, ...(inner.length > 0 ? { details: inner } : {}) };
  });
  const byDefault = `default: ${side.defaultAction}`;
  const decided = !decision.rule || decision.permission === 'none';
  const last: ExplainDetail = decided
    ? { state: 'chosen', text: byDefault, origin: { of: 'default_policy of the agent' } }
    : { state: 'after', text: byDefault };
  return [...(all ? rules : rules.filter(({ state }) => state === 'chosen')), last];
}

function permissionsOf(rule: IntentionRule, { permission }: Decision, { view, reading = 'sent' }: Shown): ExplainDetail[] {
  return (rule.permissions ?? []).map((one, i): ExplainDetail => {
    const text = `Permissions[${i}] ${one.action} ${routeName(one.match)}${one.tokens ? ` with a token of ${one.tokens.providers.map(({ name }) => name).join(' or ')}` : ''}`;
    if (!view) return { state: 'info', text };
    if (permission === i) return { state: 'chosen', text };
    if (typeof permission === 'number' && i > permission) return { state: 'after', text };
    const { failed, problem } = weigh(
      reading === 'anyCase' ? inAnyCase(one.match) : one.match,
      view,
      reading === 'sent' ? sentPattern : comparablePath,
    );
    return { state: 'passed', text, reason: problem ?? failed.join('; ') };
  });
}

function ruleText(arrival: Arrival, rule: IntentionRule): string {
  const { source, action, precedence, permissions } = rule;
  return `${permissions ? 'permissions' : action} ${source} => ${destinationOf(rule, arrival.service)} (precedence ${precedence})`;
}

function originOf(walk: Walk, arrival: Arrival, rule: IntentionRule): Origin {
  return entryOrigin(walk, arrival.datacenter, 'service-intentions', destinationOf(rule, arrival.service));
}
