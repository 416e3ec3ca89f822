import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webAndPayments } from '../../harness.ts';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.plane.commit(webAndPayments);
});
afterAll(() => api[Symbol.asyncDispose]());

const names = (list: unknown): unknown[] => (list as { Node: { Node: string } }[]).map((item) => item.Node.Node);

describe('status and agent', () => {
  it('has a leader, itself', async () => {
    expect((await api.call('/v1/status/leader')).json).toBe('127.0.0.1:8300');
    expect((await api.call('/v1/status/peers')).json).toEqual(['127.0.0.1:8300']);
    expect((await api.call('/v1/status/leader')).headers).not.toHaveProperty('x-consul-index');
  });

  it('says which Consul it is compatible with, and its own version', async () => {
    const self = (await api.call('/v1/agent/self')).json as { Config: Record<string, unknown>; Meta: Record<string, unknown> };
    expect(self.Config).toMatchObject({ Datacenter: 'dc1', NodeName: 'local', Server: true });
    expect(self.Config['Version']).toMatch(/^1\.\d+\.\d+$/);
    expect(self.Config['NodeID']).toMatch(/^[0-9a-f-]{36}$/);
    expect(self.Meta['mesh-version']).toBe('9.9.9');
  });

  it("lists the services of the agent's own node", async () => {
    expect((await api.call('/v1/agent/services')).json).toEqual({});
  });
});

describe('catalog', () => {
  it('lists datacenters, nodes and services', async () => {
    expect((await api.call('/v1/catalog/datacenters')).json).toEqual(['dc1']);
    const nodes = await api.call('/v1/catalog/nodes');
    expect((nodes.json as { Node: string }[]).map((node) => node.Node)).toEqual(['local', 'payments-vm', 'web-vm']);
    expect(nodes.headers).toMatchObject({
      'x-consul-index': '4',
      'x-consul-knownleader': 'true',
      'x-consul-lastcontact': '0',
      'x-consul-effective-consistency': 'leader',
    });
    expect(Object.keys((nodes.json as object[])[0]!)).toEqual([
      'ID',
      'Node',
      'Address',
      'Datacenter',
      'TaggedAddresses',
      'Meta',
      'CreateIndex',
      'ModifyIndex',
    ]);
    expect((await api.call('/v1/catalog/services')).json).toEqual({
      consul: [],
      payments: ['v1'],
      'payments-sidecar-proxy': ['v1'],
      web: ['v1'],
      'web-sidecar-proxy': ['v1'],
    });
  });

  it('narrows by node meta', async () => {
    expect((await api.call('/v1/catalog/nodes?node-meta=zone:a')).json).toHaveLength(2);
    expect((await api.call('/v1/catalog/nodes?node-meta=zone:b')).json).toEqual([]);
  });

  it('shows a service flat, and none as an empty list with an index', async () => {
    expect((await api.call('/v1/catalog/service/web')).json).toEqual([
      expect.objectContaining({ Node: 'web-vm', Address: '127.5.0.111', ServiceID: 'web', ServicePort: 9090, ServiceConnect: {} }),
    ]);
    const none = await api.call('/v1/catalog/service/nope');
    expect([none.json, none.headers['x-consul-index']]).toEqual([[], '4']);
    expect((await api.call('/v1/catalog/service/')).text).toBe('Missing service name');
  });
});

describe('health', () => {
  it('shows instance, node and checks', async () => {
    const [item] = (await api.call('/v1/health/service/web')).json as [Record<string, Record<string, unknown>>];
    expect(Object.keys(item)).toEqual(['Node', 'Service', 'Checks']);
    expect(item['Service']).toEqual({
      ID: 'web',
      Service: 'web',
      Tags: ['v1'],
      Address: '127.5.0.111',
      Meta: null,
      Port: 9090,
      Weights: { Passing: 1, Warning: 1 },
      EnableTagOverride: false,
      Proxy: { Mode: '', MeshGateway: {}, Expose: {} },
      Connect: {},
      PeerName: '',
      CreateIndex: 3,
      ModifyIndex: 3,
    });
    expect(item['Checks']).toEqual([
      expect.objectContaining({ CheckID: 'service:web', Status: 'passing', ServiceTags: ['v1'], Definition: {} }),
    ]);
  });

  it('narrows to what passes, and by tag in any case', async () => {
    const status = (to: 'critical' | 'passing') =>
      api.plane.commit([{ type: 'check-status', dc: 'dc1', node: 'web-vm', checkId: 'service:web', status: to, output: 'refused' }]);
    await status('critical');
    expect((await api.call('/v1/health/service/web')).json).toHaveLength(1);
    expect((await api.call('/v1/health/service/web?passing')).json).toEqual([]);
    expect((await api.call('/v1/health/service/web?passing=false')).json).toHaveLength(1);
    await status('passing');
    expect((await api.call('/v1/health/service/web?passing=1&tag=V1')).json).toHaveLength(1);
    expect((await api.call('/v1/health/service/web?tag=v1&tag=v2')).json).toEqual([]);
    expect((await api.call('/v1/health/service/web?passing=maybe')).text).toBe('Invalid value for ?passing');
  });

  it('finds sidecars by what they stand for', async () => {
    const { json } = await api.call('/v1/health/connect/web');
    expect(names(json)).toEqual(['web-vm']);
    expect(json).toMatchObject([
      { Service: { Kind: 'connect-proxy', Proxy: { DestinationServiceName: 'web', Upstreams: [{ DestinationName: 'payments' }] } } },
    ]);
  });
});

describe('roots', () => {
  it('are listed as Consul does, without their keys', async () => {
    const [root] = api.plane.roots();
    const reply = await api.call('/v1/connect/ca/roots');
    expect(reply.json).toMatchObject({
      ActiveRootID: root!.id,
      TrustDomain: api.plane.trustDomain,
      Roots: [{ ID: root!.id, Active: true, RootCert: root!.certPem, IntermediateCerts: null, PrivateKeyType: 'ec', PrivateKeyBits: 256 }],
    });
    expect(reply.text).not.toContain('PRIVATE KEY');
    expect((await api.call('/v1/agent/connect/ca/roots')).json).toEqual(reply.json);
  });

  it('come as bare certificates on request', async () => {
    const reply = await api.call('/v1/connect/ca/roots?pem=true');
    expect([reply.headers['content-type'], reply.text]).toEqual(['application/pem-certificate-chain', api.plane.roots()[0]!.certPem]);
  });
});

describe('discovery chain', () => {
  it('exists for any name', async () => {
    const id = 'nope.default.default.dc1';
    const sni = `${id.replace('.default.default', '.default')}.internal.${api.plane.trustDomain}`;
    const reply = await api.call('/v1/discovery-chain/nope');
    expect(reply.json).toMatchObject({
      Chain: {
        ServiceName: 'nope',
        Datacenter: 'dc1',
        Protocol: 'tcp',
        Default: true,
        StartNode: `resolver:${id}`,
        Nodes: { [`resolver:${id}`]: { Type: 'resolver', Name: id, Resolver: { ConnectTimeout: '5s', Default: true, Target: id } } },
        Targets: { [id]: { ID: id, Service: 'nope', SNI: sni, Name: sni } },
      },
    });
    expect((await api.call('/v1/discovery-chain/')).text).toBe('Missing chain name');
  });

  it('takes the overrides of an upstream', async () => {
    const body = { OverrideProtocol: 'GRPC', OverrideConnectTimeout: '7s' };
    const { json } = await api.call('/v1/discovery-chain/nope', { method: 'POST', body });
    expect(json).toMatchObject({ Chain: { Protocol: 'grpc', CustomizationHash: expect.stringMatching(/^[0-9a-f]{8}$/) as string } });
    expect(JSON.stringify(json)).toContain('"ConnectTimeout":"7s"');
    const wrong = await api.call('/v1/discovery-chain/nope', { method: 'POST', body: { OverrideConnectTimeout: '7' } });
    expect([wrong.status, wrong.text]).toEqual([400, expect.stringContaining('time: missing unit in duration "7"')]);
  });
});

describe('filters', () => {
  const filtered = (path: string, filter: string) => api.call(`/v1/${path}?filter=${encodeURIComponent(filter)}`);

  it.each([
    ['catalog/nodes', 'Meta.zone == a', 2],
    ['catalog/nodes', 'Node matches "^web"', 1],
    ['catalog/service/web', 'ServicePort == 9090 and v1 in ServiceTags', 1],
    ['catalog/service/web', 'ServicePort != 9090', 0],
    ['health/service/web', 'Service.Port==9090', 1],
    ['health/service/web', 'Checks.Status != passing', 0],
    ['health/service/web', 'v1 in Checks.ServiceTags', 1],
    ['health/connect/web', 'Service.Proxy.Upstreams.DestinationName == payments', 1],
    ['health/connect/web', 'Service.Connect.Native == true', 0],
  ])('narrow %s by %s', async (path, filter, count) => {
    expect((await filtered(path, filter)).json).toHaveLength(count);
  });

  it('narrow the names of services, and the services of the node', async () => {
    expect(Object.keys((await filtered('catalog/services', 'ServiceKind == ""')).json as object)).toEqual(['consul', 'payments', 'web']);
    expect((await filtered('agent/services', 'Service == web')).json).toEqual({});
  });

  it.each([
    ['health/service/web', 'Bogus==9090', 'Selector "Bogus" is not valid'],
    ['catalog/nodes', 'x ==', '1:5 (4): no match found, expected: "-", "0", "\\"", "`", [ \\t\\r\\n], [1-9] or [a-zA-Z]'],
  ])('are refused as Consul does: %s by %s', async (path, filter, why) => {
    const reply = await filtered(path, filter);
    expect([reply.status, reply.text]).toEqual([500, `Failed to create boolean expression evaluator: ${why}`]);
    expect(reply.headers).toMatchObject({ 'x-consul-index': '1', 'x-consul-knownleader': 'false' });
  });
});
