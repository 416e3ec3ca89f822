import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../../src/catalog/snapshot.ts';
import { transact } from '../../../src/catalog/transact.ts';
import type { Op, Service } from '../../../src/catalog/types.ts';
import { gatewayUpdates } from '../../../src/compile/gateways/status.ts';
import { buildProxyConfig } from '../../../src/compile/proxy.ts';
import type { ProxyConfig } from '../../../src/compile/proxy-config.ts';
import { put, register, service, sidecar, snapshotOf } from '../../catalog/registrations.ts';

const http = put('service-defaults', 'web', { Protocol: 'http' });

function gateway(kind: string, over: Partial<Service>, ...ops: Op[]): ProxyConfig {
  const row = service('g', { Kind: kind, Port: 0, ...over });
  let s: Snapshot = snapshotOf(http, register('n1', [row, service('web'), sidecar('web')]), ...ops);
  for (const op of gatewayUpdates(s, 'dc1', '2026-01-01T00:00:00Z')) s = transact(s, op).snapshot;
  const built = buildProxyConfig(s, 'dc1/n1/g', { trustDomain: 'td', extraLoopback: false });
  if (!built.ok) throw new Error(JSON.stringify(built.error));
  return built.value;
}

const proxy = (Config: Record<string, unknown>): Partial<Service> => ({
  Proxy: { ...sidecar('web').Proxy!, DestinationServiceName: '', Config },
});
const listener = (more: object = {}) => ({ Port: 8080, Protocol: 'http', Services: [{ Name: 'web', ...more }] });
const ingress = (more: object): Op => put('ingress-gateway', 'g', more);

describe('an ingress gateway', () => {
  it('listens where its registration says', () => {
    const at = (over: Partial<Service>) =>
      gateway('ingress-gateway', over, ingress({ Listeners: [listener()] })).outbound[0]!.binds.map(
        ({ address, port }) => `${address}:${port}`,
      );
    expect(at({})).toEqual(['127.0.0.1:8080']);
    expect(at({ Address: '10.0.0.1' })).toEqual(['10.0.0.1:8080']);
    const named = { one: { Address: '10.0.0.2', Port: 1 }, two: { address: '10.0.0.3' } };
    expect(at({ ...proxy({ envoy_gateway_bind_addresses: named }) })).toEqual(['127.0.0.1:8080', '10.0.0.2:8080', '10.0.0.3:8080']);
    expect(at(proxy({ envoy_gateway_bind_addresses: named, envoy_gateway_no_default_bind: true }))).toEqual([
      '10.0.0.2:8080',
      '10.0.0.3:8080',
    ]);
    const TaggedAddresses = { lan: { Address: '10.0.0.4', Port: 1 } };
    expect(at({ TaggedAddresses, ...proxy({ envoy_gateway_bind_tagged_addresses: true }) })).toEqual(['127.0.0.1:8080', '10.0.0.4:8080']);
  });

  it('answers at the port of its registration, which its check connects to', () => {
    const { outbound } = gateway('ingress-gateway', { Port: 8888 }, ingress({ Listeners: [listener()] }));
    expect(outbound.map(({ name }) => name)).toEqual(['http:8080', 'ready:8888']);
    expect(gateway('ingress-gateway', { Port: 8888 }).outbound.map(({ name }) => name)).toEqual(['ready:8888']);
  });

  it('has limits of its own towards each service, and its defaults for the others', () => {
    const limits = (more: object) =>
      Object.values(gateway('ingress-gateway', {}, ingress({ Defaults: { MaxConnections: 5 }, Listeners: [listener(more)] })).clusters)[0]!;
    expect(limits({}).limits).toEqual({ maxConnections: 5, from: 'ingress-gateway g' });
    expect(limits({ MaxConnections: 7, MaxPendingRequests: 2, PassiveHealthCheck: { MaxFailures: 3 } })).toMatchObject({
      limits: { maxConnections: 7, maxPendingRequests: 2 },
      outlier: { consecutive5xx: 3, from: 'ingress-gateway g' },
    });
  });

  it('does not serve a listener whose certificate comes from elsewhere, rather than without TLS', () => {
    const SDS = { ClusterName: 'sds', CertResource: 'cert' };
    const outbound = (more: object) => gateway('ingress-gateway', {}, ingress(more)).outbound;
    expect(outbound({ TLS: { SDS }, Listeners: [listener()] })).toEqual([]);
    expect(
      outbound({
        Listeners: [
          { ...listener(), TLS: { SDS } },
          { ...listener(), Port: 8081 },
        ],
      }).map(({ name }) => name),
    ).toEqual(['http:8081']);
  });
});

describe('an API gateway', () => {
  const api = put('api-gateway', 'g', { Listeners: [{ Name: 'main', Port: 8080, Protocol: 'http' }] });

  it('retries and bounds time as the filters of a route say, those of its only service before those of the rule', () => {
    const route = put('http-route', 'r', {
      Parents: [{ Kind: 'api-gateway', Name: 'g' }],
      Rules: [
        {
          Filters: { TimeoutFilter: { RequestTimeout: 5e9, IdleTimeout: 1e9 }, RetryFilter: { NumRetries: 2, RetryOn: ['5xx'] } },
          Services: [{ Name: 'web', Filters: { TimeoutFilter: { RequestTimeout: 2e9 } } }],
        },
      ],
    });
    const [host] = gateway('api-gateway', {}, api, route).outbound[0]!.virtualHosts!;
    expect(host).toMatchObject({
      domains: ['*'],
      routes: [
        {
          match: {},
          splits: [{ weight: 100, cluster: 'web.default.default.dc1' }],
          action: { timeoutMs: 2000, idleTimeoutMs: 1000, retry: { count: 2, on: ['5xx'] } },
        },
      ],
    });
  });

  it('divides weights exactly', () => {
    const names = ['web', 'a', 'b'];
    const Services = names.map((Name) => ({ Name, Weight: 1 }));
    const route = put('http-route', 'r', { Parents: [{ Kind: 'api-gateway', Name: 'g' }], Rules: [{ Services }] });
    const others = names.slice(1).map((name) => put('service-defaults', name, { Protocol: 'http' }));
    const { splits } = gateway('api-gateway', {}, api, ...others, route).outbound[0]!.virtualHosts![0]!.routes[0]!;
    expect(splits.map(({ weight }) => weight)).toEqual([33.34, 33.33, 33.33]);
  });
});

describe('a terminating gateway', () => {
  it('listens at ports of its own addresses, and leads to healthy instances outside', () => {
    const bound = { envoy_gateway_no_default_bind: true, envoy_gateway_bind_addresses: { one: { Address: '10.0.0.2', Port: 9443 } } };
    const { terminating, clusters, identity } = gateway(
      'terminating-gateway',
      { Port: 8443, ...proxy(bound) },
      put('terminating-gateway', 'g', { Services: [{ Name: 'web', CAFile: '/ca.pem', SNI: 'web.example.com' }] }),
    );
    expect(terminating).toMatchObject({
      binds: [{ address: '10.0.0.2', port: 9443 }],
      services: [
        { service: 'web', sni: 'web.default.dc1.internal.td', identity: 'spiffe://td/ns/default/dc/dc1/svc/web', protocol: 'http' },
      ],
    });
    expect(identity).toBe('spiffe://td/ns/default/dc/dc1/svc/g');
    expect(Object.values(clusters)).toMatchObject([
      { identities: [], endpoints: [{ address: '127.0.0.1', port: 80 }], external: { tls: { caFile: '/ca.pem', sni: 'web.example.com' } } },
    ]);
  });

  it('takes handshakes of the mesh as the mesh entry says', () => {
    const link = put('terminating-gateway', 'g', { Services: [{ Name: 'web' }] });
    const tls = (...ops: Op[]) => gateway('terminating-gateway', {}, link, ...ops).terminating!.services[0]!.tls;
    expect(tls()).toBeUndefined();
    expect(tls(put('mesh', 'mesh', { TLS: { Incoming: { TLSMinVersion: 'TLSv1_2' } } }))).toEqual({ minVersion: 'TLSv1.2' });
  });
});
