import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { OurPair } from './ours.mjs';
import { withPairs } from './pairs.mjs';
import { budget, ratio, title } from './report.mjs';
import { compare } from './requests.mjs';

const allowed = (more) => [{ source: 'web', action: 'allow', precedence: 9, ...more }];
const permit = (action, match) => ({ action, match });

/** The tenth is the first that matches. */
const PERMISSIONS = [
  permit('deny', { pathPrefix: '/admin' }),
  permit('deny', { pathExact: '/metrics' }),
  permit('allow', { pathPrefix: '/v1/', methods: ['GET'] }),
  permit('allow', { pathPrefix: '/v2/', methods: ['GET', 'POST'] }),
  permit('deny', { pathRegex: '/api/internal/.*' }),
  permit('deny', { pathPrefix: '/api', headers: [{ name: 'x-debug', type: 'present', value: '', invert: false }] }),
  permit('deny', { pathPrefix: '/api', methods: ['DELETE', 'PUT'] }),
  permit('allow', { pathExact: '/healthz', methods: ['GET'] }),
  permit('deny', { headers: [{ name: 'user-agent', type: 'prefix', value: 'bad', invert: false }] }),
  permit('allow', { pathPrefix: '/api' }),
];

/** A provider whose keys are known, and a token of it that all requests carry, so that it is verified once. */
async function provider() {
  const { publicKey, privateKey } = await generateKeyPair('ES256', { extractable: true });
  const jwks = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] });
  const token = await new SignJWT({ sub: 'ann', role: 'payer' })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1' })
    .setExpirationTime('1h')
    .sign(privateKey);
  const locations = [{ header: 'authorization', prefix: 'Bearer ' }, { parameter: 'access_token' }];
  return { token, jwtProviders: [{ name: 'okta', keys: { jwks }, locations, forward: false, clockSkewMs: 30_000, cacheSize: 100 }] };
}

export async function measurePolicies(authority, options) {
  const { token, jwtProviders } = await provider();
  const tokens = { providers: [{ name: 'okta', claims: [{ path: ['role'], value: 'payer' }] }] };
  const start = (policy) => (ports) => OurPair.start(authority, { protocol: 'http', ports, flags: options.flags, policy });
  title('What intentions cost: an action, ten permissions of which the last matches, a token that is remembered');
  const starts = {
    action: start({ intentions: allowed() }),
    permissions: start({ intentions: allowed({ permissions: PERMISSIONS }) }),
    token: start({ intentions: allowed({ tokens }), jwtProviders }),
  };
  await withPairs(starts, async (pairs) => {
    const samples = await compare(pairs, options, { headers: { Authorization: `Bearer ${token}` } });
    console.log();
    budget('CPU per request with permissions beside an action', ratio(samples, 'permissions', 'action', 'cpu'), 1.1, { unit: ' x' });
    budget('CPU per request with a token beside an action', ratio(samples, 'token', 'action', 'cpu'), 1.15, { unit: ' x' });
  });
}
