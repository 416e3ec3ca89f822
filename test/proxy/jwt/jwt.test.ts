import { createHmac } from 'node:crypto';
import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { DeniedCall } from '../../../src/api/denial.ts';
import { buildProxyConfig } from '../../../src/compile/proxy.ts';
import { put, register, service, sidecar, snapshotOf } from '../../catalog/registrations.ts';
import { callUpstream } from '../fixture/http.ts';
import { Mesh } from '../fixture/mesh.ts';
import { httpApp, type TestApp } from '../fixture/sockets.ts';
import { Issuer } from './issuer.ts';

let app: TestApp;
let mesh: Mesh;
let okta: Issuer;
let seen: { url: string; headers: IncomingHttpHeaders } | undefined;

beforeAll(async () => {
  okta = await Issuer.start('https://okta');
  app = await httpApp((req, res) => {
    seen = { url: req.url!, headers: req.headers };
    res.end('ok');
  });
  mesh = await Mesh.start({ app: app.at, protocol: 'http' });
});
afterAll(async () => {
  await mesh.close();
  await app.close();
});

const base64 = (value: string): string => Buffer.from(value).toString('base64');
const local = (): object => ({ Issuer: okta.name, JSONWebKeySet: { Local: { JWKS: base64(okta.jwks()) } } });
const asks = (...VerifyClaims: object[]): object => ({ Providers: [{ Name: 'okta', VerifyClaims }] });
const toAll = (more: object = {}): object => ({ Sources: [{ Name: 'web', Action: 'allow' }], JWT: asks(), ...more });

/** Stores the entries, compiles them, and pushes the result to the sidecar of payments. */
async function write(provider: object, intentions: object, defaultIntention: 'allow' | 'deny' = 'deny'): Promise<void> {
  const s = snapshotOf(
    register('n1', [service('payments', { Port: 9090 }), sidecar('payments')]),
    put('service-defaults', 'payments', { Protocol: 'http' }),
    put('jwt-provider', 'okta', { ClockSkewSeconds: 30, ...provider }),
    put('service-intentions', 'payments', intentions),
  );
  const built = buildProxyConfig(s, 'dc1/n1/payments-sidecar-proxy', { trustDomain: 'td', extraLoopback: true, defaultIntention });
  if (!built.ok) throw new Error(built.error[0]?.summary);
  const { intentions: rules, defaultAction, jwtProviders } = built.value.inbound!;
  await mesh.configure({ intentions: rules, defaultAction, inbound: jwtProviders ? { jwtProviders } : {} });
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly challenge: string | undefined;
  readonly reason: string;
}

async function get(headers: OutgoingHttpHeaders = {}, path = '/'): Promise<Answer> {
  seen = undefined;
  const answer = await callUpstream(mesh, { path, headers: { host: 'payments', ...headers } });
  const reason = String(answer.headers['x-mesh-reason'] ?? '');
  return { status: answer.statusCode!, body: await text(answer), challenge: answer.headers['www-authenticate'], reason };
}

const bearer = (token: string): OutgoingHttpHeaders => ({ authorization: `Bearer ${token}` });

describe('an intention that asks for tokens', () => {
  it('lets pass those of its provider, which the application does not see', async () => {
    await write(local(), toAll());
    expect(await get(bearer(await okta.token()))).toMatchObject({ status: 200, body: 'ok' });
    expect(seen!.headers).not.toHaveProperty('authorization');
  });

  it('refuses all others in the words of Envoy', async () => {
    await write({ ...local(), Audiences: ['mesh', 'api'] }, toAll());
    const other = await Issuer.start(okta.name);
    const [head, payload] = (await okta.token({ aud: 'mesh' })).split('.');
    const none = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const secret = Buffer.from('{"alg":"HS256","kid":"k1"}').toString('base64url');
    const confused = `${secret}.${payload}.${createHmac('sha256', okta.jwks()).update(`${secret}.${payload}`).digest('base64url')}`;
    const cases: [string, OutgoingHttpHeaders, number, string][] = [
      ['nothing', {}, 401, 'Jwt is missing'],
      ['another scheme', { authorization: 'Basic YTpi' }, 401, 'Jwt is missing'],
      ['no token', bearer('abc'), 401, 'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections'],
      [
        'two of them',
        bearer(`${head}.${payload}.x,Bearer a`),
        401,
        'Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections',
      ],
      ['another signature', bearer(`${head}.${payload}.AAAA`), 401, 'Jwt verification fails'],
      ['the key of another', bearer(await other.token({ aud: 'mesh' })), 401, 'Jwt verification fails'],
      ['no algorithm', bearer(none), 401, 'Jwt header [alg] is not supported'],
      ['a public key as secret', bearer(confused), 401, "Jwks doesn't have key to match kid or alg from Jwt"],
      ['another issuer', bearer(await okta.token({ iss: 'x', aud: 'mesh' })), 401, 'Jwt issuer is not configured'],
      ['another audience', bearer(await okta.token({ aud: 'x' })), 403, 'Audiences in Jwt are not allowed'],
      ['the past', bearer(await okta.token({ aud: 'api' }, -31)), 401, 'Jwt is expired'],
      ['the future', bearer(await okta.token({ aud: 'api', nbf: Date.now() / 1000 + 60 })), 401, 'Jwt not yet valid'],
    ];
    for (const [what, headers, status, body] of cases) {
      const answer = await get(headers, '/a?b');
      expect({ what, status: answer.status, body: answer.body }).toEqual({ what, status, body });
      const error = body === 'Jwt is missing' ? '' : ', error="invalid_token"';
      expect(answer.challenge).toBe(status === 401 ? `Bearer realm="http://payments/a"${error}` : undefined);
      expect(answer.reason).toMatch(/svc\/web: intention allow web => payments \(precedence 9\): .* \(jwt-provider okta\)$/);
      expect(seen).toBeUndefined();
    }
    const told: DeniedCall[] = [];
    const stop = mesh.server.denials((calls) => told.push(...calls) > 0);
    await vi.waitFor(() => expect(told).toHaveLength(new Set(cases.map(([, , , body]) => body)).size));
    stop();
    const token = 'Jwt is missing (jwt-provider okta)';
    const rule = { source: 'web', destination: 'payments', precedence: 9, action: 'allow' };
    expect(told[0]).toMatchObject({ source: 'web', destination: 'payments', status: 401, times: 2, token, rule });
    // Within the clock skew.
    expect((await get(bearer(await okta.token({ aud: ['x', 'api'] }, -20)))).status).toBe(200);
    expect(JSON.stringify([mesh.log.lines, told])).not.toContain(payload);
  });

  it('asks for them whatever the default is', async () => {
    await write(local(), toAll(), 'allow');
    expect((await get()).status).toBe(401);
  });

  it.each([
    [{ role: 'admin', org: { team: 'pay' } }, 200],
    [{ role: ['user', 'admin'], org: { team: 'pay' } }, 200],
    [{ role: 'user', org: { team: 'pay' } }, 403],
    [{ role: 'admin', org: {} }, 403],
    [{ role: 'admin', org: { team: 7 } }, 403],
    [{ role: 'admin' }, 403],
  ])('looks at claims: %j', async (claims, status) => {
    const claim = (...Path: string[]) => ({ Path, Value: Path.length === 1 ? 'admin' : 'pay' });
    await write(local(), toAll({ JWT: asks(claim('role'), claim('org', 'team')) }));
    const answer = await get(bearer(await okta.token(claims)));
    expect(answer.status).toBe(status);
    if (status === 403) {
      expect(answer.body).toBe('RBAC: access denied');
      expect(answer.reason).toMatch(/: the claim (role|org\.team) of the token is not what jwt-provider okta is asked for$/);
    }
  });
});

describe('permissions that ask for tokens', () => {
  const http = (PathPrefix: string): object => ({ HTTP: { PathPrefix } });

  it('ask only for what they allow, and no permission after them is looked at', async () => {
    const Permissions = [
      { Action: 'allow', ...http('/admin'), JWT: asks({ Path: ['role'], Value: 'admin' }) },
      { Action: 'allow', ...http('/') },
    ];
    await write(local(), { Sources: [{ Name: 'web', Permissions }] });
    expect((await get({}, '/open')).status).toBe(200);
    expect((await get({}, '/admin')).status).toBe(401);
    expect((await get({}, '//ADMIN')).status).toBe(401);
    expect((await get({}, '/x/..%2Fadmin')).status).toBe(401);
    expect((await get(bearer(await okta.token({ role: 'user' })), '/admin')).status).toBe(403);
    expect((await get(bearer(await okta.token({ role: 'admin' })), '/admin')).status).toBe(200);
  });

  it('forbid to those with a token, and leave others to the default', async () => {
    const Permissions = [
      { Action: 'deny', ...http('/pay'), JWT: asks({ Path: ['role'], Value: 'guest' }) },
      { Action: 'allow', ...http('/') },
    ];
    await write(local(), { Sources: [{ Name: 'web', Permissions }] }, 'allow');
    expect((await get(bearer(await okta.token({ role: 'guest' })), '/pay')).reason).toMatch(/: Permissions\[0\] is deny$/);
    expect((await get({}, '/pay')).status).toBe(200);
    await write(local(), { Sources: [{ Name: 'web', Permissions }] }, 'deny');
    expect((await get({}, '/pay')).status).toBe(403);
    expect((await get({}, '/other')).status).toBe(200);
  });
});

describe('a provider', () => {
  it('finds tokens in its locations only', async () => {
    const Locations = [{ Header: { Name: 'X-Token' } }, { QueryParam: { Name: 'jwt' } }, { Cookie: { Name: 'session' } }];
    await write({ ...local(), Locations }, toAll());
    const token = await okta.token();
    expect((await get(bearer(token))).status).toBe(401);
    expect((await get({ 'x-token': token })).status).toBe(200);
    expect(seen!.headers).not.toHaveProperty('x-token');
    expect((await get({}, `/a?b=1&jwt=${token}&c`)).status).toBe(200);
    expect(seen!.url).toBe('/a?b=1&c');
    expect((await get({ cookie: `a=b; session=${token}` })).status).toBe(200);
    // One that is bad doesn't stand in the way of one that is good.
    expect((await get({ 'x-token': 'junk', cookie: `session=${token}` })).status).toBe(200);
  });

  it('forwards tokens and payloads as told, and nobody else does', async () => {
    const Locations = [{ Header: { Name: 'Authorization', ValuePrefix: 'Bearer ', Forward: true } }];
    await write({ ...local(), Locations, Forwarding: { HeaderName: 'X-Payload', PadForwardPayloadHeader: true } }, toAll());
    const token = await okta.token({ a: 1 });
    expect((await get({ ...bearer(token), 'x-payload': 'forged' })).status).toBe(200);
    expect(seen!.headers.authorization).toBe(`Bearer ${token}`);
    const payload = String(seen!.headers['x-payload']);
    expect(payload.length % 4).toBe(0);
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ iss: okta.name, a: 1 });
  });

  it('is asked again for a request that comes again on its connection', async () => {
    const forwarding = { ...local(), Forwarding: { HeaderName: 'X-Payload' } };
    await write(forwarding, toAll());
    const headers = bearer(await okta.token({ role: 'user' }));
    for (const _ of [1, 2, 3, 4]) {
      expect((await get(headers)).status).toBe(200);
      expect(seen!.headers).toHaveProperty('x-payload');
      expect(seen!.headers).not.toHaveProperty('authorization');
    }
    await write(forwarding, toAll({ JWT: asks({ Path: ['role'], Value: 'admin' }) }));
    expect([(await get(headers)).status, (await get(headers)).status]).toEqual([403, 403]);
    const Permissions = ['/a', '/'].map((PathPrefix) => ({ Action: PathPrefix === '/' ? 'allow' : 'deny', HTTP: { PathPrefix } }));
    await write(local(), { Sources: [{ Name: 'web', Permissions }] });
    for (const _ of [1, 2, 3]) {
      expect([(await get(headers)).status, (await get(headers, '/a')).status]).toEqual([200, 403]);
      expect((await get(headers)).status).toBe(200);
      expect(seen!.headers).toMatchObject(headers);
    }
    const [, allowed] = Permissions;
    await write(local(), { Sources: [{ Name: 'web', Permissions: [allowed] }] });
    expect([(await get(headers)).status, (await get(headers, '/a')).status]).toEqual([200, 200]);
  });

  it('drops its payload header from requests that need no token', async () => {
    const Permissions = [
      { Action: 'allow', HTTP: { PathPrefix: '/a' }, JWT: asks() },
      { Action: 'allow', HTTP: { PathPrefix: '/' } },
    ];
    await write({ ...local(), Forwarding: { HeaderName: 'X-Payload' } }, { Sources: [{ Name: 'web', Permissions }] });
    expect((await get({ 'x-payload': 'forged', 'x-other': 'kept' }, '/b')).status).toBe(200);
    expect(seen!.headers).toMatchObject({ 'x-other': 'kept' });
    expect(seen!.headers).not.toHaveProperty('x-payload');
  });
});
