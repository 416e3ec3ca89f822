import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/catalog/types.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { ProxyConfig, RouteAction, RouteMatch } from '../../src/compile/proxy-config.ts';
import { check, put, register, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const http = put('proxy-defaults', 'global', { Config: { protocol: 'http' } });
const web = register('n1', [sidecar('web', [upstream('api', 1)])]);

function build(...ops: Op[]): ProxyConfig {
  const built = buildProxyConfig(snapshotOf(http, web, ...ops), 'dc1/n1/web-sidecar-proxy', { trustDomain: 'td', extraLoopback: false });
  if (!built.ok) throw new Error(built.error.map((d) => d.summary).join('; '));
  return built.value;
}
const routed = (route: object) => build(put('service-router', 'api', { Routes: [route] })).outbound[0]!.routes;

describe('routes', () => {
  it.each<[object, RouteMatch]>([
    [{ PathExact: '/a' }, { pathExact: '/a' }],
    [
      { PathPrefix: '/A', CaseInsensitive: true },
      { pathPrefix: '/A', caseInsensitive: true },
    ],
    [{ PathRegex: '/a+' }, { pathRegex: '/a+' }],
    [{ Methods: ['get'] }, { methods: ['GET'] }],
    [
      {
        Header: [
          { Name: 'X-A', Present: true, Invert: true },
          { Name: 'b', Prefix: 'p', IgnoreCase: true },
        ],
      },
      {
        headers: [
          { name: 'x-a', type: 'present', value: '', invert: true },
          { name: 'b', type: 'prefix', value: 'p', invert: false, ignoreCase: true },
        ],
      },
    ],
    [
      {
        Header: [
          { Name: 'a', Suffix: 's' },
          { Name: 'a', Contains: 'c' },
          { Name: 'a', Regex: 'r' },
        ],
      },
      {
        headers: [
          { name: 'a', type: 'suffix', value: 's', invert: false },
          { name: 'a', type: 'contains', value: 'c', invert: false },
          { name: 'a', type: 'regex', value: 'r', invert: false },
        ],
      },
    ],
    [
      {
        QueryParam: [
          { Name: 'A', Present: true },
          { Name: 'b', Exact: 'x' },
          { Name: 'c', Regex: 'y' },
        ],
      },
      {
        query: [
          { name: 'A', type: 'present', value: '' },
          { name: 'b', type: 'exact', value: 'x' },
          { name: 'c', type: 'regex', value: 'y' },
        ],
      },
    ],
  ])('match %j', (HTTP, match) => {
    expect(routed({ Match: { HTTP } })).toEqual([
      { match, splits: [{ weight: 100, cluster: 'api.default.default.dc1' }] },
      { match: {}, splits: [{ weight: 100, cluster: 'api.default.default.dc1' }] },
    ]);
  });

  it.each<[object, RouteAction | undefined]>([
    [{ Service: 'api' }, undefined],
    [
      { RequestTimeout: '1500ms', IdleTimeout: '-1s' },
      { timeoutMs: 1500, idleTimeoutMs: 0 },
    ],
    [{ NumRetries: 3 }, { retry: { count: 3, onConnectFailure: false, on: [], onStatusCodes: [] } }],
    [{ RetryOnStatusCodes: [503] }, { retry: { count: 1, onConnectFailure: false, on: [], onStatusCodes: [503] } }],
    [
      { RetryOn: ['5xx', 'connect-failure'] },
      { retry: { count: 1, onConnectFailure: true, on: ['5xx', 'connect-failure'], onStatusCodes: [] } },
    ],
    [{ RetryOnConnectFailure: true }, { retry: { count: 1, onConnectFailure: true, on: [], onStatusCodes: [] } }],
    [
      { RequestHeaders: { Add: { 'X-A': '1' }, Remove: ['X-B'] }, ResponseHeaders: { Set: { c: '2' } } },
      { requestHeaders: { add: { 'x-a': '1' }, set: {}, remove: ['x-b'] }, responseHeaders: { add: {}, set: { c: '2' }, remove: [] } },
    ],
  ])('do %j', (Destination, action) => {
    expect(routed({ Destination })[0]!.action).toEqual(action);
  });

  it('rewrite what matched', () => {
    const route = { Match: { HTTP: { PathPrefix: '/a' } }, Destination: { PrefixRewrite: '/' } };
    expect(routed(route)[0]!.action).toEqual({ prefixRewrite: '/' });
  });
});

describe('splits', () => {
  const split = (name: string, ...splits: object[]) => put('service-splitter', name, { Splits: splits });

  it('add up to 100 whatever rounding made of nested ones, and leave out empty parts', () => {
    const third = (Service: string, Weight: number) => ({ Service, Weight });
    const config = build(
      split('api', third('x', 50), third('y', 50), third('z', 0)),
      split('x', third('a', 33.33), third('b', 33.33), third('c', 33.34)),
      split('y', third('d', 33.33), third('e', 33.33), third('f', 33.34)),
    );
    const weights = config.outbound[0]!.routes[0]!.splits.map((part) => part.weight);
    expect(weights).toEqual([16.65, 16.67, 16.67, 16.67, 16.67, 16.67]);
    expect(Math.round(weights.reduce((sum, weight) => sum + weight, 0) * 100)).toBe(10_000);
    expect(Object.keys(config.clusters)).toEqual(expect.arrayContaining(['a.default.default.dc1', 'f.default.default.dc1']));
  });

  it('edit headers', () => {
    const config = build(split('api', { Weight: 100, RequestHeaders: { Set: { A: 'b' } } }));
    expect(config.outbound[0]!.routes[0]!.splits).toEqual([
      { weight: 100, cluster: 'api.default.default.dc1', requestHeaders: { add: {}, set: { a: 'b' }, remove: [] } },
    ]);
  });
});

describe('clusters', () => {
  const versions = register(
    'n1',
    ['1', '2'].map((version) => sidecar('api', [], { ID: `api-${version}`, Meta: { version }, Port: Number(version) })),
    [check('slow', { ServiceID: 'api-2', Status: 'warning' })],
  );
  const resolver = (fields: object) => put('service-resolver', 'api', fields);
  const ports = (config: ProxyConfig) =>
    Object.fromEntries(Object.entries(config.clusters).map(([name, { endpoints }]) => [name, endpoints.map((endpoint) => endpoint.port)]));

  it.each<[string, object, number[]]>([
    ['all', {}, [1, 2]],
    ['those that its filter selects', { Filter: 'Service.Meta.version == 2' }, [2]],
    ['those that pass', { OnlyPassing: true }, [1]],
    ['those that a filter selects by health', { Filter: 'Checks.Status == warning' }, [2]],
    ['none', { Filter: 'Service.Meta.version == 2 and Node.Node == n9' }, []],
  ])('of a subset hold %s', (_, subset, expected) => {
    const config = build(versions, resolver({ Subsets: { v: subset }, DefaultSubset: 'v' }));
    expect(ports(config)).toEqual({ 'v.api.default.default.dc1': expected });
  });

  it('say what they fail over to, and those are clusters too', () => {
    const config = build(
      versions,
      resolver({
        Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
        DefaultSubset: 'v1',
        ConnectTimeout: '1s',
        RequestTimeout: '2s',
        Failover: { '*': { Targets: [{ ServiceSubset: 'v2' }, { Service: 'backup' }] } },
      }),
      put('service-resolver', 'backup', { ConnectTimeout: '3s' }),
    );
    expect(ports(config)).toEqual({
      'backup.default.default.dc1': [],
      'v1.api.default.default.dc1': [1],
      'v2.api.default.default.dc1': [2],
    });
    expect(config.clusters).toMatchObject({
      'v1.api.default.default.dc1': {
        connectTimeoutMs: 1000,
        requestTimeoutMs: 2000,
        failover: ['v2.api.default.default.dc1', 'backup.default.default.dc1'],
      },
      'backup.default.default.dc1': { connectTimeoutMs: 3000 },
    });
    expect(config.clusters['backup.default.default.dc1']).not.toHaveProperty('failover');
  });

  it('carry the mark of an upstream with settings of its own, those of a failover too', () => {
    const own = register('n1', [sidecar('web', [upstream('api', 1, { Config: { connect_timeout_ms: 50 } })])]);
    const config = build(own, resolver({ Failover: { '*': { Service: 'backup' } } }));
    expect(Object.values(config.clusters).map((cluster) => cluster.connectTimeoutMs)).toEqual([50, 50]);
    expect(Object.keys(config.clusters).every((name) => /^[0-9a-f]{8}~/.test(name))).toBe(true);
    for (const name of Object.values(config.clusters).flatMap((cluster) => cluster.failover ?? []))
      expect(config.clusters).toHaveProperty([name]);
  });
});
