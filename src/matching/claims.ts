import type { ClaimRule } from '../compile/proxy-config.ts';

/** Whether the payload of a token has a claim: this text, or a list with it. */
export function holdsClaim(payload: object, { path, value }: ClaimRule): boolean {
  let claim: unknown = payload;
  for (const key of path)
    claim = typeof claim === 'object' && claim !== null && Object.hasOwn(claim, key) ? (claim as never)[key] : undefined;
  return Array.isArray(claim) ? claim.includes(value) : claim === value;
}

/** For logs: nothing of the token. */
export const wrongClaimText = (provider: string, { path }: ClaimRule): string =>
  `the claim ${path.join('.')} of the token is not what jwt-provider ${provider} is asked for`;
