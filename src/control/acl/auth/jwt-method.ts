import { messageOf } from '../../../base/errors.ts';
import type { Clock } from '../../../base/ports.ts';
import { list, map, string, struct } from '../../../filter/shape.ts';
import { mapClaims } from './claims.ts';
import { MethodConfig } from './config.ts';
import { ALGORITHMS, discover, fetchKeys, remoteKeys, staticKeys, type Verify } from './jwt-keys.ts';
import type { Identity, Validator } from './validator.ts';

const FIELDS = [
  'JWTSupportedAlgs',
  'BoundAudiences',
  'ClaimMappings',
  'ListClaimMappings',
  'OIDCDiscoveryURL',
  'OIDCDiscoveryCACert',
  'JWKSURL',
  'JWKSCACert',
  'JWTValidationPubKeys',
  'BoundIssuer',
  'ExpirationLeeway',
  'NotBeforeLeeway',
  'ClockSkewLeeway',
];

/** Consul's, in seconds: a token that does not say when it ends lives so long, and clocks may differ by the last. */
const DEFAULT_LEEWAY = 150;
const DEFAULT_SKEW = 60;

/** Tokens that somebody else has signed. `dialect`: what stands before the reasons of refusals. */
export async function jwtValidator(given: Readonly<Record<string, unknown>>, clock: Clock, dialect: string): Promise<Validator> {
  const config = new MethodConfig(given, FIELDS);
  const verify = await verifier(config);
  const [single, lists] = [config.map('ClaimMappings'), config.map('ListClaimMappings')];
  const issuer = config.text('BoundIssuer') || config.text('OIDCDiscoveryURL');
  const audiences = config.texts('BoundAudiences');
  const refused = (reason: string): string => `error validating claims: ${dialect}/jwt: validation failed, ${reason}`;
  const leeway = {
    expiration: config.seconds('ExpirationLeeway', DEFAULT_LEEWAY),
    notBefore: config.seconds('NotBeforeLeeway', DEFAULT_LEEWAY),
    skew: config.seconds('ClockSkewLeeway', DEFAULT_SKEW),
  };
  return {
    shape: struct({ value: map(string), list: map(list(string)) }),
    names: [...single.values()].map((name) => `value.${name}`),
    validate: async (token): Promise<Identity> => {
      const claims = await claimsOf(token, verify);
      const wrong = timesError(claims, clock.now() / 1000, leeway, refused) ?? boundError(claims, issuer, audiences, refused);
      if (wrong !== undefined) throw new Error(wrong);
      try {
        const mapped = mapClaims(claims, single, lists);
        return { fields: mapped, values: new Map(Object.entries(mapped.value).map(([name, value]) => [`value.${name}`, value])) };
      } catch (error) {
        throw new Error(messageOf(error));
      }
    },
  };
}

async function verifier(config: MethodConfig): Promise<Verify> {
  const [keys, jwks, oidc] = [config.texts('JWTValidationPubKeys'), config.text('JWKSURL'), config.text('OIDCDiscoveryURL')];
  if ([keys.length > 0, jwks !== '', oidc !== ''].filter(Boolean).length !== 1)
    throw new Error(`exactly one of 'JWTValidationPubKeys', 'JWKSURL', or 'OIDCDiscoveryURL' must be set for type "jwt"`);
  const asked = config.texts('JWTSupportedAlgs');
  const unknown = asked.find((name) => !ALGORITHMS.includes(name));
  if (unknown !== undefined) throw new Error(`invalid supported JWT algs: unsupported signing algorithm ${unknown}`);
  const algorithms = asked.length > 0 ? asked : ALGORITHMS;
  if (keys.length > 0) return staticKeys(keys, algorithms);
  if (jwks !== '') {
    const ca = config.text('JWKSCACert');
    await fetchKeys(jwks, ca).catch((error: unknown) => {
      throw new Error(`error checking JWKSURL: ${messageOf(error)}`);
    });
    return remoteKeys(jwks, ca, algorithms);
  }
  const ca = config.text('OIDCDiscoveryCACert');
  const { jwksUrl } = await discover(oidc, ca).catch((error: unknown) => {
    throw new Error(`error checking OIDCDiscoveryURL: error creating provider: ${messageOf(error)}`);
  });
  return remoteKeys(jwksUrl, ca, asked.length > 0 ? asked : ['RS256']);
}

interface Claims {
  readonly iss?: string;
  readonly sub?: string;
  readonly aud?: string | readonly string[];
  readonly exp?: number;
  readonly nbf?: number;
  readonly iat?: number;
}

async function claimsOf(token: string, verify: Verify): Promise<Claims> {
  if (token === '') throw new Error('missing jwt');
  if (token.split('.').length !== 3) throw new Error('error parsing token: square/go-jose: compact JWS format must have three parts');
  let payload: Uint8Array;
  try {
    payload = await verify(token);
  } catch (error) {
    throw new Error(messageOf(error));
  }
  const claims = readClaims(payload);
  if (!claims) throw new Error('no known key successfully validated the token signature');
  return claims;
}

/** Undefined for what is no set of claims. */
function readClaims(payload: Uint8Array): Claims | undefined {
  let claims: unknown;
  try {
    claims = JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
  if (typeof claims !== 'object' || claims === null || Array.isArray(claims)) return undefined;
  const { iss = '', sub = '', aud = [], exp = 0, nbf = 0, iat = 0 } = claims as Record<string, unknown>;
  const texts = [iss, sub, ...(Array.isArray(aud) ? aud : [aud])].every((text) => typeof text === 'string');
  const times = [exp, nbf, iat].every((time) => typeof time === 'number' && Number.isFinite(time));
  return texts && times ? (claims as Claims) : undefined;
}

interface Leeway {
  readonly expiration: number;
  readonly notBefore: number;
  readonly skew: number;
}

type Refused = (reason: string) => string;

function timesError({ exp = 0, nbf = 0, iat = 0 }: Claims, now: number, leeway: Leeway, refused: Refused): string | undefined {
  if (exp === 0 && nbf === 0 && iat === 0) return 'no issue time, notbefore, or expiration time encoded in token';
  const ends = exp === 0 ? Math.max(iat, nbf) + leeway.expiration : exp;
  const begins = nbf === 0 ? (iat === 0 ? ends - leeway.notBefore : iat) : nbf;
  if (now + leeway.skew < begins) return refused('token not valid yet (nbf)');
  return now - leeway.skew > ends ? refused('token is expired (exp)') : undefined;
}

function boundError({ iss = '', aud = [] }: Claims, issuer: string, audiences: readonly string[], refused: Refused): string | undefined {
  if (issuer !== '' && iss !== issuer) return refused('invalid issuer claim (iss)');
  const own = typeof aud === 'string' ? [aud] : aud;
  if (audiences.length > 0 && !own.some((audience) => audiences.includes(audience)))
    return 'error validating claims: aud claim does not match any bound audience';
  return undefined;
}
