import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { exportJWK, type JWTPayload, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAgentCa, issueAgentCertificate } from '../../../src/pki/agent-certificates.ts';
import { type AclApi, openAclApi } from './acl-api.ts';
import { serveJson, type TestServer } from './server.ts';

const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pem = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }) as string;

const nowS = (): number => Math.floor(Date.now() / 1000);
/** A token of now, unless the claims say otherwise. */
function sign(
  claims: JWTPayload,
  key: KeyObject = ec.privateKey,
  header: { alg: string; kid?: string } = { alg: 'ES256' },
): Promise<string> {
  return new SignJWT({ iat: nowS(), exp: nowS() + 600, ...claims }).setProtectedHeader(header).sign(key);
}

/** As it stands in the name of what is bound. */
const variable = (name: string): string => `$\{${name}}`;

interface Row {
  readonly [field: string]: unknown;
}

const texts = async (reply: Promise<{ status: number; text: string }>): Promise<[number, string]> => {
  const { status, text } = await reply;
  return [status, text];
};

const METHOD = {
  Name: 'jw',
  Type: 'jwt',
  Description: 'd',
  DisplayName: 'dn',
  MaxTokenTTL: '5m',
  TokenLocality: 'global',
  Config: {
    JWTValidationPubKeys: [pem(ec.publicKey)],
    BoundIssuer: 'iss',
    BoundAudiences: ['aud'],
    ClaimMappings: { sub: 'name', '/a/b': 'ab' },
    ListClaimMappings: { groups: 'groups' },
  },
};

describe('auth methods and binding rules', () => {
  let api: AclApi;
  beforeAll(async () => {
    api = await openAclApi();
    await api.root('PUT', '/v1/acl/auth-method', METHOD);
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('answers as Consul does', async () => {
    const stamps = { CreateIndex: expect.any(Number), ModifyIndex: expect.any(Number) };
    const { Config, ...stub } = { ...METHOD, MaxTokenTTL: '5m0s' };
    const read = await api.root('GET', '/v1/acl/auth-method/jw');
    expect(read.json).toEqual({ ...stub, Config, ...stamps });
    expect((await api.root('GET', '/v1/acl/auth-methods')).json).toEqual([{ ...stub, ...stamps }]);
    const rule = {
      AuthMethod: 'jw',
      Description: 'bd',
      BindType: 'service',
      BindName: `web-${variable('value.name')}`,
      Selector: 'value.name==x and adm in list.groups',
    };
    const made = await api.root('PUT', '/v1/acl/binding-rule', rule);
    expect(made.json).toEqual({ ID: expect.any(String), ...rule, ...stamps });
    const path = `/v1/acl/binding-rule/${String((made.json as Row)['ID'])}`;
    expect((await api.root('PUT', path, { BindType: 'node', BindName: 'n' })).json).toMatchObject({
      AuthMethod: 'jw',
      BindType: 'node',
      Selector: '',
    });
    expect((await api.root('GET', '/v1/acl/binding-rules?authmethod=jw')).json).toHaveLength(1);
    expect((await api.root('DELETE', path)).text).toBe('true');
  });

  // As Consul 1.8.7 answered.
  it.each<[string, object, string]>([
    ['auth-method', {}, 'Invalid Auth Method: no Name is set'],
    ['auth-method', { Name: 'a b' }, "Invalid Auth Method: invalid Name. Only alphanumeric characters, '-' and '_' are allowed"],
    ['auth-method', { Name: 'j' }, 'Invalid Auth Method: Type should be one of: [jwt kubernetes]'],
    ['auth-method', { Name: 'jw', Type: 'kubernetes' }, 'the Type field of an Auth Method is immutable'],
    [
      'auth-method',
      { Name: 'j', Type: 'jwt' },
      `Invalid Auth Method: exactly one of 'JWTValidationPubKeys', 'JWKSURL', or 'OIDCDiscoveryURL' must be set for type "jwt"`,
    ],
    [
      'auth-method',
      { Name: 'j', Type: 'jwt', Config: { Bogus: 1 } },
      "Invalid Auth Method: error decoding config: 1 error(s) decoding:\n\n* '' has invalid keys: Bogus",
    ],
    ['auth-method', { Name: 'j', Type: 'kubernetes' }, 'Invalid Auth Method: Config.Host is required'],
    ['auth-method', { Name: 'j', Type: 'kubernetes', Config: { Host: 'https://x' } }, 'Invalid Auth Method: Config.CACert is required'],
    ['auth-method', { Name: 'j', Type: 'jwt', MaxTokenTTL: '1s' }, 'MaxTokenTTL 1s cannot be less than 1m0s'],
    [
      'auth-method',
      { Name: 'j', Type: 'jwt', TokenLocality: 'x' },
      "Invalid Auth Method: TokenLocality should be one of 'local' or 'global'",
    ],
    ['binding-rule', {}, 'Invalid Binding Rule: no AuthMethod is set'],
    ['binding-rule', { AuthMethod: 'nope' }, 'cannot find auth method with name "nope"'],
    ['binding-rule', { AuthMethod: 'jw' }, 'Invalid Binding Rule: no BindType is set'],
    ['binding-rule', { AuthMethod: 'jw', BindType: 'service' }, 'Invalid Binding Rule: no BindName is set'],
    ['binding-rule', { AuthMethod: 'jw', BindType: 'bogus', BindName: 'x' }, 'Invalid Binding Rule: unknown BindType "bogus"'],
    ['binding-rule', { AuthMethod: 'jw', BindType: 'service', BindName: 'We b' }, 'Invalid Binding Rule: invalid BindName'],
    [
      'binding-rule',
      { AuthMethod: 'jw', BindType: 'service', BindName: variable('value.nope') },
      'Invalid Binding Rule: invalid BindName: 1:3: unknown variable accessed: value.nope',
    ],
    [
      'binding-rule',
      { AuthMethod: 'jw', BindType: 'service', BindName: variable('value.name').slice(0, -1) },
      'Invalid Binding Rule: invalid BindName: parse error: syntax error',
    ],
    [
      'binding-rule',
      { AuthMethod: 'jw', BindType: 'service', BindName: 'web', Selector: 'bogus==1' },
      'invalid Binding Rule: Selector is invalid: Selector "bogus" is not valid',
    ],
    ['binding-rule/zz', { AuthMethod: 'jw' }, 'Binding Rule ID invalid UUID'],
  ])('refuses %s %j', async (path, body, text) => {
    expect(await texts(api.root('PUT', `/v1/acl/${path}`, body))).toEqual([500, text]);
  });
});

describe('login by JWT', () => {
  let api: AclApi;
  const login = (BearerToken: string, AuthMethod = 'jw') =>
    api.call('/v1/acl/login', { method: 'POST', body: { AuthMethod, BearerToken, Meta: { pod: 'p1' } } });
  const claims = { iss: 'iss', aud: 'aud', sub: 'X', groups: ['adm'], a: { b: 'r2' } };
  beforeAll(async () => {
    api = await openAclApi();
    await api.root('PUT', '/v1/acl/auth-method', METHOD);
    await api.root('PUT', '/v1/acl/role', { Name: 'r-r2' });
    for (const rule of [
      { BindType: 'service', BindName: `web-${variable('value.name')}`, Selector: 'value.name==X and adm in list.groups' },
      { BindType: 'role', BindName: `r-${variable('value.ab')}`, Selector: 'value.ab != ""' },
      { BindType: 'node', BindName: 'n', Selector: 'ops in list.groups' },
      { BindType: 'policy', BindName: 'global-management', Selector: 'root in list.groups' },
      {
        BindType: 'templated-policy',
        BindName: 'builtin/service',
        BindVars: { Name: `api-${variable('value.name')}` },
        Selector: 'api in list.groups',
      },
    ]) {
      expect((await api.root('PUT', '/v1/acl/binding-rule', { AuthMethod: 'jw', ...rule })).status).toBe(200);
    }
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('gives a token with what the binding rules say, until logout', async () => {
    const reply = await login(await sign(claims));
    expect(reply.json).toMatchObject({
      Description: 'token created via login: {"pod":"p1"}',
      Roles: [{ Name: 'r-r2' }],
      ServiceIdentities: [{ ServiceName: 'web-x' }],
      Local: false,
      AuthMethod: 'jw',
    });
    const { SecretID, AccessorID, ExpirationTime, CreateTime } = reply.json as Record<string, string>;
    expect(Date.parse(ExpirationTime!) - Date.parse(CreateTime!)).toBe(300_000);
    const own = await api.as(SecretID!, '/v1/internal/acl/authorize', {
      method: 'POST',
      body: [{ Resource: 'service', Segment: 'web-x', Access: 'write' }],
    });
    expect(own.json).toMatchObject([{ Allow: true }]);
    expect((await api.root('PUT', `/v1/acl/token/${AccessorID!}/clone`, {})).text).toBe('Cannot clone a token created from an auth method');
    const logout = () => texts(api.as(SecretID!, '/v1/acl/logout', { method: 'POST' }));
    expect(await logout()).toEqual([200, 'true']);
    expect(await logout()).toEqual([403, 'token does not exist: ACL not found']);
  });

  it('binds nodes, policies and templates, too', async () => {
    const { json } = await login(await sign({ ...claims, sub: 'y', groups: ['ops', 'root', 'api'] }));
    expect(json).toMatchObject({
      Policies: [{ Name: 'global-management' }],
      NodeIdentities: [{ NodeName: 'n', Datacenter: 'dc1' }],
      TemplatedPolicies: [{ TemplateName: 'builtin/service', TemplateVariables: { name: 'api-y' } }],
    });
  });

  it('is refused to those that no binding rule is for, and to roles that are not there', async () => {
    expect(await texts(login(await sign({ iss: 'iss', aud: 'aud', a: { b: 'none' } })))).toEqual([403, 'Permission denied']);
  });

  it('ends only tokens that came by login', async () => {
    const logout = (token: string) => texts(api.as(token, '/v1/acl/logout', { method: 'POST' }));
    expect(await logout(await api.tokenWith(''))).toEqual([403, 'Permission denied']);
    expect(await logout('')).toEqual([401, 'Supplied token does not exist']);
  });

  const invalid = 'error validating claims: go-jose/go-jose/jwt: validation failed, ';
  it.each<[string, () => Promise<string>, string]>([
    ['another issuer', () => sign({ ...claims, iss: 'bad' }), `${invalid}invalid issuer claim (iss)`],
    ['another audience', () => sign({ ...claims, aud: 'bad' }), 'error validating claims: aud claim does not match any bound audience'],
    ['one that has ended', () => sign({ ...claims, exp: 5 }), `${invalid}token is expired (exp)`],
    ['one that has not begun', () => sign({ ...claims, nbf: nowS() + 9999 }), `${invalid}token not valid yet (nbf)`],
    [
      'a claim of another kind',
      () => sign({ ...claims, sub: ['x'] as unknown as string }),
      'no known key successfully validated the token signature',
    ],
    ['another key', () => sign(claims, other.privateKey), 'no known key successfully validated the token signature'],
    ['text', () => Promise.resolve('xx'), 'error parsing token: square/go-jose: compact JWS format must have three parts'],
    ['nothing', () => Promise.resolve(''), 'missing jwt'],
    [
      'a mapped claim that is an object',
      () => sign({ ...claims, a: { b: {} } }),
      "error converting claim '/a/b' to string from unknown type map[string]interface {}",
    ],
  ])('refuses %s', async (_, token, text) => expect(await texts(login(await token()))).toEqual([500, text]));

  it('refuses what is not signed, or signed with a secret that is public', async () => {
    const [header, payload] = (await sign(claims)).split('.');
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${payload}.`;
    const asSecret = await new SignJWT(claims).setProtectedHeader({ alg: 'HS256' }).sign(Buffer.from(pem(ec.publicKey)));
    const refused = [500, 'no known key successfully validated the token signature'];
    expect(await texts(login(unsigned))).toEqual(refused);
    expect(await texts(login(asSecret))).toEqual(refused);
    expect(await texts(login(`${header}.${Buffer.from('{"sub":"X"}').toString('base64url')}.AAAA`))).toEqual(refused);
  });

  it('knows no other auth method', async () => {
    expect(await texts(login('x', 'nope'))).toEqual([403, 'ACL not found: auth method "nope" not found']);
  });

  it('ends with its auth method, and so do its tokens', async () => {
    await api.root('PUT', '/v1/acl/auth-method', {
      ...METHOD,
      Name: 'short',
      TokenNameFormat: `${variable('auth_method_name')} for ${variable('value.name')}`,
    });
    await api.root('PUT', '/v1/acl/binding-rule', { AuthMethod: 'short', BindType: 'service', BindName: 'web' });
    const reply = await login(await sign(claims), 'short');
    expect(reply.json).toMatchObject({ Description: 'short for x: {"pod":"p1"}' });
    const { SecretID } = reply.json as Record<string, string>;
    expect((await api.root('DELETE', '/v1/acl/auth-method/short')).text).toBe('true');
    expect((await api.as(SecretID!, '/v1/acl/token/self')).status).toBe(403);
    expect((await api.root('GET', '/v1/acl/binding-rules?authmethod=short')).json).toEqual([]);
  });
});

describe('keys that are elsewhere', () => {
  let api: AclApi;
  let keys: TestServer;
  let served: object[];
  let asked = 0;
  const login = async (AuthMethod: string, token: string) =>
    texts(api.call('/v1/acl/login', { method: 'POST', body: { AuthMethod, BearerToken: token } }));
  const jwk = async (key: KeyObject, kid: string): Promise<object> => ({ ...(await exportJWK(key)), kid });
  beforeAll(async () => {
    api = await openAclApi();
    served = [await jwk(rsa.publicKey, 'one')];
    keys = await serveJson((path) => {
      if (path.startsWith('/.well-known')) return { body: { issuer: keys.url, jwks_uri: `${keys.url}/keys` } };
      asked++;
      return { body: { keys: served } };
    });
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await keys[Symbol.asyncDispose]();
  });

  it('are asked for once, and again for one that is new', async () => {
    const made = await api.root('PUT', '/v1/acl/auth-method', { Name: 'set', Type: 'jwt', Config: { JWKSURL: `${keys.url}/keys` } });
    expect(made.status).toBe(200);
    await api.root('PUT', '/v1/acl/binding-rule', { AuthMethod: 'set', BindType: 'service', BindName: 'web' });
    const before = asked;
    const token = () => sign({}, rsa.privateKey, { alg: 'RS256', kid: 'one' });
    expect((await login('set', await token()))[0]).toBe(200);
    expect((await login('set', await token()))[0]).toBe(200);
    expect(asked).toBe(before + 1);
    served = [...served, await jwk(ec.publicKey, 'two')];
    expect((await login('set', await sign({}, ec.privateKey, { alg: 'ES256', kid: 'two' })))[0]).toBe(200);
    expect(asked).toBe(before + 2);
    const unknown = await sign({}, other.privateKey, { alg: 'ES256', kid: 'three' });
    expect(await login('set', unknown)).toEqual([500, 'no known key successfully validated the token signature']);
  });

  it('are found through OpenID discovery, whose issuer is the one that counts', async () => {
    const made = await api.root('PUT', '/v1/acl/auth-method', { Name: 'oidc', Type: 'jwt', Config: { OIDCDiscoveryURL: keys.url } });
    expect(made.status).toBe(200);
    await api.root('PUT', '/v1/acl/binding-rule', { AuthMethod: 'oidc', BindType: 'service', BindName: 'web' });
    const token = (iss: string) => sign({ iss }, rsa.privateKey, { alg: 'RS256', kid: 'one' });
    expect((await login('oidc', await token(keys.url)))[0]).toBe(200);
    expect((await login('oidc', await token('other')))[1]).toContain('invalid issuer claim (iss)');
    const bad = await api.root('PUT', '/v1/acl/auth-method', { Name: 'x', Type: 'jwt', Config: { OIDCDiscoveryURL: `${keys.url}/x` } });
    expect(bad.text).toContain('Invalid Auth Method: error checking OIDCDiscoveryURL: error creating provider: ');
  });
});

describe('login by the service account of a pod', () => {
  const now = Date.now();
  const ca = createAgentCa({ serial: 1n, days: 10, now });
  const names = { dnsNames: ['localhost'], ipAddresses: ['127.0.0.1'] };
  const server = issueAgentCertificate({
    caCertPem: ca.certPem,
    caKeyPem: ca.keyPem,
    use: 'server',
    name: 'k8s',
    ...names,
    serial: 2n,
    days: 10,
    now,
  });
  let api: AclApi;
  let cluster: TestServer;
  const reviews: Record<string, unknown> = {
    good: { authenticated: true, user: { username: 'system:serviceaccount:default:web', uid: 'u1' } },
    renamed: { authenticated: true, user: { username: 'system:serviceaccount:default:named', uid: 'u2' } },
    gone: { authenticated: false },
    broken: { error: 'it broke' },
    person: { authenticated: true, user: { username: 'alice' } },
  };
  const login = (BearerToken: string) => api.call('/v1/acl/login', { method: 'POST', body: { AuthMethod: 'k8s', BearerToken } });
  beforeAll(async () => {
    api = await openAclApi();
    cluster = await serveJson(
      (path, body, authorization) => {
        if (authorization !== 'Bearer a.b.c') return { status: 401, body: {} };
        if (path === '/apis/authentication.k8s.io/v1/tokenreviews') {
          const { spec } = JSON.parse(body) as { spec: { token: string } };
          return { status: 201, body: { kind: 'TokenReview', status: reviews[spec.token] ?? {} } };
        }
        const annotations = path.endsWith('/named') ? { 'consul.hashicorp.com/service-name': 'api' } : {};
        return { body: { metadata: { annotations } } };
      },
      { key: server.keyPem, cert: server.certPem },
    );
    const Config = { Host: cluster.url, CACert: ca.certPem, ServiceAccountJWT: 'a.b.c' };
    expect((await api.root('PUT', '/v1/acl/auth-method', { Name: 'k8s', Type: 'kubernetes', Config })).status).toBe(200);
    const rule = {
      AuthMethod: 'k8s',
      BindType: 'service',
      BindName: variable('serviceaccount.name'),
      Selector: 'serviceaccount.namespace==default',
    };
    expect((await api.root('PUT', '/v1/acl/binding-rule', rule)).status).toBe(200);
  });
  afterAll(async () => {
    await api[Symbol.asyncDispose]();
    await cluster[Symbol.asyncDispose]();
  });

  it.each([
    ['good', 'web'],
    ['renamed', 'api'],
  ])('%s gives the service %s', async (token, name) => {
    expect((await login(token)).json).toMatchObject({ ServiceIdentities: [{ ServiceName: name }], Local: true, AuthMethod: 'k8s' });
  });

  it.each([
    ['gone', 'lookup failed: service account jwt not valid'],
    ['broken', 'lookup failed: it broke'],
    ['person', 'lookup failed: unexpected username format'],
  ])('%s is refused', async (token, text) => expect(await texts(login(token))).toEqual([500, text]));

  it('trusts no server that its CA has not signed', async () => {
    const stranger = createAgentCa({ serial: 3n, days: 10, now });
    const Config = { Host: cluster.url, CACert: stranger.certPem, ServiceAccountJWT: 'a.b.c' };
    await api.root('PUT', '/v1/acl/auth-method', { Name: 'far', Type: 'kubernetes', Config });
    const reply = await api.call('/v1/acl/login', { method: 'POST', body: { AuthMethod: 'far', BearerToken: 'good' } });
    expect([reply.status, reply.text]).toEqual([500, expect.stringMatching(/^lookup failed: .*certificate/)]);
  });
});
