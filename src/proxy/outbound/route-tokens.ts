import type { TokenRequirement } from '../../compile/proxy-config.ts';
import type { RequestView } from '../../matching/request-view.ts';
import type { Refusal } from '../http/respond.ts';
import type { HttpPlan } from '../http/service.ts';
import { tokenEdits } from '../jwt/token-edits.ts';
import { type TokenOutcome, type Tokens, tokenRefusal } from '../jwt/tokens.ts';

type Planned = HttpPlan | Refusal;

/**
 * The plan of a request on a listener that knows issuers of tokens. `required`: what its route asks for, if anything. `follow` is
 * where it goes then: nothing is drawn for a request that is refused. A promise doesn't reject.
 */
export function planWithTokens(
  tokens: Tokens,
  required: TokenRequirement | undefined,
  request: RequestView,
  listener: string,
  follow: () => Planned,
): Planned | Promise<Planned> {
  const settle = (outcome?: TokenOutcome): Planned => {
    if (outcome && 'fault' in outcome) {
      const refusal = tokenRefusal(outcome, request, `a client of ${listener}`, 'the route asks for a token');
      return { ...refusal, denial: { destination: listener, protocol: 'http', token: outcome.reason } };
    }
    const plan = follow();
    if ('status' in plan) return plan;
    const target = plan.requestTarget ?? request.head.target;
    return { ...plan, ...tokenEdits(plan.edits, target, outcome ? [outcome] : [], tokens.payloadHeaders()) };
  };
  const outcome = required && tokens.check(required, request);
  return outcome instanceof Promise ? outcome.then(settle) : settle(outcome);
}
