/** Why a token is not taken: the status, and Envoy's words, that a client gets. */
export interface TokenFault {
  readonly status: 401 | 403;
  readonly text: string;
  /** No token came at all, which is told without an error (RFC 6750 3). */
  readonly missing?: true;
}

const unauthorized = (text: string): TokenFault => ({ status: 401, text });

/** Envoy's jwt_authn. */
export const FAULTS = {
  missing: { status: 401, text: 'Jwt is missing', missing: true },
  form: unauthorized('Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'),
  expired: unauthorized('Jwt is expired'),
  early: unauthorized('Jwt not yet valid'),
  issuer: unauthorized('Jwt issuer is not configured'),
  audience: { status: 403, text: 'Audiences in Jwt are not allowed' },
  algorithm: unauthorized('Jwt header [alg] is not supported'),
  noKey: unauthorized("Jwks doesn't have key to match kid or alg from Jwt"),
  signature: unauthorized('Jwt verification fails'),
  keys: unauthorized('Jwks is an invalid JSON'),
  fetch: unauthorized('Jwks remote fetch is failed'),
  claim: { status: 403, text: 'RBAC: access denied' },
} as const satisfies Readonly<Record<string, TokenFault>>;
