import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webAndPayments } from '../../harness.ts';
import { openTestApi, type TestApi } from '../api.ts';

/** What newer Consuls have; 1.8 is replayed from transcripts. */

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.plane.commit(webAndPayments);
});
afterAll(() => api[Symbol.asyncDispose]());

const ui = async (path: string) => (await api.call(`/v1/internal/ui/${path}`)).json;

describe('the UI', () => {
  it('has services in a few words', async () => {
    const rows = (await ui('services')) as { Name: string }[];
    expect(rows.map(({ Name }) => Name)).toEqual(['consul', 'payments', 'payments-sidecar-proxy', 'web', 'web-sidecar-proxy']);
    expect(rows[3]).toEqual({
      Name: 'web',
      Datacenter: 'dc1',
      Tags: ['v1'],
      Nodes: ['web-vm'],
      ExternalSources: null,
      InstanceCount: 1,
      ChecksPassing: 1,
      ChecksWarning: 0,
      ChecksCritical: 0,
      GatewayConfig: {},
      TransparentProxy: false,
      ConnectNative: false,
      ConnectedWithProxy: true,
      ConnectedWithGateway: false,
    });
  });

  it('has who calls whom, with what intentions say', async () => {
    const related = async (path: string, side: 'Upstreams' | 'Downstreams') => {
      const topology = (await ui(`service-topology/${path}?kind=`)) as Record<
        string,
        { Name: string; Source: string; Intention: object }[]
      >;
      return topology[side]!.map(({ Name, Source, Intention }) => [Name, Source, Intention]);
    };
    const byDefault = { DefaultAllow: true, Allowed: true, HasPermissions: false, ExternalSource: '', HasExact: false };
    expect(await related('web', 'Upstreams')).toEqual([['payments', 'proxy-registration', byDefault]]);
    expect(await related('web', 'Downstreams')).toEqual([]);
    const intention = { Kind: 'service-intentions', Name: 'payments', Sources: [{ Name: 'web', Action: 'deny' }] };
    await api.call('/v1/config', { method: 'PUT', body: intention });
    const denied = { ...byDefault, Allowed: false, HasExact: true };
    expect(await related('payments', 'Downstreams')).toEqual([['web', 'proxy-registration', denied]]);
    expect((await api.call('/v1/internal/ui/service-topology/web?kind=bogus')).text).toBe('Unsupported service kind "bogus"');
  });

  it('has intentions of what is behind a gateway', async () => {
    const gateway = { Kind: 'terminating-gateway', Name: 'term', Services: [{ Name: 'payments' }] };
    await api.call('/v1/config', { method: 'PUT', body: gateway });
    expect(await ui('gateway-intentions/term')).toMatchObject([{ SourceName: 'web', DestinationName: 'payments', Action: 'deny' }]);
    expect(await ui('gateway-services-nodes/term')).toMatchObject([{ Name: 'payments', InstanceCount: 1 }]);
    const rows = (await ui('services')) as { Name: string; ConnectedWithGateway: boolean }[];
    expect(rows.find(({ Name }) => Name === 'payments')).toMatchObject({ ConnectedWithGateway: true });
  });

  it('counts everything', async () => {
    const one = { Total: 1, Passing: 1, Warning: 0, Critical: 0 };
    expect(await ui('catalog-overview')).toEqual({
      Nodes: [{ Total: 3, Passing: 3, Warning: 0, Critical: 0 }],
      Services: ['consul', 'payments', 'payments-sidecar-proxy', 'web', 'web-sidecar-proxy'].map((Name) => ({ Name, ...one })),
      Checks: ['Serf Health Status', 'payments check', 'web check'].map((Name) => ({ Name, ...one })),
    });
  });

  it('has what is exported, and no metrics of others', async () => {
    const exported = { Kind: 'exported-services', Name: 'default', Services: [{ Name: 'web', Consumers: [{ Peer: 'other' }] }] };
    await api.call('/v1/config', { method: 'PUT', body: exported });
    expect(await ui('exported-services?peer=other')).toEqual([{ Name: 'web' }]);
    expect(await ui('exported-services?peer=nobody')).toEqual([]);
    const metrics = await api.call('/v1/internal/ui/metrics-proxy/api/v1/query');
    expect([metrics.status, metrics.text]).toEqual([404, 'Metrics proxy is not enabled']);
  });
});

describe('virtual addresses', () => {
  const assign = (body: object) => api.call('/v1/internal/service-virtual-ip', { method: 'PUT', body });

  it('belong to one service of the mesh', async () => {
    expect((await assign({ Service: 'web', ManualVIPs: ['10.1.1.1', '10.1.1.2'] })).json).toEqual({
      Found: true,
      UnassignedFrom: [],
    });
    expect((await assign({ Service: 'payments', ManualVIPs: ['10.1.1.2'] })).json).toEqual({
      Found: true,
      UnassignedFrom: [{ ServiceName: { Name: 'web' }, Peer: '' }],
    });
    expect((await assign({ Service: 'nope', ManualVIPs: ['10.1.1.2'] })).json).toEqual({ Found: false, UnassignedFrom: [] });
  });

  it.each([
    [Array.from({ length: 9 }, (_, i) => `10.0.0.${i}`), 'cannot associate more than 8 manual virtual IPs with the same service'],
    [['nonsense'], '"nonsense" is not a valid IPv4 address'],
    [['240.0.0.9'], 'manual VIP cannot be from auto-assigned range'],
  ])('%j', async (addresses, text) => {
    const reply = await assign({ Service: 'web', ManualVIPs: addresses });
    expect([reply.status, reply.text]).toEqual([500, text]);
  });
});

describe('the operator', () => {
  const operator = async (path: string) => (await api.call(`/v1/operator/${path}`)).json as Record<string, unknown>;

  it('has one server, which leads and votes', async () => {
    const { Leader, Voters, Servers } = await operator('autopilot/state');
    expect([Voters, Object.keys(Servers as object)]).toEqual([[Leader], [Leader]]);
    expect(await operator('raft/configuration')).toMatchObject({ Servers: [{ ID: Leader, Leader: true, Address: '127.0.0.1:8300' }] });
    const removed = await api.call(`/v1/operator/raft/peer?id=${Leader as string}`, { method: 'DELETE' });
    expect([removed.status, removed.text]).toEqual([500, 'the only server of a cluster stays in it']);
    expect((await api.call('/v1/operator/raft/transfer-leader', { method: 'POST' })).text).toBe('cannot find peer');
  });

  it('counts what is used', async () => {
    expect(await operator('usage')).toMatchObject({
      Usage: {
        dc1: {
          Nodes: expect.any(Number) as unknown,
          Services: 5,
          ServiceInstances: 5,
          ConnectServiceInstances: { 'connect-proxy': 2, 'connect-native': 0, 'mesh-gateway': 0 },
          BillableServiceInstances: 2,
        },
      },
    });
    expect((await api.call('/v1/operator/usage?dc=nope')).text).toBe('No path to datacenter');
  });

  it('keeps its configuration, if nobody was faster', async () => {
    const put = (cas: number) =>
      api.call(`/v1/operator/autopilot/configuration?cas=${cas}`, {
        method: 'PUT',
        body: { MaxTrailingLogs: 7, LastContactThreshold: '1s' },
      });
    expect((await put(99)).json).toBe(false);
    expect((await put(1)).json).toBe(true);
    expect(await operator('autopilot/configuration')).toMatchObject({ MaxTrailingLogs: 7, LastContactThreshold: '1s', CreateIndex: 1 });
  });
});

it('merges central configuration into what it answers, on request', async () => {
  await api.call('/v1/config', { method: 'PUT', body: { Kind: 'proxy-defaults', Name: 'global', Config: { envoy_dns: 'x' } } });
  const config = async (query: string) => {
    const [item] = (await api.call(`/v1/health/connect/web${query}`)).json as { Service: { Proxy: { Config?: object } } }[];
    return item!.Service.Proxy.Config;
  };
  expect([await config(''), await config('?merge-central-config')]).toEqual([undefined, { envoy_dns: 'x' }]);
});
