import { type CryptoKey, decodeProtectedHeader, importJWK, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { JwtProvider } from '../../compile/proxy-config.ts';
import { FAULTS, type TokenFault } from '../../matching/token-fault.ts';
import type { Keys } from './key-set.ts';

/** Which kind of key an algorithm takes: a token can't make an RSA key the secret of an HMAC. */
const KEY_TYPES: Readonly<Record<string, string>> = { RS: 'RSA', PS: 'RSA', ES: 'EC', HS: 'oct', Ed: 'OKP' };
const CURVES: Readonly<Record<string, string>> = { ES256: 'P-256', ES384: 'P-384', ES512: 'P-521' };

/** Verifies one token in full. With this file jose is loaded: import it when there is a token. */
export async function verifyToken(token: string, provider: JwtProvider, keys: Keys, now: number): Promise<JWTPayload | TokenFault> {
  let header: ReturnType<typeof decodeProtectedHeader>;
  try {
    header = decodeProtectedHeader(token);
  } catch {
    return FAULTS.form;
  }
  const { alg = '', kid } = header;
  if (KEY_TYPES[alg.slice(0, 2)] === undefined) return FAULTS.algorithm;
  const candidates = keys.jwks.filter((jwk) => mayHaveSigned(jwk, alg, kid));
  if (candidates.length === 0) return FAULTS.noKey;
  let fault: TokenFault = FAULTS.signature;
  for (const jwk of candidates) {
    try {
      const key = await imported(keys, jwk, alg);
      const options = { algorithms: [alg], clockTolerance: provider.clockSkewMs / 1000, currentDate: new Date(now) };
      const { issuer, audiences } = provider;
      const expected = { ...(issuer === undefined ? {} : { issuer }), ...(audiences ? { audience: [...audiences] } : {}) };
      return (await jwtVerify(token, key, { ...options, ...expected })).payload;
    } catch (error) {
      fault = faultOf(error);
      if (fault !== FAULTS.signature) return fault;
    }
  }
  return fault;
}

function mayHaveSigned(jwk: JWK, alg: string, kid: string | undefined): boolean {
  return (
    jwk.kty === KEY_TYPES[alg.slice(0, 2)] &&
    (kid === undefined || jwk.kid === undefined || jwk.kid === kid) &&
    (jwk.alg === undefined || jwk.alg === alg) &&
    (jwk.use === undefined || jwk.use === 'sig') &&
    (CURVES[alg] === undefined || jwk.crv === CURVES[alg])
  );
}

async function imported(keys: Keys, jwk: JWK, alg: string): Promise<CryptoKey | Uint8Array> {
  const name = `${alg} ${keys.jwks.indexOf(jwk)}`;
  const present = keys.imported.get(name);
  if (present) return present;
  const key = await importJWK(jwk, alg);
  keys.imported.set(name, key);
  return key;
}

function faultOf(error: unknown): TokenFault {
  const { code, claim } = error as { code?: string; claim?: string };
  if (code === 'ERR_JWT_EXPIRED') return FAULTS.expired;
  if (code === 'ERR_JWT_INVALID' || code === 'ERR_JWS_INVALID') return FAULTS.form;
  if (code !== 'ERR_JWT_CLAIM_VALIDATION_FAILED') return FAULTS.signature;
  if (claim === 'iss') return FAULTS.issuer;
  if (claim === 'aud') return FAULTS.audience;
  return claim === 'nbf' ? FAULTS.early : FAULTS.form;
}
