import type { DecidingRule } from '../api/denial.ts';
import type { IntentionAction, IntentionRule, TokenRequirement } from '../compile/proxy-config.ts';

export interface Decision {
  readonly action: IntentionAction;
  /** The rule that decided; absent when none matched and the default did. */
  readonly rule?: IntentionRule;
  /** Which of its permissions, from 0; `none`: none of them matched, and the default decided. Absent: it has none. */
  readonly permission?: number | 'none';
  /** An allow holds for requests with a token of each of these only. */
  readonly needs?: readonly TokenRequirement[];
  /** A deny is for requests with such a token; others are left to the default. */
  readonly onlyWith?: TokenRequirement;
}

/**
 * For a whole connection. `rules` are sorted by precedence, highest first; the first whose source matches decides. Names
 * compare without case, as in the catalog: a rule for `Web` is about the service that registered as `web`.
 */
export function decide(rules: readonly IntentionRule[], defaultAction: IntentionAction, source: string): Decision {
  const name = source.toLowerCase();
  const rule = rules.find((candidate) => candidate.source === '*' || candidate.source.toLowerCase() === name);
  return rule ? { action: rule.action, rule } : { action: defaultAction };
}

/** An intention for all destinations has this precedence at most (Consul: 6 and 5; those for one service 9 and 8). */
const WILDCARD_DESTINATION = 6;

/** Undefined when no intention matches. `service` is what was called. */
export function decidingRule({ action, rule, permission }: Decision, service: string): DecidingRule | undefined {
  if (!rule) return undefined;
  const { source, precedence } = rule;
  const destination = destinationOf(rule, service);
  return { source, destination, precedence, action, ...(permission === undefined ? {} : { permission }) };
}

/** Service or `*`, of a rule about calls of a service. */
export const destinationOf = ({ precedence }: IntentionRule, service: string): string =>
  precedence <= WILDCARD_DESTINATION ? '*' : service;

/** `intention deny web => payments (precedence 9)`, for logs and `x-mesh-reason`. `service` is what was called. */
export function describeDecision({ action, rule, permission }: Decision, service: string): string {
  if (!rule) return `no intention matches, the default is ${action}`;
  const names = `${rule.source} => ${destinationOf(rule, service)} (precedence ${rule.precedence})`;
  if (permission === undefined) return `intention ${action} ${names}`;
  if (permission === 'none') return `no permission of intention ${names} matches, the default is ${action}`;
  return `intention ${names}: Permissions[${permission}] is ${action}`;
}
