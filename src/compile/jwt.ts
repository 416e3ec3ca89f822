import { entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import type { JwtProvider as JwtProviderEntry } from '../entries/jwt-provider.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import type { IntentionRule, JwtProvider, RemoteKeys, TokenLocation, TokenRequirement } from './proxy-config.ts';

const SECOND_MS = 1_000;
/** Envoy: cache_duration of remote_jwks. */
const CACHE_MS = 600 * SECOND_MS;
/** Envoy: jwt_cache_size. */
const REMEMBERED_TOKENS = 100;
const FETCH_TIMEOUT_MS = 5 * SECOND_MS;
const BACK_OFF_MS = SECOND_MS;

/** Envoy, when a provider names no location. */
const DEFAULT_LOCATIONS: readonly TokenLocation[] = [{ header: 'authorization', prefix: 'Bearer ' }, { parameter: 'access_token' }];

/** As a field of a rule. Nothing when no provider is named. */
export function tokenRequirement(jwt: IntentionPermission['JWT']): { tokens?: TokenRequirement } {
  const providers = (jwt?.Providers ?? []).map(({ Name = '', VerifyClaims = [] }) => ({
    name: Name,
    claims: VerifyClaims.map(({ Path = [], Value = '' }) => ({ path: Path, value: Value })),
  }));
  return providers.length > 0 ? { tokens: { providers } } : {};
}

/** Those that the rules name, as far as they are there, by name. */
export function jwtProviders(s: Snapshot, dc: string, rules: readonly IntentionRule[]): { jwtProviders?: readonly JwtProvider[] } {
  const requirements = rules.flatMap(({ tokens, permissions = [] }) => [tokens, ...permissions.map((permission) => permission.tokens)]);
  const found = providersOf(
    s,
    dc,
    requirements.filter((one) => one !== undefined),
  );
  return found.length > 0 ? { jwtProviders: found } : {};
}

export function providersOf(s: Snapshot, dc: string, requirements: readonly TokenRequirement[]): JwtProvider[] {
  const names = new Set(requirements.flatMap(({ providers }) => providers).map(({ name }) => name));
  return [...names].sort().flatMap((name) => {
    const provider = entry(s, dc, 'jwt-provider', name).value as JwtProviderEntry | undefined;
    return provider ? [providerOf(name, provider)] : [];
  });
}

/** `name` as requirements write it. */
function providerOf(name: string, provider: JwtProviderEntry): JwtProvider {
  const { Issuer, Audiences = [], Locations = [], Forwarding, ClockSkewSeconds = 0, CacheConfig } = provider;
  return {
    name,
    ...(Issuer ? { issuer: Issuer } : {}),
    ...(Audiences.length > 0 ? { audiences: Audiences } : {}),
    keys: keysOf(provider),
    locations: Locations.length > 0 ? Locations.map(locationOf) : DEFAULT_LOCATIONS,
    // Consul: of several headers, the last one says it for all.
    forward: Locations.findLast(({ Header }) => Header)?.Header?.Forward ?? false,
    ...(Forwarding?.HeaderName
      ? { payloadHeader: { name: Forwarding.HeaderName.toLowerCase(), padded: Forwarding.PadForwardPayloadHeader } }
      : {}),
    clockSkewMs: ClockSkewSeconds * SECOND_MS,
    cacheSize: CacheConfig?.Size ?? REMEMBERED_TOKENS,
  };
}

function locationOf({ Header, QueryParam, Cookie }: NonNullable<JwtProviderEntry['Locations']>[number]): TokenLocation {
  if (Header) return { header: (Header.Name ?? '').toLowerCase(), prefix: Header.ValuePrefix ?? '' };
  return QueryParam ? { parameter: QueryParam.Name ?? '' } : { cookie: Cookie?.Name ?? '' };
}

function keysOf({ JSONWebKeySet: keys }: JwtProviderEntry): JwtProvider['keys'] {
  const remote = keys?.Remote;
  if (remote) return remoteKeys(remote);
  const { JWKS = '', Filename = '' } = keys?.Local ?? {};
  return JWKS === '' ? { file: Filename } : { jwks: Buffer.from(JWKS, 'base64').toString('utf8') };
}

type Remote = NonNullable<NonNullable<JwtProviderEntry['JSONWebKeySet']>['Remote']>;

function remoteKeys({ URI = '', RequestTimeoutMs, CacheDuration, RetryPolicy, JWKSCluster }: Remote): RemoteKeys {
  const { BaseInterval, MaxInterval } = RetryPolicy?.RetryPolicyBackOff ?? {};
  const backOffMs = BaseInterval ? BaseInterval / 1e6 : BACK_OFF_MS;
  const ca = trusted(JWKSCluster?.TLSCertificates);
  return {
    uri: URI,
    timeoutMs: RequestTimeoutMs || FETCH_TIMEOUT_MS,
    cacheMs: CacheDuration ? CacheDuration / 1e6 : CACHE_MS,
    retries: RetryPolicy?.NumRetries ?? 0,
    backOffMs,
    // Envoy: ten times the base.
    maxBackOffMs: MaxInterval ? MaxInterval / 1e6 : 10 * backOffMs,
    ...(ca ? { ca } : {}),
  };
}

/** Whom else to trust is not for a sidecar to choose: it fails without what it is told of and doesn't have. */
function trusted(given: NonNullable<Remote['JWKSCluster']>['TLSCertificates']): RemoteKeys['ca'] {
  if (!given) return undefined;
  const { InlineString, InlineBytes, Filename } = given.TrustedCA ?? {};
  if (Filename) return { file: Filename };
  const pem = InlineString || (InlineBytes && Buffer.from(InlineBytes, 'base64').toString('utf8'));
  return pem ? { pem } : { unknown: given.TrustedCA ? 'TrustedCA.EnvironmentVariable' : 'CaCertificateProviderInstance' };
}
