import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  // Both datacenters must be known for entries that name them.
  for (const entry of ENTRIES) await put(entry);
});
afterAll(() => api[Symbol.asyncDispose]());

const put = async (body: object) => expect(await api.call('/v1/config', { method: 'PUT', body })).toMatchObject({ json: true });
const drop = (path: string) => api.call(`/v1/config/${path}`, { method: 'DELETE' });

const v = (version: string) => ({ Filter: `Service.Meta.version == ${version}` });
const ENTRIES = [
  { Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' } },
  {
    Kind: 'service-resolver',
    Name: 'payments',
    DefaultSubset: 'v1',
    Subsets: { v1: v('v1'), v2: v('v2') },
    Failover: { v2: { Service: 'other' }, '*': { Datacenters: ['dc2', 'dc1'] } },
  },
];
const SPLITTERS = [
  {
    Kind: 'service-splitter',
    Name: 'payments',
    Splits: [
      { Weight: 90, ServiceSubset: 'v1' },
      { Weight: 10, Service: 'other' },
    ],
  },
  {
    Kind: 'service-splitter',
    Name: 'other',
    Splits: [
      { Weight: 50, Service: 'other' },
      { Weight: 50, Service: 'payments', ServiceSubset: 'v2' },
    ],
  },
];
const ROUTER = {
  Kind: 'service-router',
  Name: 'payments',
  Routes: [
    {
      Match: { HTTP: { PathPrefix: '/v2', Header: [{ Name: 'x', Present: true }] } },
      Destination: { ServiceSubset: 'v2', RequestTimeout: '30s' },
    },
    { Match: { HTTP: { PathExact: '/other' } }, Destination: { Service: 'other' } },
  ],
};

type Json = Record<string, unknown>;
interface ChainJson {
  Chain: Json & { Nodes: Record<string, { Splits?: Json[] }>; Targets: Record<string, Json> };
}

describe('chains as newer versions answer them', () => {
  beforeAll(async () => {
    for (const entry of [...SPLITTERS, ROUTER]) await put(entry);
    await put({ Kind: 'service-resolver', Name: 'redir', Redirect: { Service: 'payments' } });
  });

  it('with what newer versions say too', async () => {
    const { Chain } = (await api.call('/v1/discovery-chain/payments')).json as ChainJson;
    expect(Chain.Nodes['splitter:payments.default.default']?.Splits?.[1]).toEqual({
      Definition: { Weight: 50, Service: 'other' },
      Weight: 5,
      NextNode: 'resolver:other.default.default.dc1',
    });
    expect(Chain.Targets['v2.payments.default.default.dc1']).toEqual({
      ConnectTimeout: '5s',
      ID: 'v2.payments.default.default.dc1',
      Service: 'payments',
      ServiceSubset: 'v2',
      Namespace: 'default',
      Partition: 'default',
      Datacenter: 'dc1',
      MeshGateway: {},
      Subset: { Filter: 'Service.Meta.version == v2' },
      TransparentProxy: {},
      SNI: `v2.payments.default.dc1.internal.${api.plane.trustDomain}`,
      Name: `v2.payments.default.dc1.internal.${api.plane.trustDomain}`,
    });
  });

  it('overridden by an upstream that carries bytes, and reaches others by a gateway', async () => {
    const body = { OverrideProtocol: 'tcp', OverrideConnectTimeout: '7s', OverrideMeshGateway: { Mode: 'remote' } };
    const { Chain } = (await api.call('/v1/discovery-chain/payments', { method: 'POST', body })).json as ChainJson;
    expect(Chain).toMatchObject({
      Protocol: 'tcp',
      CustomizationHash: 'c0a8267f',
      StartNode: 'resolver:v1.payments.default.default.dc1',
      Nodes: { 'resolver:v1.payments.default.default.dc1': { Resolver: { ConnectTimeout: '7s' } } },
    });
    expect(Chain.Targets['v1.payments.default.default.dc2']).toMatchObject({ MeshGateway: { Mode: 'remote' }, ConnectTimeout: '7s' });
  });
});

describe('what newer versions have beside that', () => {
  const read = async (path: string, body?: object) => {
    const { json, status, text } = await api.call(`/v1/discovery-chain/${path}`, body ? { method: 'POST', body } : {});
    return json ? (json as ChainJson).Chain : `${status} ${text}`;
  };
  beforeAll(async () => {
    const EnvoyExtensions = [{ Name: 'builtin/lua', Arguments: { Script: 'x' } }];
    await put({
      Kind: 'service-defaults',
      Name: 'paid',
      Protocol: 'http',
      Meta: { team: 'a' },
      EnvoyExtensions,
      TransparentProxy: { DialedDirectly: true },
    });
    await put({
      Kind: 'service-resolver',
      Name: 'paid',
      RequestTimeout: '2s',
      LoadBalancer: { Policy: 'maglev', HashPolicies: [{ SourceIP: true }] },
      Failover: { '*': { Targets: [{ Service: 'other' }, { Peer: 'east' }, { Datacenter: 'dc3' }] } },
    });
    await put({ Kind: 'service-splitter', Name: 'paid', Splits: [{ Weight: 100 }] });
    await put({ Kind: 'service-defaults', Name: 'away', ExternalSNI: 'away.com', Protocol: 'http' });
  });

  afterAll(async () => {
    for (const path of ['service-splitter/paid', 'service-resolver/paid', 'service-defaults/paid', 'service-defaults/away'])
      await drop(path);
  });

  it('says what the service is, and what its requests and instances are due', async () => {
    expect(await read('paid')).toMatchObject({
      ServiceMeta: { team: 'a' },
      EnvoyExtensions: [{ Name: 'builtin/lua', Required: false, Arguments: { Script: 'x' }, ConsulVersion: '', EnvoyVersion: '' }],
      AutoVirtualIPs: ['240.0.0.3'],
      Nodes: {
        'splitter:paid.default.default': { LoadBalancer: { Policy: 'maglev' } },
        'resolver:paid.default.default.dc1': {
          LoadBalancer: { Policy: 'maglev', HashPolicies: [{ SourceIP: true }] },
          Resolver: {
            RequestTimeout: 2e9,
            Failover: { Targets: ['other.default.default.dc1', 'paid.default.default.external.east', 'paid.default.default.dc3'] },
          },
        },
      },
    });
  });

  it('knows no more of a service of a peer than its name', async () => {
    expect(((await read('paid')) as ChainJson['Chain']).Targets['paid.default.default.external.east']).toEqual({
      ConnectTimeout: '5s',
      ID: 'paid.default.default.external.east',
      Service: 'paid',
      Namespace: 'default',
      Partition: 'default',
      Peer: 'east',
      MeshGateway: {},
      Subset: {},
      TransparentProxy: { DialedDirectly: true },
    });
  });

  it('marks a chain of nothing, and what is outside the mesh', async () => {
    expect(await read('nothing')).toMatchObject({ Default: true });
    expect(await read('away')).toMatchObject({ Targets: { 'away.default.default.dc1': { External: true, SNI: 'away.com' } } });
    expect(await read('away', { OverrideMeshGateway: { Mode: 'local' } })).not.toHaveProperty('CustomizationHash');
  });

  it('marks a chain that bytes made simple, whatever its protocol', async () => {
    expect(await read('payments', { override_protocol: 'tcp' })).toMatchObject({
      Protocol: 'tcp',
      CustomizationHash: expect.any(String) as string,
    });
  });

  it.each([
    ['', undefined, '400 Missing chain name'],
    ['web?compile-namespace=x', undefined, '400 Invalid query parameter: "compile-namespace" - Namespaces are a Consul Enterprise feature'],
    ['web?compile-partition=x', undefined, '400 Invalid query parameter: "compile-partition" - Partitions are a Consul Enterprise feature'],
    ['web', { OverrideMeshGateway: { Mode: 'x' } }, '400 Invalid OverrideMeshGateway.Mode parameter'],
    [
      'web',
      { OverrideConnectTimeout: 'soon' },
      `400 Request decoding failed: 1 error(s) decoding:\n\n* error decoding 'OverrideConnectTimeout': time: invalid duration "soon"`,
    ],
  ])('refuses %s %j', async (path, body, text) => {
    expect(await read(path, body)).toBe(text);
  });

  it('takes a namespace and a partition called default', async () => {
    expect(await read('nothing?compile-namespace=default&compile-partition=Default')).toMatchObject({ Default: true });
  });
});

describe('writes and deletes that would break a chain', () => {
  it.each([
    [
      { Kind: 'service-splitter', Name: 'x1', Splits: [{ Weight: 100, Service: 'payments', ServiceSubset: 'v9' }] },
      'service "payments" does not have a subset named "v9"',
    ],
    [
      { Kind: 'service-defaults', Name: 'payments', Protocol: 'tcp' },
      'discovery chain "payments" uses inconsistent protocols; service "other" has "http" which is not "tcp"',
    ],
    [{ Kind: 'service-resolver', Name: 'payments', Subsets: { v1: {} } }, 'service "payments" does not have a subset named "v2"'],
  ])('%j', async (body, text) => {
    expect(await api.call('/v1/config', { method: 'PUT', body })).toMatchObject({ status: 500, text });
  });

  it('a resolver whose subsets others name, and the protocol of all', async () => {
    expect(await drop('service-resolver/payments')).toMatchObject({
      status: 500,
      text: 'service "payments" does not have a subset named "v2"',
    });
    expect((await drop('proxy-defaults/global')).text).toMatch(
      /^discovery chain "\w+" uses a protocol "tcp" that does not permit advanced routing/,
    );
    for (const path of ['service-router/payments', 'service-splitter/payments', 'service-splitter/other', 'service-resolver/redir'])
      await drop(path);
    expect(await drop('service-resolver/payments')).toMatchObject({ status: 200 });
    expect(await drop('proxy-defaults/global')).toMatchObject({ status: 200 });
  });
});
