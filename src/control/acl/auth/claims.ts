/** The claims of a token that are mapped to names. */
export interface MappedClaims {
  readonly value: Readonly<Record<string, string>>;
  readonly list: Readonly<Record<string, readonly string[]>>;
}

/**
 * Takes the claims that `ClaimMappings` and `ListClaimMappings` name: `sub`, or `/user/groups` for one inside of another.
 * Those that are absent are empty. Throws an Error for one that is of another kind.
 */
export function mapClaims(claims: object, single: ReadonlyMap<string, string>, lists: ReadonlyMap<string, string>): MappedClaims {
  const value = Object.create(null) as Record<string, string>;
  const list = Object.create(null) as Record<string, readonly string[]>;
  for (const [claim, name] of single) value[name] = textOf(claim, claimAt(claims, claim) ?? '');
  for (const [claim, name] of lists) list[name] = textsOf(claim, claimAt(claims, claim) ?? []);
  return { value, list };
}

function claimAt(claims: object, claim: string): unknown {
  if (!claim.startsWith('/')) return child(claims, claim);
  const steps = claim
    .slice(1)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  return steps.reduce<unknown>(child, claims);
}

function child(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
}

function textOf(claim: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`error converting claim '${claim}' to string from unknown type ${goTypeOf(value)}`);
}

/** One text stands for a list of it. */
function textsOf(claim: string, value: unknown): readonly string[] {
  const items: unknown[] = Array.isArray(value) ? value : [value];
  return items.map((item) => {
    if (typeof item === 'object' && item !== null)
      throw new Error(`error converting list claim '${claim}' to string from unknown type ${goTypeOf(item)}`);
    return textOf(claim, item);
  });
}

const goTypeOf = (value: unknown): string => (Array.isArray(value) ? '[]interface {}' : 'map[string]interface {}');
