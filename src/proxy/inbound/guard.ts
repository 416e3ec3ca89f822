import type { InboundListener } from '../../compile/proxy-config.ts';
import { askForTokens } from '../../matching/ask-for-tokens.ts';
import { type Decision, decide, decidingRule, describeDecision } from '../../matching/decide.ts';
import { type IntentionSettings, IntentionTable, isDenial } from '../../matching/intention-table.ts';
import type { ReadyRule } from '../../matching/judge.ts';
import { cleanRequest, fieldsWithUnderscores, readyCleaning } from '../../matching/normalize.ts';
import { RequestView } from '../../matching/request-view.ts';
import { denied, type Refusal } from '../http/respond.ts';
import type { RequestHead } from '../http1/request.ts';
import type { RequestEdits } from '../http1/write.ts';
import { tokenEdits } from '../jwt/token-edits.ts';
import { type AcceptedToken, type RejectedToken, type TokenOutcome, type Tokens, tokenRefusal } from '../jwt/tokens.ts';
import type { DeniedBy } from '../observe/denials.ts';
import type { Peer } from '../tls/peer.ts';

type GuardRules = IntentionSettings & Pick<InboundListener, 'protocol' | 'jwtProviders'>;

const NO_TOKENS: readonly AcceptedToken[] = [];

/** What a request is sent on with. */
export interface GuardPlan {
  readonly edits: RequestEdits;
  readonly requestTarget?: string;
}

/** A plan, and what it was made of. */
interface MadePlan {
  readonly base: RequestEdits;
  readonly accepted: readonly AcceptedToken[];
  readonly plan: GuardPlan;
}

/**
 * What a sidecar asks of every request before its application sees it. Made once for each configuration. A request that comes
 * again on its connection is the same object, and has been written: what was worked out for it then is remembered.
 */
export class Guard {
  readonly #config: GuardRules;
  readonly #service: string;
  readonly #cleaning: ReturnType<typeof readyCleaning>;
  readonly #table: IntentionTable;
  readonly #tokens: Tokens;
  /** Of requests that are let through. */
  readonly #accepted = new WeakMap<RequestHead, readonly AcceptedToken[]>();
  /** Of requests that come again. */
  readonly #judged = new WeakMap<RequestHead, { readonly by: ReadyRule; readonly decisions: readonly Decision[] }>();
  readonly #plans = new WeakMap<RequestHead, MadePlan>();

  /** `service` is what it guards; `ignored` is told what of the rules can't be followed. */
  constructor(config: GuardRules, service: string, tokens: Tokens, ignored: (reason: string) => void) {
    this.#config = config;
    this.#service = service;
    this.#tokens = tokens;
    this.#cleaning = readyCleaning(config.normalization);
    this.#table = new IntentionTable(config, ignored);
  }

  /** For a connection whose requests aren't seen: why it is refused. */
  connection(peer: Peer): Refusal | undefined {
    const decision = decide(this.#config.intentions, this.#config.defaultAction, peer.service);
    return decision.action === 'allow' ? undefined : this.#denied(peer, decision);
  }

  /** Some request of this peer may be allowed. */
  mayAllow(peer: Peer): boolean {
    const ready = this.#table.ruleFor(peer.service);
    return (ready !== undefined && !ready.always) || this.connection(peer) === undefined;
  }

  /** The request as it is judged and goes on: itself, if nothing of it has to change. */
  clean(head: RequestHead): RequestHead | Refusal {
    return cleanRequest(head, this.#cleaning);
  }

  /** Whether a request, as `clean` has left it, may go on. A promise when it has to show a token; it doesn't reject. */
  judge(request: RequestHead, peer: Peer): Refusal | undefined | Promise<Refusal | undefined> {
    const ready = this.#table.ruleFor(peer.service);
    const decisions = this.#decide(request, ready);
    const denied = decisions.find(isDenial);
    if (denied) return this.#denied(peer, denied, request);
    return ready?.asksForTokens ? unlessWaiting(this.#askForTokens(decisions, request, peer)) : undefined;
  }

  /** For a request that earlier rules have let through and that is still under way: the refusal it would get now. Its tokens were good. */
  again(head: RequestHead, peer: Peer): Refusal | undefined {
    const request = this.clean(head);
    if ('status' in request) return undefined;
    const denied = this.#decide(request, this.#table.ruleFor(peer.service)).find(isDenial);
    return denied && this.#denied(peer, denied, request);
  }

  /** What a request that `judge` has let pass is sent on with. */
  plan(head: RequestHead, request: RequestHead, base: RequestEdits): GuardPlan {
    if (request === head && !this.#config.jwtProviders) return { edits: base };
    const accepted = this.#accepted.get(request) ?? NO_TOKENS;
    const last = head.written && this.#plans.get(head);
    if (last?.base === base && sameTokens(last.accepted, accepted)) return last.plan;
    const plan = this.#planOf(head, request, base, accepted);
    if (head.written) this.#plans.set(head, { base, accepted, plan });
    return plan;
  }

  #planOf(head: RequestHead, request: RequestHead, base: RequestEdits, accepted: readonly AcceptedToken[]): GuardPlan {
    const dropped = request.fields === head.fields ? [] : fieldsWithUnderscores(head);
    const known = dropped.length > 0 ? { ...base, remove: new Set([...base.remove, ...dropped]) } : base;
    return tokenEdits(known, request.target, accepted, this.#tokens.payloadHeaders());
  }

  /** How the request is judged in each of its readings: all have to allow it. */
  #decide(request: RequestHead, ready: ReadyRule | undefined): readonly Decision[] {
    const always = this.#table.always(ready);
    if (always || !ready) return always ?? [];
    if (!request.written) return this.#table.read(request, ready);
    const last = this.#judged.get(request);
    if (last?.by === ready) return last.decisions;
    const decisions = this.#table.read(request, ready);
    this.#judged.set(request, { by: ready, decisions });
    return decisions;
  }

  *#askForTokens(decisions: readonly Decision[], request: RequestHead, peer: Peer): Steps<Refusal | undefined> {
    const view = new RequestView(request);
    const asking = askForTokens<AcceptedToken, RejectedToken>(decisions, this.#config.defaultAction);
    let step = asking.next();
    while (!step.done) step = asking.next(yield this.#tokens.check(step.value.requirement, view));
    const verdict = step.value;
    if ('denied' in verdict) return this.#denied(peer, verdict.denied, request);
    if ('lacking' in verdict) return this.#withoutToken(peer, verdict.decision, request, verdict.lacking);
    this.#accepted.set(request, verdict.accepted);
    return undefined;
  }

  /** `request` absent: a whole connection. */
  #denied(peer: Peer, decision: Decision, request?: RequestHead): Refusal {
    const rule = describeDecision(decision, this.#service);
    return denied(`${peer.uri}: ${rule}`, rule, this.#denial(decision, request));
  }

  #withoutToken(peer: Peer, decision: Decision, request: RequestHead, outcome: RejectedToken): Refusal {
    const refusal = tokenRefusal(outcome, new RequestView(request), peer.uri, describeDecision(decision, this.#service));
    return { ...refusal, denial: { ...this.#denial(decision, request), token: outcome.reason } };
  }

  #denial(decision: Decision, request: RequestHead | undefined): DeniedBy {
    const rule = decidingRule(decision, this.#service);
    return {
      destination: this.#service,
      protocol: this.#config.protocol,
      ...(request ? { path: request.path } : {}),
      ...(rule ? { rule } : {}),
    };
  }
}

type Steps<T> = Generator<TokenOutcome | Promise<TokenOutcome>, T, TokenOutcome>;

/** Goes on at once with what is known at once: tokens are verified once, and remembered. */
function unlessWaiting<T>(steps: Steps<T>, known?: TokenOutcome): T | Promise<T> {
  let step = known ? steps.next(known) : steps.next();
  while (!step.done) {
    if (step.value instanceof Promise) return step.value.then((late) => unlessWaiting(steps, late));
    step = steps.next(step.value);
  }
  return step.value;
}

function sameTokens(a: readonly AcceptedToken[], b: readonly AcceptedToken[]): boolean {
  const same = (one: AcceptedToken, i: number): boolean =>
    one.provider === b[i]!.provider && one.location === b[i]!.location && one.payloadText === b[i]!.payloadText;
  return a.length === b.length && a.every(same);
}
