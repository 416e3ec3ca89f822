import { connectionAction, type Intention, matchIntentions } from '../catalog/intentions.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import { headerMatch } from './header-match.ts';
import { tokenRequirement } from './jwt.ts';
import { isHttpLike } from './protocol.ts';
import type { IntentionRule, PermissionRule, Protocol, RouteMatch } from './proxy-config.ts';

/** What decides for callers of a service, highest precedence first. */
export function intentionRules(s: Snapshot, dc: string, service: string, protocol: Protocol): IntentionRule[] {
  const rule = isHttpLike(protocol) ? requestRule : connectionRule;
  return matchIntentions(s, dc, { by: 'destination', name: service }).value.map(rule);
}

/** Consul: permissions and tokens are seen in requests only; where there are none, they deny. */
function connectionRule(intention: Intention): IntentionRule {
  return { source: intention.source, action: connectionAction(intention), precedence: intention.precedence };
}

function requestRule(intention: Intention): IntentionRule {
  const { source, action = 'deny', precedence, permissions, tokens } = intention;
  return {
    source,
    action,
    precedence,
    ...(permissions.length > 0 ? { permissions: permissions.map(permissionRule) } : {}),
    ...tokenRequirement(tokens),
  };
}

export function permissionRule({ Action, HTTP: http, JWT }: IntentionPermission): PermissionRule {
  const match: RouteMatch = {
    ...(http?.PathExact ? { pathExact: http.PathExact } : {}),
    ...(http?.PathPrefix ? { pathPrefix: http.PathPrefix } : {}),
    ...(http?.PathRegex ? { pathRegex: http.PathRegex } : {}),
    ...(http?.Header ? { headers: http.Header.map(headerMatch) } : {}),
    ...(http?.Methods ? { methods: http.Methods } : {}),
  };
  return { action: Action === 'allow' ? 'allow' : 'deny', match, ...tokenRequirement(JWT) };
}
