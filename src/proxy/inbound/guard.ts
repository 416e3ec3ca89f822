import type { InboundListener } from '../../compile/proxy-config.ts';
import { denied, type Refusal } from '../http/respond.ts';
import type { RequestHead } from '../http1/request.ts';
import { isPlainPath, normalizePath } from '../outbound/path.ts';
import { RequestView } from '../outbound/request-view.ts';
import type { Peer } from '../tls/peer.ts';
import { type Decision, decide, describeDecision } from './decide.ts';
import { judgeRequest, type ReadyRule, readyRule } from './judge.ts';
import { cleanRequest, readyCleaning } from './normalize.ts';

type GuardRules = Pick<InboundListener, 'intentions' | 'defaultAction' | 'normalization'>;

/**
 * What a sidecar asks of every request before its application sees it. Made once for each configuration. A path is judged as
 * the application will get it, and in its normal form as well: only what is allowed however it is read goes on.
 */
export class Guard {
  readonly #config: GuardRules;
  readonly #service: string;
  readonly #cleaning: ReturnType<typeof readyCleaning>;
  readonly #exact = new Map<string, ReadyRule>();
  #any: ReadyRule | undefined;

  /** `service` is what it guards; `ignored` is told what of the rules can't be followed. */
  constructor(config: GuardRules, service: string, ignored: (reason: string) => void) {
    this.#config = config;
    this.#service = service;
    this.#cleaning = readyCleaning(config.normalization);
    for (const rule of config.intentions) {
      const ready = readyRule(rule, ignored);
      if (rule.source === '*') this.#any ??= ready;
      else if (!this.#exact.has(rule.source.toLowerCase())) this.#exact.set(rule.source.toLowerCase(), ready);
    }
  }

  /** For a connection whose requests aren't seen. A string says why it is refused. */
  connection(peer: Peer): string | undefined {
    const decision = decide(this.#config.intentions, this.#config.defaultAction, peer.service);
    return decision.action === 'allow' ? undefined : this.#denied(peer, decision).reason;
  }

  /** Some request of this peer may be allowed. */
  mayAllow(peer: Peer): boolean {
    return this.#ruleFor(peer)?.permissions !== undefined || this.connection(peer) === undefined;
  }

  /** The request as it is judged and goes on: itself, if nothing of it has to change. */
  clean(head: RequestHead): RequestHead | Refusal {
    return cleanRequest(head, this.#cleaning);
  }

  /** Whether a request, as `clean` has left it, may go on. */
  judge(request: RequestHead, peer: Peer): Refusal | undefined {
    const decision = this.#decide(request, peer);
    return decision.action === 'allow' ? undefined : this.#denied(peer, decision);
  }

  /** For a request that earlier rules have let through and that is still under way: the refusal it would get now. */
  again(head: RequestHead, peer: Peer): Refusal | undefined {
    const request = this.clean(head);
    return 'status' in request ? undefined : this.judge(request, peer);
  }

  #decide(request: RequestHead, peer: Peer): Decision {
    const { defaultAction, normalization } = this.#config;
    const ready = this.#ruleFor(peer);
    if (!ready) return { action: defaultAction };
    if (!ready.permissions) return { action: ready.rule.action, rule: ready.rule };
    const { path } = request;
    const decision = judgeRequest(ready, defaultAction, 'sent', new RequestView(request, path));
    if (decision.action === 'deny' || normalization?.keepPaths || (isPlainPath(path) && !ready.twofold)) return decision;
    return judgeRequest(ready, defaultAction, 'normal', new RequestView(request, normalizePath(path)));
  }

  #ruleFor(peer: Peer): ReadyRule | undefined {
    const exact = this.#exact.get(peer.service.toLowerCase());
    const any = this.#any;
    return !exact || (any && any.rule.precedence > exact.rule.precedence) ? any : exact;
  }

  #denied(peer: Peer, decision: Decision): Refusal {
    const rule = describeDecision(decision, this.#service);
    return denied(`${peer.uri}: ${rule}`, rule);
  }
}
