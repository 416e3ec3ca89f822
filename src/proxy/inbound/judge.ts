import type { Result } from '../../base/result.ts';
import type { IntentionAction, IntentionRule, PermissionRule } from '../../compile/proxy-config.ts';
import { compileMatch, type RequestTest } from '../outbound/match.ts';
import { isPlainPath, sentPattern } from '../outbound/path.ts';
import type { RequestView } from '../outbound/request-view.ts';
import type { Decision } from './decide.ts';

/** One way to read a request: as the application gets it, or with its path in normal form. */
type Reading = 'sent' | 'normal';

interface ReadyPermission {
  readonly action: IntentionAction;
  /** Undefined: it holds for every request. */
  readonly test: Readonly<Record<Reading, RequestTest | undefined>>;
}

/** An intention made ready to judge requests. */
export interface ReadyRule {
  readonly rule: IntentionRule;
  readonly permissions?: readonly ReadyPermission[];
  /** Some permission compares differently with a path as it is sent than with its normal form. */
  readonly twofold: boolean;
}

export function readyRule(rule: IntentionRule, ignored: (reason: string) => void): ReadyRule {
  if (!rule.permissions) return { rule, twofold: false };
  const twofold = rule.permissions.some(({ match }) => !isPlainPath(match.pathExact ?? match.pathPrefix ?? '/'));
  return { rule, twofold, permissions: rule.permissions.map((permission) => readyPermission(permission, ignored)) };
}

/** What is forbidden is forbidden in any letter case: many applications take `/Admin` and `/admin` for the same. */
function readyPermission({ action, match }: PermissionRule, ignored: (reason: string) => void): ReadyPermission {
  const { pathRegex } = match;
  const judged =
    action === 'allow' ? match : { ...match, caseInsensitive: true, ...(pathRegex === undefined ? {} : { pathRegex: `(?i)${pathRegex}` }) };
  const tests: Result<RequestTest | undefined, string>[] = [compileMatch(judged, sentPattern), compileMatch(judged)];
  const [sent, normal] = tests.map((test) => {
    if (test.ok) return test.value;
    ignored(test.error);
    // What can't be understood may forbid, never allow.
    return action === 'allow' ? () => false : undefined;
  });
  return { action, test: { sent, normal } };
}

/** Consul: the first permission that matches decides; where none does, the default, and no intention of lower precedence. */
export function judgeRequest(ready: ReadyRule, defaultAction: IntentionAction, reading: Reading, view: RequestView): Decision {
  const { rule, permissions } = ready;
  if (!permissions) return { action: rule.action, rule };
  for (let i = 0; i < permissions.length; i++) {
    const { action, test } = permissions[i]!;
    const holds = test[reading];
    if (holds === undefined || holds(view)) return { action, rule, permission: i };
  }
  return { action: defaultAction, rule, permission: 'none' };
}
