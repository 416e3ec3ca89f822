import { describe, expect, it } from 'vitest';
import type { Op } from '../../src/catalog/types.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { Cluster, ProxyConfig } from '../../src/compile/proxy-config.ts';
import { node, put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const payments = register('p1', [service('payments', { Node: 'p1' }), sidecar('payments', [], { Node: 'p1' })]);
const web = (config: Record<string, unknown> = {}): Op =>
  register('n1', [sidecar('web', [upstream('payments', 9091, { Config: config })])]);

function build(...ops: Op[]): ProxyConfig {
  const built = buildProxyConfig(snapshotOf(payments, ...ops), 'dc1/n1/web-sidecar-proxy', {
    trustDomain: 'x.consul',
    extraLoopback: false,
  });
  if (!built.ok) throw new Error(built.error.map(({ summary }) => summary).join('; '));
  return built.value;
}
const cluster = (...ops: Op[]): Cluster => Object.values(build(...ops).clusters)[0]!;
const defaults = (Defaults: object, ...Overrides: object[]): Op =>
  put('service-defaults', 'web', { UpstreamConfig: { Defaults, Overrides } });

describe('limits of an upstream', () => {
  it('are none unless somebody sets them', () => {
    expect(cluster(web())).not.toHaveProperty('limits');
    expect(cluster(web(), defaults({ Limits: {} }))).not.toHaveProperty('limits');
  });

  it('come from Defaults, an override, or the registration, as a whole from the strongest', () => {
    const entry = (...overrides: object[]) => defaults({ Limits: { MaxConnections: 1, MaxPendingRequests: 0 } }, ...overrides);
    const from = 'service-defaults web';
    expect(cluster(web(), entry()).limits).toEqual({ maxConnections: 1, maxPendingRequests: 0, from });
    const override = { Name: 'payments', Limits: { MaxConcurrentRequests: 7 } };
    expect(cluster(web(), entry({ Name: 'other', Limits: { MaxConnections: 9 } }, override)).limits).toEqual({
      maxConcurrentRequests: 7,
      from,
    });
    const limits = { max_connections: '3', max_pending_requests: 4, max_concurrent_requests: -1 };
    expect(cluster(web({ limits }), entry(override)).limits).toEqual({
      maxConnections: 3,
      maxPendingRequests: 4,
      from: 'the registration of web-sidecar-proxy',
    });
  });
});

describe('passive health checks of an upstream', () => {
  it('are left to the data plane unless somebody sets them', () => expect(cluster(web())).not.toHaveProperty('outlier'));

  it('are read from an entry', () => {
    const PassiveHealthCheck = {
      Interval: '2s',
      MaxFailures: 3,
      EnforcingConsecutive5xx: 0,
      EnforcingConsecutiveGatewayFailure: 50,
      ConsecutiveGatewayFailure: 2,
      MaxEjectionPercent: 100,
      BaseEjectionTime: '1m',
    };
    expect(cluster(web(), defaults({ PassiveHealthCheck })).outlier).toEqual({
      intervalMs: 2_000,
      consecutive5xx: 3,
      enforcing5xx: 0,
      enforcingGatewayFailure: 50,
      consecutiveGatewayFailure: 2,
      maxEjectionPercent: 100,
      baseEjectionMs: 60_000,
      from: 'service-defaults web',
    });
  });

  it('are read from a registration, with times as texts or in nanoseconds', () => {
    const config = { passive_health_check: { interval: '500ms', max_failures: 2, base_ejection_time: 3e9, enforcing_consecutive_5xx: 80 } };
    expect(cluster(web(config), defaults({ PassiveHealthCheck: { MaxFailures: 9 } })).outlier).toEqual({
      intervalMs: 500,
      consecutive5xx: 2,
      enforcing5xx: 80,
      baseEjectionMs: 3_000,
      from: 'the registration of web-sidecar-proxy',
    });
  });

  it('that say nothing are asked for all the same', () => {
    expect(cluster(web({ passive_health_check: {} })).outlier).toEqual({ from: 'the registration of web-sidecar-proxy' });
  });
});

describe('balancing', () => {
  const resolver = (fields: object) => put('service-resolver', 'payments', fields);

  it.each([
    [
      { Policy: 'least_request', LeastRequestConfig: { ChoiceCount: 5 } },
      { policy: 'least_request', choiceCount: 5 },
    ],
    [
      { Policy: 'ring_hash', RingHashConfig: { MinimumRingSize: 7, MaximumRingSize: 9 } },
      { policy: 'ring_hash', minimumRingSize: 7, maximumRingSize: 9 },
    ],
    [{ Policy: 'maglev' }, { policy: 'maglev' }],
    [{ Policy: 'random' }, { policy: 'random' }],
  ])('%j', (LoadBalancer, expected) => expect(cluster(web(), resolver({ LoadBalancer })).loadBalancer).toEqual(expected));

  it('by hash tells the route what to look at', () => {
    const HashPolicies = [
      { Field: 'header', FieldValue: 'X-User', Terminal: true },
      { Field: 'query_parameter', FieldValue: 'Id' },
      { Field: 'cookie', FieldValue: 'a' },
      { Field: 'cookie', FieldValue: 'b', CookieConfig: { Session: true, Path: '/x' } },
      { Field: 'cookie', FieldValue: 'c', CookieConfig: { TTL: '90s' } },
      { SourceIP: true },
    ];
    expect(build(web(), resolver({ LoadBalancer: { Policy: 'maglev', HashPolicies } })).outbound[0]!.routes[0]!.hash).toEqual([
      { type: 'header', name: 'x-user', terminal: true },
      { type: 'query', name: 'Id' },
      { type: 'cookie', name: 'a' },
      { type: 'cookie', name: 'b', path: '/x', ttlMs: 0 },
      { type: 'cookie', name: 'c', ttlMs: 90_000 },
      { type: 'source-ip' },
    ]);
    expect(build(web()).outbound[0]!.routes[0]).not.toHaveProperty('hash');
  });

  it('of a splitter is the hash of the first part that has one, for clusters that look at it', () => {
    const { outbound, clusters } = build(
      web(),
      put('proxy-defaults', 'global', { Config: { protocol: 'http' } }),
      resolver({
        Subsets: { v1: { Filter: 'Service.Meta.v == 1' }, v2: { Filter: 'Service.Meta.v == 2' } },
        LoadBalancer: { Policy: 'ring_hash', HashPolicies: [{ SourceIP: true }] },
      }),
      put('service-splitter', 'payments', {
        Splits: [
          { Weight: 50, ServiceSubset: 'v1' },
          { Weight: 50, ServiceSubset: 'v2' },
        ],
      }),
    );
    expect(outbound[0]!.routes[0]!.hash).toEqual([{ type: 'source-ip' }]);
    expect(Object.values(clusters).map(({ loadBalancer }) => loadBalancer?.policy)).toEqual(['ring_hash', 'ring_hash']);
  });

  it('by peak_ewma is spelled as for an Envoy', () => {
    const patch = (services: object[], name: string) => ({
      Name: 'builtin/property-override',
      Arguments: {
        ProxyType: 'connect-proxy',
        Patches: [
          {
            ResourceFilter: { ResourceType: 'cluster', TrafficDirection: 'outbound', Services: services },
            Op: 'add',
            Path: '/load_balancing_policy',
            Value: { policies: [{ typed_extension_config: { name } }] },
          },
        ],
      },
    });
    const policy = (services: object[], name = 'envoy.load_balancing_policies.peak_ewma') =>
      cluster(web(), put('service-defaults', 'web', { EnvoyExtensions: [patch(services, name)] })).loadBalancer;
    expect(policy([])).toEqual({ policy: 'peak_ewma' });
    expect(policy([{ Name: 'payments' }])).toEqual({ policy: 'peak_ewma' });
    expect(policy([{ Name: 'other' }])).toBeUndefined();
    expect(policy([], 'envoy.load_balancing_policies.random')).toBeUndefined();
  });
});

describe('locality', () => {
  const at = (id: string, over: object): Op => ({
    type: 'register',
    dc: 'dc1',
    node: node(id),
    services: [sidecar('payments', [], { Node: id, ...over })],
    checks: [],
  });
  const near = put('service-resolver', 'payments', { PrioritizeByLocality: { Mode: 'failover' } });
  const caller = (over: object = { Locality: { Region: 'eu', Zone: 'a' } }): Op =>
    register('n1', [sidecar('web', [upstream('payments', 1)], over)]);
  const others = [
    at('q1', { Locality: { Region: 'eu', Zone: 'a' } }),
    at('q2', { Locality: { Region: 'eu', Zone: 'b' } }),
    at('q3', { Locality: { Region: 'us', Zone: 'a' } }),
  ];
  const priorities = (...ops: Op[]) =>
    Object.fromEntries(cluster(...ops, ...others).endpoints.map(({ id, priority = 0 }) => [id.slice(0, 2), priority]));

  it('puts the same zone first, then the region, then the rest', () => {
    expect(priorities(caller(), near)).toEqual({ p1: 2, q1: 0, q2: 1, q3: 2 });
  });

  it('may be asked for in proxy-defaults, which a resolver overrules', () => {
    const all = put('proxy-defaults', 'global', { PrioritizeByLocality: { Mode: 'failover' } });
    expect(priorities(caller(), all)).toEqual({ p1: 2, q1: 0, q2: 1, q3: 2 });
    const none = put('service-resolver', 'payments', { PrioritizeByLocality: { Mode: 'none' } });
    expect(priorities(caller(), all, none)).toEqual({ p1: 0, q1: 0, q2: 0, q3: 0 });
  });

  it('means nothing unless asked for, and from nowhere', () => {
    expect(priorities(caller())).toEqual({ p1: 0, q1: 0, q2: 0, q3: 0 });
    expect(priorities(caller({}), near)).toEqual({ p1: 0, q1: 0, q2: 0, q3: 0 });
  });

  it('is that of the application, or of its node, where a sidecar has none', () => {
    const Locality = { Region: 'us', Zone: 'a' };
    const byService = register('n1', [service('web', { Locality }), sidecar('web', [upstream('payments', 1)])]);
    const byNode: Op = {
      type: 'register',
      dc: 'dc1',
      node: node('n1', { Locality }),
      services: [sidecar('web', [upstream('payments', 1)])],
      checks: [],
    };
    for (const op of [byService, byNode]) expect(priorities(op, near)).toEqual({ p1: 2, q1: 2, q2: 2, q3: 0 });
  });
});
