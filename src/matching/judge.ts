import type { Result } from '../base/result.ts';
import type { IntentionAction, IntentionRule, PermissionRule, RouteMatch, TokenRequirement } from '../compile/proxy-config.ts';
import type { Decision } from './decide.ts';
import { compileMatch, type RequestTest } from './match.ts';
import { isPlainPath, sentPattern } from './path.ts';
import type { RequestView } from './request-view.ts';

/**
 * One way to read a request: as the application gets it, with its path in normal form, or so without regard to letter case,
 * for many applications take `/Admin` and `/admin` for the same.
 */
export type Reading = 'sent' | 'normal' | 'anyCase';

interface ReadyPermission {
  readonly action: IntentionAction;
  /** What an allow needs, or a deny looks for. */
  readonly needs: readonly TokenRequirement[];
  /** Undefined: it holds for every request. */
  readonly test: Readonly<Record<Reading, RequestTest | undefined>>;
}

/** An intention made ready to judge requests. */
export interface ReadyRule {
  readonly rule: IntentionRule;
  readonly permissions: readonly ReadyPermission[];
  /** Some permission compares differently with a path as it is sent than with its normal form. */
  readonly twofold: boolean;
  /** Letter case may matter to some permission even for a path without capitals. */
  readonly cased: boolean;
  /** Without permissions: how every request is judged. */
  readonly always: readonly Decision[] | undefined;
  /** Requests may have to carry tokens. */
  readonly asksForTokens: boolean;
}

export function readyRule(rule: IntentionRule, ignored: (reason: string) => void): ReadyRule {
  const { permissions = [], tokens, action } = rule;
  const needs = tokens ? [tokens] : [];
  const patterns = permissions.map(({ match }) => match.pathExact ?? match.pathPrefix ?? '/');
  return {
    rule,
    always: rule.permissions ? undefined : [{ action, rule, needs }],
    twofold: patterns.some((pattern) => !isPlainPath(pattern)),
    cased: permissions.some(({ match }) => match.pathRegex !== undefined) || patterns.some(hasCapitals),
    asksForTokens: tokens !== undefined || permissions.some((permission) => permission.tokens),
    permissions: permissions.map((permission) => readyPermission(permission, needs, ignored)),
  };
}

export function hasCapitals(path: string): boolean {
  return /[A-Z]/.test(path);
}

function readyPermission(
  { action, match, tokens }: PermissionRule,
  needs: readonly TokenRequirement[],
  ignored: (reason: string) => void,
): ReadyPermission {
  const ready = (test: Result<RequestTest | undefined, string>): RequestTest | undefined => {
    if (test.ok) return test.value;
    ignored(test.error);
    // What can't be understood may forbid, never allow.
    return action === 'allow' ? () => false : undefined;
  };
  const test = {
    sent: ready(compileMatch(match, sentPattern)),
    normal: ready(compileMatch(match)),
    anyCase: ready(compileMatch(inAnyCase(match))),
  };
  return { action, test, needs: [...(action === 'allow' ? needs : []), ...(tokens ? [tokens] : [])] };
}

/** The same match without regard to the letter case of paths. */
export function inAnyCase(match: RouteMatch): RouteMatch {
  const { pathRegex } = match;
  return { ...match, caseInsensitive: true, ...(pathRegex === undefined ? {} : { pathRegex: `(?i)${pathRegex}` }) };
}

/** Consul: the first permission that matches decides; where none does, the default, and no intention of lower precedence. */
export function judgeRequest(
  { rule, permissions }: ReadyRule,
  defaultAction: IntentionAction,
  reading: Reading,
  view: RequestView,
): Decision {
  for (let i = 0; i < permissions.length; i++) {
    const permission = permissions[i]!;
    const holds = permission.test[reading];
    if (holds !== undefined && !holds(view)) continue;
    const decision = { action: permission.action, rule, permission: i };
    if (permission.action === 'allow') return { ...decision, needs: permission.needs };
    const [onlyWith] = permission.needs;
    return onlyWith ? { ...decision, onlyWith } : decision;
  }
  return { action: defaultAction, rule, permission: 'none', needs: rule.tokens ? [rule.tokens] : [] };
}
