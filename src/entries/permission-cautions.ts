import type { IntentionPermission } from './permissions.ts';
import { caution, type Problem } from './problem.ts';

/**
 * Where Consul's rules surprise. The first permission that matches decides; if none does, the default of the mesh does, and
 * no intention of lower precedence (hashicorp/consul#10699, #10753).
 */
export function cautionPermissions(permissions: readonly IntentionPermission[], path: string): Problem[] {
  const at = `${path}.Permissions`;
  const all = permissions.findIndex(matchesAll);
  if (all !== -1) return permissions.slice(all + 1).map((_, i) => neverAsked(at, all, all + 1 + i));
  const actions = new Set(permissions.map(({ Action }) => Action));
  if (actions.size !== 1) return [];
  return actions.has('allow')
    ? [
        caution(at, `${at} only allow: where the default is allow, as without ACLs, they restrict nothing`, {
          hint: 'end the list with Action = "deny", HTTP { PathPrefix = "/" }',
        }),
      ]
    : [
        caution(at, `${at} only deny: where the default is deny, every other request is denied too`, {
          hint: 'end the list with Action = "allow", HTTP { PathPrefix = "/" }',
        }),
      ];
}

function neverAsked(at: string, all: number, i: number): Problem {
  return caution(`${at}[${i}]`, `${at}[${i}] is never asked: ${at}[${all}] matches every request`);
}

/** With or without a token: that of a permission is looked at once it has matched. */
function matchesAll({ HTTP: http }: IntentionPermission): boolean {
  return http?.PathPrefix === '/' && !http.Header && !http.Methods;
}
