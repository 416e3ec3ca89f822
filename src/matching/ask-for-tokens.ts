import type { IntentionAction, TokenRequirement } from '../compile/proxy-config.ts';
import type { Decision } from './decide.ts';

/** A requirement to look for in a request. */
export interface TokenQuestion {
  readonly requirement: TokenRequirement;
  /** A request that meets it is denied. */
  readonly isUnwanted: boolean;
}

/** `denied`: by a token that is not wanted, or by the default in its absence. `lacking`: what was found instead of a token that is needed. */
export type TokenVerdict<Good, Bad> =
  | { readonly denied: Decision }
  | { readonly lacking: Bad; readonly decision: Decision }
  | { readonly accepted: readonly Good[] };

/**
 * Asks for the tokens that the decisions about a request, none of which denies it in any case, make a matter of: in order, and no further than
 * needed. Each question is answered with what was found; what has a `fault` does not meet the requirement.
 */
export function* askForTokens<Good extends object, Bad extends { readonly fault: unknown }>(
  decisions: readonly Decision[],
  defaultAction: IntentionAction,
): Generator<TokenQuestion, TokenVerdict<Good, Bad>, Good | Bad> {
  const accepted: Good[] = [];
  for (const decision of decisions) {
    const { onlyWith, rule } = decision;
    if (onlyWith) {
      const unwanted = yield { requirement: onlyWith, isUnwanted: true };
      if (!isBad(unwanted)) return { denied: decision };
      if (defaultAction === 'deny') return { denied: { action: 'deny', ...(rule ? { rule } : {}), permission: 'none' } };
    }
    const ofRule = rule?.tokens ? [rule.tokens] : [];
    for (const requirement of onlyWith ? ofRule : (decision.needs ?? [])) {
      const found = yield { requirement, isUnwanted: false };
      if (isBad(found)) return { lacking: found, decision };
      accepted.push(found);
    }
  }
  return { accepted };
}

const isBad = <Good extends object, Bad extends { readonly fault: unknown }>(found: Good | Bad): found is Bad => 'fault' in found;
