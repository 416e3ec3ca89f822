import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** What newer versions added, taken away again: partitions, and what was known but not said. */
function asIn187(answer: unknown): unknown {
  const text = JSON.stringify(answer)
    .replaceAll('.default.default', '.default')
    .replaceAll(',"Partition":"default"', '')
    .replaceAll(api.plane.trustDomain, 'TRUST-DOMAIN');
  const json = JSON.parse(text) as ChainJson;
  for (const target of Object.values(json.Chain.Targets)) for (const field of ['MeshGateway', 'ConnectTimeout']) delete target[field];
  for (const { Splits } of Object.values(json.Chain.Nodes)) for (const split of Splits ?? []) delete split['Definition'];
  return json;
}

const captured = async (name: string): Promise<unknown> =>
  JSON.parse(await readFile(join(import.meta.dirname, `../../../golden/discovery-chain/${name}.1.8.7.json`), 'utf8'));

describe('chains as Consul answers them', () => {
  it('with a resolver, then splitters, then a router, and what redirects there', async () => {
    const chain = async (path: string) => asIn187((await api.call(`/v1/discovery-chain/${path}`)).json);
    expect(await chain('payments')).toEqual(await captured('resolver'));
    for (const splitter of SPLITTERS) await put(splitter);
    expect(await chain('payments')).toEqual(await captured('splitter'));
    await put(ROUTER);
    expect(await chain('payments')).toEqual(await captured('router'));
    expect(await chain('payments?compile-dc=dc9')).toEqual(await captured('router-elsewhere'));
    await put({ Kind: 'service-resolver', Name: 'redir', Redirect: { Service: 'payments' } });
    // Splitters do not count behind a redirect.
    expect(await chain('redir')).toEqual(await captured('redirect'));
  });

  it('with what newer versions say too', async () => {
    const { Chain } = (await api.call('/v1/discovery-chain/payments')).json as ChainJson;
    expect(Chain.Nodes['splitter:payments.default.default']?.Splits?.[1]).toEqual({
      Definition: { Weight: 50, Service: 'other' },
      Weight: 5,
      NextNode: 'resolver:other.default.default.dc1',
    });
    expect(Chain.Targets['v2.payments.default.default.dc1']).toEqual({
      ID: 'v2.payments.default.default.dc1',
      Service: 'payments',
      ServiceSubset: 'v2',
      Namespace: 'default',
      Partition: 'default',
      Datacenter: 'dc1',
      MeshGateway: {},
      Subset: { Filter: 'Service.Meta.version == v2' },
      ConnectTimeout: '5s',
      SNI: `v2.payments.default.dc1.internal.${api.plane.trustDomain}`,
      Name: `v2.payments.default.dc1.internal.${api.plane.trustDomain}`,
    });
  });

  it('overridden by an upstream that carries bytes, and reaches others by a gateway', async () => {
    const body = { OverrideProtocol: 'tcp', OverrideConnectTimeout: '7s', OverrideMeshGateway: { Mode: 'remote' } };
    const { Chain } = (await api.call('/v1/discovery-chain/payments', { method: 'POST', body })).json as ChainJson;
    expect(Chain).toMatchObject({
      Protocol: 'tcp',
      CustomizationHash: expect.stringMatching(/^[0-9a-f]{8}$/) as string,
      StartNode: 'resolver:v1.payments.default.default.dc1',
      Nodes: { 'resolver:v1.payments.default.default.dc1': { Resolver: { ConnectTimeout: '7s' } } },
    });
    expect(Chain.Targets['v1.payments.default.default.dc2']).toMatchObject({ MeshGateway: { Mode: 'remote' }, ConnectTimeout: '7s' });
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
