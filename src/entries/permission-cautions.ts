import { coversAll, shadowedIn } from './match-covers.ts';
import type { IntentionPermission } from './permissions.ts';
import { caution, type Problem } from './problem.ts';

/**
 * Where Consul's rules surprise. The first permission that matches decides; if none does, the default of the mesh does, and
 * no intention of lower precedence (hashicorp/consul#10699, #10753).
 */
export function cautionPermissions(permissions: readonly IntentionPermission[], path: string): Problem[] {
  const at = `${path}.Permissions`;
  // With or without a token: that of a permission is looked at once it has matched. An HTTP that is missing is an error elsewhere.
  const matches = permissions.map(({ HTTP }) => HTTP ?? { PathExact: '?' });
  const neverAsked = shadowedIn(matches).map(({ index, by }) => {
    const what = coversAll(matches[by]!) ? 'matches every request' : 'comes first and matches all that it does';
    return caution(`${at}[${index}]`, `${at}[${index}] is never asked: ${at}[${by}] ${what}`, {
      hint: 'put the narrower one first, or leave it out',
    });
  });
  if (matches.some(coversAll)) return neverAsked;
  const actions = new Set(permissions.map(({ Action }) => Action));
  if (actions.size !== 1) return neverAsked;
  return [...neverAsked, ...(actions.has('allow') ? [onlyOf(at, 'allow')] : [onlyOf(at, 'deny')])];
}

function onlyOf(at: string, action: 'allow' | 'deny'): Problem {
  const other = action === 'allow' ? 'deny' : 'allow';
  const summary =
    action === 'allow'
      ? `${at} only allow: where the default is allow, as without ACLs, they restrict nothing`
      : `${at} only deny: where the default is deny, every other request is denied too`;
  return caution(at, summary, { hint: `end the list with Action = "${other}", HTTP { PathPrefix = "/" }` });
}
