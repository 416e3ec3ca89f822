import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACLS_ON, type AclApi, openAclApi, ROOT } from './acl-api.ts';

/** Of the fields that are texts. */
type Row = Record<string, string>;
const NONE = '11111111-1111-4111-8111-111111111111';
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/);
const stamps = { Hash: expect.any(String), CreateIndex: expect.any(Number), ModifyIndex: expect.any(Number) };

describe('tokens, policies and roles', () => {
  let api: AclApi;
  beforeAll(async () => {
    api = await openAclApi();
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it('answers as Consul does, field by field', async () => {
    const policy = await api.root('PUT', '/v1/acl/policy', { name: 'ok1', Description: 'd', Rules: 'node_prefix "" { policy = "read" }' });
    const ID = (policy.json as Row)['ID'];
    expect(policy.json).toEqual({ ID: UUID, Name: 'ok1', Description: 'd', Rules: 'node_prefix "" { policy = "read" }', ...stamps });
    const role = await api.root('PUT', '/v1/acl/role', {
      Name: 'r1',
      Policies: [{ Name: 'ok1' }],
      ServiceIdentities: [{ ServiceName: 'web' }],
    });
    const grants = { Policies: [{ ID, Name: 'ok1' }], ServiceIdentities: [{ ServiceName: 'web' }] };
    expect(role.json).toEqual({ ID: UUID, Name: 'r1', Description: '', ...grants, ...stamps });

    const token = await api.root('PUT', '/v1/acl/token', {
      Description: 'd',
      Policies: [{ Name: 'OK1' }, { ID }],
      Roles: [{ Name: 'r1' }],
      ServiceIdentities: [{ ServiceName: 'web', Datacenters: ['dc1'] }, { ServiceName: 'web' }],
      NodeIdentities: [{ NodeName: 'n1', Datacenter: 'dc1' }],
      TemplatedPolicies: [{ TemplateName: 'builtin/dns' }, { TemplateName: 'builtin/node', TemplateVariables: { Name: 'n' } }],
      ExpirationTTL: '1h',
    });
    const row = {
      AccessorID: UUID,
      SecretID: UUID,
      Description: 'd',
      Policies: [{ ID, Name: 'ok1' }],
      Roles: [{ ID: (role.json as Row)['ID'], Name: 'r1' }],
      ServiceIdentities: [{ ServiceName: 'web' }],
      NodeIdentities: [{ NodeName: 'n1', Datacenter: 'dc1' }],
      TemplatedPolicies: [{ TemplateName: 'builtin/dns' }, { TemplateName: 'builtin/node', TemplateVariables: { name: 'n' } }],
      Local: false,
      ExpirationTime: expect.any(String),
      CreateTime: expect.any(String),
      ...stamps,
    };
    expect(token.json).toEqual(row);
    expect(Object.keys(token.json as Row)).toEqual(Object.keys(row));
    const { AccessorID, SecretID, ExpirationTime, CreateTime } = token.json as Record<string, string>;
    expect(Date.parse(ExpirationTime!) - Date.parse(CreateTime!)).toBe(3600_000);

    const self = await api.as(SecretID!, '/v1/acl/token/self');
    expect([self.status, self.json]).toEqual([200, token.json]);
    const renamed = await api.root('PUT', `/v1/acl/policy/${ID}`, { Name: 'ok2' });
    expect(renamed.json).toMatchObject({ ID, Name: 'ok2', Rules: '' });
    const read = await api.root('GET', `/v1/acl/token/${AccessorID}`);
    expect(read.json).toMatchObject({ Policies: [{ ID, Name: 'ok2' }] });
    expect((await api.root('DELETE', `/v1/acl/policy/${ID}`)).text).toBe('true');
    expect((await api.root('GET', `/v1/acl/token/${AccessorID}`)).json).not.toHaveProperty('Policies');
    const clone = await api.root('PUT', `/v1/acl/token/${AccessorID}/clone`, { Description: 'other' });
    expect(clone.json).toMatchObject({ Description: 'other', Roles: row.Roles, NodeIdentities: row.NodeIdentities });
    expect((clone.json as Row)['SecretID']).not.toBe(SecretID);
  });

  it('shows secrets to those who may write, and nobody else', async () => {
    const reader = await api.tokenWith('acl = "read"');
    const tokens = await api.as(reader, '/v1/acl/tokens');
    expect(new Set((tokens.json as Row[]).map((token) => token['SecretID']))).toEqual(new Set(['<hidden>']));
    expect((await api.root('GET', '/v1/acl/tokens')).text).toContain(ROOT);
    expect(tokens.text).not.toContain(ROOT);
    const accessor = (tokens.json as Row[])[0]!['AccessorID'];
    expect((await api.as(reader, `/v1/acl/token/${accessor}`)).json).toMatchObject({ SecretID: '<hidden>' });
    expect((await api.as(reader, '/v1/acl/token/self')).json).toMatchObject({ SecretID: reader });
  });

  it('expands a token to what it comes down to', async () => {
    const token = await api.root('PUT', '/v1/acl/token', {
      ServiceIdentities: [{ ServiceName: 'web' }],
      Policies: [{ Name: 'global-management' }],
    });
    const { json } = await api.root('GET', `/v1/acl/token/${(token.json as Row)['AccessorID']}?expanded`);
    expect(json).toMatchObject({
      ExpandedPolicies: [
        { Name: 'global-management' },
        {
          Description: 'synthetic policy generated from templated policy: builtin/service',
          Rules: expect.stringContaining('service "web-sidecar-proxy"'),
        },
      ],
      ExpandedRoles: null,
      AgentACLDefaultPolicy: 'deny',
      ResolvedByAgent: 'local',
    });
  });

  // Status and text as Consul 1.8.7 gave them, but for those that newer versions say otherwise.
  it.each<[string, string, object | string | undefined, number, string]>([
    ['PUT', 'policy', {}, 500, 'Invalid Policy: no Name is set'],
    ['PUT', 'policy', { Name: 'a b' }, 500, "Invalid Policy: invalid Name. Only alphanumeric characters, '-' and '_' are allowed"],
    ['PUT', 'policy', { Name: 'x', Bogus: 1 }, 400, 'Policy decoding failed: json: unknown field "Bogus"'],
    ['PUT', 'policy', 'bad', 400, "Policy decoding failed: invalid character 'b' looking for beginning of value"],
    ['PUT', 'policy', { Name: 5 }, 400, 'Policy decoding failed: json: cannot unmarshal number into Go struct field .Name of type string'],
    ['PUT', 'policy', { Name: 'x', ID: 'x' }, 400, 'Cannot specify the ID when creating a new policy'],
    ['PUT', 'policy', { Name: 'global-management' }, 500, 'Invalid Policy: A Policy with Name "global-management" already exists'],
    ['PUT', 'policy', { Name: 'x', Rules: 'acl = "x"' }, 500, 'Invalid acl policy: "x"'],
    ['PUT', `policy/${NONE}`, { Name: 'zz' }, 500, `cannot find policy ${NONE}`],
    ['PUT', `policy/${NONE}`, { Name: 'zz', ID: 'other' }, 400, 'Policy ID in URL and payload do not match'],
    ['GET', 'policy/nope', undefined, 500, 'failed acl policy lookup: index error: UUID must be 36 characters'],
    ['GET', 'policy/name/nope', undefined, 404, 'Requested policy does not exist: ACL not found'],
    ['GET', 'policy/name/', undefined, 400, 'Missing policy Name'],
    ['GET', 'policy/', undefined, 400, 'Missing policy ID'],
    ['DELETE', `policy/${NONE}`, undefined, 404, 'Cannot find policy to delete'],
    [
      'PUT',
      'policy/00000000-0000-0000-0000-000000000001',
      { Name: 'zz' },
      500,
      'Changing the Rules for the builtin global-management policy is not permitted',
    ],
    [
      'DELETE',
      'policy/00000000-0000-0000-0000-000000000001',
      undefined,
      500,
      'Delete operation not permitted on the builtin global-management policy',
    ],
    ['PUT', 'token', { Policies: [{ Name: 'nope' }] }, 500, 'No such ACL policy with name "nope"'],
    [
      'PUT',
      'token',
      { Policies: [{ ID: 'nope' }] },
      500,
      'Error looking up policy for id "nope": failed acl policy lookup: index error: UUID must be 36 characters',
    ],
    ['PUT', 'token', { Policies: [{ ID: NONE }] }, 500, `No such ACL policy with ID "${NONE}"`],
    ['PUT', 'token', { Roles: [{ Name: 'nope' }] }, 500, 'No such ACL role with name "nope"'],
    ['PUT', 'token', { ExpirationTTL: '1s' }, 500, 'ExpirationTime cannot be less than 1m0s in the future (was 1s)'],
    ['PUT', 'token', { ExpirationTTL: '100h' }, 500, 'ExpirationTime cannot be more than 24h0m0s in the future (was 100h0m0s)'],
    ['PUT', 'token', { ExpirationTTL: -5 }, 500, "Token Expiration TTL '-5ns' should be > 0"],
    ['PUT', 'token', { ExpirationTTL: 'bogus' }, 400, 'Token decoding failed: time: invalid duration "bogus"'],
    ['PUT', 'token', { ExpirationTime: '2020-01-01T00:00:00Z' }, 500, 'ExpirationTime cannot be before CreateTime'],
    [
      'PUT',
      'token',
      { AccessorID: 'x' },
      500,
      'Failed acl token lookup by accessor: failed acl token lookup: index error: UUID must be 36 characters',
    ],
    [
      'PUT',
      'token',
      { AccessorID: '00000000-0000-0000-0000-00000000000a' },
      500,
      'Invalid Token: UUIDs with the prefix "00000000-0000-0000-0000-0000000000" are reserved',
    ],
    ['PUT', 'token', { SecretID: 'x' }, 500, 'Invalid Token: SecretID is not a valid UUID'],
    ['PUT', 'token', { SecretID: ROOT }, 500, 'Invalid Token: SecretID is already in use'],
    [
      'PUT',
      'token',
      { Local: true, ServiceIdentities: [{ ServiceName: 'web', Datacenters: ['dc1'] }] },
      500,
      'Service identity "web" cannot specify a list of datacenters on a local token',
    ],
    [
      'PUT',
      'token',
      { ServiceIdentities: [{ ServiceName: 'We b' }] },
      500,
      `Service identity "We b" has an invalid name. Only lowercase alphanumeric characters, '-' and '_' are allowed`,
    ],
    ['PUT', 'token', { ServiceIdentities: [{}] }, 500, 'Service identity is missing the service name field on this token'],
    ['PUT', 'token', { NodeIdentities: [{ NodeName: 'a' }] }, 500, 'Node identity is missing the datacenter field on this token'],
    ['PUT', 'token', { TemplatedPolicies: [{ TemplateName: 'x' }] }, 500, 'no such ACL templated policy with Name "x"'],
    ['PUT', 'token', { Type: 'client' }, 400, 'Token decoding failed: json: unknown field "Type"'],
    ['PUT', 'token', { AuthMethod: 'x' }, 500, 'AuthMethod field is disallowed outside of Login'],
    ['GET', 'token/', undefined, 400, 'Missing token AccessorID'],
    [
      'GET',
      'tokens?servicename=s&authmethod=a',
      undefined,
      500,
      'can only filter by one of policy, role, serviceName, or methodName at a time',
    ],
    ['GET', `token/${NONE}`, undefined, 404, 'Requested token does not exist: ACL not found'],
    ['PUT', `token/${NONE}`, {}, 500, `Cannot find token "${NONE}"`],
    ['DELETE', 'token/xx', undefined, 500, 'Accessor ID is missing or an invalid UUID'],
    ['DELETE', 'token/00000000-0000-0000-0000-000000000002', undefined, 500, 'Delete operation not permitted on the anonymous token'],
    ['DELETE', `token/${NONE}`, undefined, 404, 'Cannot find token to delete'],
    ['PUT', `token/${NONE}/clone`, {}, 403, 'token does not exist: ACL not found'],
    ['PUT', 'role', {}, 500, 'Invalid Role: no Name is set'],
    ['PUT', 'role', { Name: 'z', ID: 'zz' }, 400, 'Role ID in URL and payload do not match'],
    ['PUT', 'role/zz', { Name: 'z' }, 500, 'Role ID invalid UUID'],
    ['PUT', `role/${NONE}`, { Name: 'z' }, 500, `cannot find role ${NONE}`],
    ['GET', 'role/name/nope', undefined, 404, 'Requested role does not exist: ACL not found'],
    ['DELETE', `role/${NONE}`, undefined, 404, 'Cannot find role to delete'],
    ['GET', 'list', undefined, 410, 'Endpoint /v1/acl/list for the legacy ACL system was removed in Consul 1.11.'],
  ])('%s acl/%s %j', async (method, path, body, status, text) => {
    const reply = await api.root(method, `/v1/acl/${path}`, body);
    expect([reply.status, reply.text]).toEqual([status, text]);
  });

  it('keeps what a token is when it is changed, and refuses to lock its bearer out', async () => {
    const made = (await api.root('PUT', '/v1/acl/token', { Policies: [{ Name: 'global-management' }], ExpirationTTL: '5m' })).json as Row;
    const path = `/v1/acl/token/${made['AccessorID']}`;
    const changed = await api.root('PUT', path, { Description: 'new' });
    const { Policies: _, ...kept } = made;
    expect(changed.json).toEqual({ ...kept, Description: 'new', Hash: expect.any(String), ModifyIndex: expect.any(Number) });
    expect((await api.root('PUT', path, { Local: true })).text).toBe(`cannot toggle local mode of ${made['AccessorID']}`);
    expect((await api.root('PUT', path, { ExpirationTTL: '6m' })).text).toBe(`Cannot change expiration time of ${made['AccessorID']}`);
    expect((await api.root('PUT', path, { SecretID: NONE })).text).toBe('Changing a tokens SecretID is not permitted');
    const self = (await api.root('GET', '/v1/acl/token/self')).json as Row;
    expect((await api.root('DELETE', `/v1/acl/token/${self['AccessorID']}`)).text).toBe(
      "Deletion of the request's authorization token is not permitted",
    );
    expect((await api.root('DELETE', path)).text).toBe('true');
    expect((await api.as(String(made['SecretID']), '/v1/acl/tokens')).text).toBe('ACL not found');
  });

  it('says what a token may do', async () => {
    const token = await api.tokenWith('service "web" { policy = "write" }  key_prefix "a/" { policy = "read" }');
    const ask = (body: object) => api.as(token, '/v1/internal/acl/authorize', { method: 'POST', body });
    const answer = await ask([
      { Resource: 'service', Segment: 'web', Access: 'write' },
      { Resource: 'key', Segment: 'a/b', Access: 'write' },
      { Resource: 'operator', Access: 'read' },
    ]);
    expect(answer.json).toEqual([
      { Resource: 'service', Segment: 'web', Access: 'write', Allow: true },
      { Resource: 'key', Segment: 'a/b', Access: 'write', Allow: false },
      { Resource: 'operator', Access: 'read', Allow: false },
    ]);
    expect((await ask([{ Resource: 'x', Access: 'read' }])).text).toBe('Invalid ACL resource requested: "x"');
    expect((await ask(Array.from({ length: 65 }, () => ({ Resource: 'acl', Access: 'read' })))).text).toBe(
      'Refusing to process more than 64 authorizations at once',
    );
  });

  it('rewrites the rules of before Consul 1.4', async () => {
    const old = 'service "" { policy = "read" } key "a" { policy = "write" }\noperator = "read"\nagent "x" { policy = "read" }';
    const block = (head: string, policy: string): string => `${head} {\n  policy = "${policy}"\n}`;
    const now = [
      block('service_prefix ""', 'read'),
      block('key_prefix "a"', 'write'),
      'operator = "read"',
      block('agent_prefix "x"', 'read'),
    ];
    expect((await api.root('POST', '/v1/acl/rules/translate', old)).text).toBe(now.join('\n\n'));
    expect((await api.root('POST', '/v1/acl/rules/translate', '{"service":{"":{"policy":"read"}}}')).text).toBe(now[0]);
    const bad = await api.root('POST', '/v1/acl/rules/translate', 'bad {');
    expect([bad.status, bad.text]).toEqual([400, 'Failed to parse rules: At 1:7: object expected closing RBRACE got: EOF']);
  });

  it('makes policies of templates', async () => {
    const preview = await api.root('POST', '/v1/acl/templated-policy/preview/builtin/service', { Name: 'api' });
    expect(preview.json).toMatchObject({ Rules: expect.stringContaining('service "api" {\n\tpolicy = "write"\n}'), CreateIndex: 0 });
    expect((await api.root('GET', '/v1/acl/templated-policy/name/builtin/node')).json).toMatchObject({ TemplateName: 'builtin/node' });
    expect(Object.keys((await api.root('GET', '/v1/acl/templated-policies')).json as Row)).toHaveLength(7);
    expect((await api.root('POST', '/v1/acl/templated-policy/preview/builtin/service', {})).status).toBe(400);
  });

  it('wakes a blocking query when its table changes', async () => {
    const first = await api.root('GET', '/v1/acl/policies');
    const waiting = api.root('GET', `/v1/acl/policies?index=${first.headers['x-consul-index']}&wait=60s`);
    await api.root('PUT', '/v1/acl/policy', { Name: 'wakes' });
    expect((await waiting).text).toContain('"wakes"');
  });
});

describe('the first token', () => {
  it('is made once, and again for who may write into the folder of the agent', async () => {
    await using api = await openAclApi({ acl: { ...ACLS_ON, tokens: {} } });
    const early = await api.as(ROOT, '/v1/acl/tokens');
    const text = 'ACL system must be bootstrapped before making any requests that require authorization: ACL not found';
    expect([early.status, early.text]).toEqual([403, text]);
    const bootstrap = () => api.call('/v1/acl/bootstrap', { method: 'PUT' });
    const first = (await bootstrap()).json as Row;
    expect(first).toMatchObject({ ID: first['SecretID'], Description: 'Bootstrap Token (Global Management)', Local: false });
    expect((await api.as(String(first['ID']), '/v1/acl/tokens')).status).toBe(200);
    const refused = await bootstrap();
    const index = /^Permission denied: ACL bootstrap no longer allowed \(reset index: (\d+)\)$/.exec(refused.text)?.[1];
    expect([refused.status, index]).toEqual([403, expect.any(String)]);
    const file = join(api.dir, 'acl-bootstrap-reset');
    await writeFile(file, '999');
    expect((await bootstrap()).text).toBe(`Permission denied: Invalid bootstrap reset index (specified 999, reset index: ${index})`);
    await writeFile(file, `${index}\n`);
    expect((await bootstrap()).status).toBe(200);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });
});

describe('where ACLs are off', () => {
  it('every endpoint of theirs says so', async () => {
    await using api = await openAclApi({ acl: { ...ACLS_ON, enabled: false } });
    for (const [method, path] of [
      ['PUT', 'acl/bootstrap'],
      ['GET', 'acl/tokens'],
      ['GET', 'acl/policy/'],
      ['PUT', 'agent/token/default'],
      ['POST', 'internal/acl/authorize'],
      ['GET', 'acl/templated-policies'],
    ] as const) {
      const reply = await api.call(`/v1/${path}`, { method });
      expect([path, reply.status, reply.text]).toEqual([path, 401, 'ACL support disabled']);
      expect(reply.headers['x-consul-default-acl-policy']).toBe('allow');
    }
  });
});

describe('under -compat 1.8', () => {
  it('answers in the words of that time', async () => {
    await using api = await openAclApi({ compat: '1.8' });
    const texts = async (method: string, path: string, body?: object) => {
      const { status, text } = await api.root(method, `/v1/acl/${path}`, body);
      return [status, text];
    };
    expect(await texts('GET', `token/${NONE}`)).toEqual([403, 'ACL not found']);
    expect(await texts('GET', `role/${NONE}`)).toEqual([404, '']);
    expect(await texts('DELETE', `role/${NONE}`)).toEqual([200, 'true']);
    expect(await texts('GET', 'token/')).toEqual([400, 'Bad request: Missing token ID']);
    expect(await texts('PUT', 'policy', { Bogus: 1 })).toEqual([400, 'Bad request: Policy decoding failed: json: unknown field "Bogus"']);
    expect((await api.as('', '/v1/acl/tokens')).text).toBe('Permission denied');
    expect((await api.as(NONE, '/v1/acl/tokens')).text).toBe('ACL not found');
    expect((await api.root('GET', '/v1/acl/tokens')).text).not.toContain('SecretID');
    expect(((await api.root('GET', '/v1/acl/policies')).json as Row[]).map((policy) => policy['Name'])).toEqual(['global-management']);
  });
});
