import type { IntentionAction, IntentionRule } from '../../compile/proxy-config.ts';

export interface Decision {
  readonly action: IntentionAction;
  /** The rule that decided; absent when none matched and the default did. */
  readonly rule?: IntentionRule;
}

/**
 * `rules` are sorted by precedence, highest first; the first whose source matches decides. Names compare without case, as
 * in the catalog: a rule for `Web` is about the service that registered as `web`.
 */
export function decide(rules: readonly IntentionRule[], defaultAction: IntentionAction, source: string): Decision {
  const name = source.toLowerCase();
  const rule = rules.find((candidate) => candidate.source === '*' || candidate.source.toLowerCase() === name);
  return rule ? { action: rule.action, rule } : { action: defaultAction };
}

/** `intention deny web (precedence 9)`, for logs and `x-mesh-reason`. */
export function describeDecision(decision: Decision): string {
  if (!decision.rule) return `no intention matches, the default is ${decision.action}`;
  return `intention ${decision.action} ${decision.rule.source} (precedence ${decision.rule.precedence})`;
}
