import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { until } from '../../../src/base/watch.ts';
import { aclRows } from '../../../src/catalog/acl.ts';
import { ManualClock, registration } from '../harness.ts';
import { ACLS_ON, type AclApi, openAclApi, ROOT } from './acl-api.ts';

interface Made {
  readonly AccessorID: string;
  readonly SecretID: string;
}

const names = (json: unknown): string[] => (json as { Node: string }[]).map((node) => node.Node).sort();

describe('which token a request has', () => {
  let api: AclApi;
  let reader: string;
  beforeAll(async () => {
    api = await openAclApi();
    for (const node of ['a', 'b']) await api.plane.commit([registration({ node, address: '127.5.0.1', name: `on-${node}`, port: 9090 })]);
    reader = await api.tokenWith('node "a" { policy = "read" }  key_prefix "seen/" { policy = "write" }');
  });
  afterAll(() => api[Symbol.asyncDispose]());

  it.each([
    ['the parameter', { path: '?token=' }],
    ["Consul's header", { header: 'X-Consul-Token', prefix: '' }],
    ['the header of all others', { header: 'Authorization', prefix: 'Bearer ' }],
  ] as const)('%s', async (_, how) => {
    const reply =
      'path' in how
        ? await api.call(`/v1/catalog/nodes${how.path}${reader}`)
        : await api.call('/v1/catalog/nodes', { headers: { [how.header]: `${how.prefix}${reader}` } });
    expect(names(reply.json)).toEqual(['a']);
  });

  it('says that something was left out, but not to somebody unknown', async () => {
    const filtered = 'x-consul-results-filtered-by-acls';
    const policy = 'x-consul-default-acl-policy';
    const [some, all, none] = [
      await api.as(reader, '/v1/catalog/nodes'),
      await api.root('GET', '/v1/catalog/nodes'),
      await api.call('/v1/catalog/nodes'),
    ];
    expect([names(some.json), some.headers[filtered], some.headers[policy]]).toEqual([['a'], 'true', 'deny']);
    expect([names(all.json), all.headers[filtered]]).toEqual([['a', 'b', 'local'], undefined]);
    expect([none.json, none.headers[filtered]]).toEqual([[], undefined]);
  });

  it('refuses a secret that is no token wherever a right is needed, and only there', async () => {
    const stranger = '99999999-9999-4999-8999-999999999999';
    const nodes = await api.as(stranger, '/v1/catalog/nodes');
    expect([nodes.status, nodes.text]).toEqual([403, 'ACL not found']);
    expect((await api.as(stranger, '/v1/status/leader')).status).toBe(200);
  });

  it("the agent's own, when it shows none", async () => {
    const set = (Token: string) => api.root('PUT', '/v1/agent/token/default', { Token });
    expect((await set(reader)).status).toBe(200);
    expect(names((await api.call('/v1/catalog/nodes')).json)).toEqual(['a']);
    await set('');
    expect((await api.call('/v1/catalog/nodes')).json).toEqual([]);
    expect((await api.root('PUT', '/v1/agent/token/bogus', { Token: '' })).text).toBe('Token "bogus" is unknown');
  });

  it('the anonymous one, which may be given rights', async () => {
    const { ID } = (await api.root('PUT', '/v1/acl/policy', { Name: 'all-nodes', Rules: 'node_prefix "" { policy = "read" }' })).json as {
      ID: string;
    };
    await api.root('PUT', '/v1/acl/token/00000000-0000-0000-0000-000000000002', { Policies: [{ ID }] });
    expect(names((await api.call('/v1/catalog/nodes')).json)).toEqual(['a', 'b', 'local']);
    await api.root('DELETE', `/v1/acl/policy/${ID}`);
    expect((await api.call('/v1/catalog/nodes')).json).toEqual([]);
  });

  it('sees at the end of a blocking query what was revoked meanwhile', async () => {
    const token = await api.tokenWith('node_prefix "" { policy = "read" }');
    const first = await api.as(token, '/v1/catalog/nodes');
    const waiting = api.as(token, `/v1/catalog/nodes?index=${first.headers['x-consul-index']}&wait=60s`);
    const self = (await api.as(token, '/v1/acl/token/self')).json as Made;
    await api.root('DELETE', `/v1/acl/token/${self.AccessorID}`);
    await api.plane.commit([registration({ node: 'c', address: '127.5.0.3', name: 'on-c', port: 9090 })]);
    const { status, text } = await waiting;
    expect([status, text]).toEqual([403, 'ACL not found']);
  });
});

it('a policy that is for other datacenters grants nothing here', async () => {
  await using api = await openAclApi();
  const policy = { Name: 'far', Rules: 'operator = "read"', Datacenters: ['dc2'] };
  await api.root('PUT', '/v1/acl/policy', policy);
  const token = (await api.root('PUT', '/v1/acl/token', { Policies: [{ Name: 'far' }] })).json as Made;
  const ask = () =>
    api.as(token.SecretID, '/v1/internal/acl/authorize', { method: 'POST', body: [{ Resource: 'operator', Access: 'read' }] });
  expect((await ask()).json).toMatchObject([{ Allow: false }]);
});

it('tokens end on the moment, and are gone soon after', async () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 1));
  await using api = await openAclApi({ clock });
  const made = (await api.root('PUT', '/v1/acl/token', { Policies: [{ Name: 'global-management' }], ExpirationTTL: '1m' })).json as Made;
  expect((await api.as(made.SecretID, '/v1/acl/tokens')).status).toBe(200);
  await clock.advanceTo(clock.now() + 60_000);
  expect((await api.as(made.SecretID, '/v1/acl/tokens')).status).toBe(403);
  await until(api.plane.snapshot, (s) => aclRows(s, 'dc1', 'aclTokens').every(({ AccessorID }) => AccessorID !== made.AccessorID));
});

it('tokens, policies and what the agent was told to keep are there after a restart', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'mesh-acl-'));
  const acl = { ...ACLS_ON, enableTokenPersistence: true };
  try {
    let secret: string;
    {
      await using api = await openAclApi({ dir, acl });
      secret = await api.tokenWith('node_prefix "" { policy = "read" }');
      await api.root('PUT', '/v1/agent/token/default', { Token: secret });
    }
    expect(JSON.parse(await readFile(join(dir, 'acl-tokens.json'), 'utf8'))).toEqual({ default: secret });
    expect((await stat(join(dir, 'acl-tokens.json'))).mode & 0o777).toBe(0o600);
    await using api = await openAclApi({ dir, acl });
    expect(names((await api.call('/v1/catalog/nodes')).json)).toEqual(['local']);
    expect((await api.as(ROOT, '/v1/acl/policies')).json).toHaveLength(3);
  } finally {
    await rm(dir, { recursive: true });
  }
});

it('the token for emergencies may do this agent, and look at nodes', async () => {
  const agentRecovery = '77777777-7777-4777-8777-777777777777';
  await using api = await openAclApi({ acl: { ...ACLS_ON, tokens: { ...ACLS_ON.tokens, agentRecovery } } });
  expect(names((await api.as(agentRecovery, '/v1/catalog/nodes')).json)).toEqual(['local']);
  const text = "Permission denied: token with AccessorID 'agent-recovery' lacks permission 'acl:read'";
  expect((await api.as(agentRecovery, '/v1/acl/tokens')).text).toBe(text);
});

it('with a default of allow, rules take away', async () => {
  await using api = await openAclApi({ acl: { ...ACLS_ON, defaultPolicy: 'allow' } });
  const token = await api.tokenWith('key_prefix "shut/" { policy = "deny" }');
  const put = (key: string) => api.as(token, `/v1/kv/${key}`, { method: 'PUT', body: 'x' });
  expect([(await put('open/a')).status, (await put('shut/a')).status]).toEqual([200, 403]);
});
