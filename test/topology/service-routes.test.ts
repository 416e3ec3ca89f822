import { expect, it } from 'vitest';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import { allProxyIds } from '../../src/compile/proxy-id.ts';
import { routesOfProxies } from '../../src/topology/service-routes.ts';
import { put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const http = put('proxy-defaults', 'global', { Config: { protocol: 'http' } });
const web = (node: string, port = 9091) =>
  register(node, [service('web', { Node: node }), sidecar('web', [upstream('payments', port)], { Node: node })]);
const payments = (node: string, version: string) =>
  register(node, [service('payments', { Node: node, Meta: { version } }), sidecar('payments', [], { Node: node, Meta: { version } })]);

function routes(of: string, ...ops: Parameters<typeof snapshotOf>) {
  const s = snapshotOf(...ops);
  const configs = allProxyIds(s).flatMap((id) => {
    const built = buildProxyConfig(s, id, { trustDomain: 'td.consul', extraLoopback: false });
    return built.ok && built.value.service === of ? [built.value] : [];
  });
  return routesOfProxies(configs);
}

it('has the routes of an upstream in order, with splits and what happens on the way', () => {
  const [one, ...others] = routes(
    'web',
    http,
    web('n1'),
    payments('n2', '1'),
    payments('n3', '2'),
    put('service-resolver', 'payments', {
      Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
      Failover: { v2: { ServiceSubset: 'v1' } },
      RequestTimeout: '7s',
    }),
    put('service-splitter', 'payments', {
      Splits: [
        { Weight: 90, ServiceSubset: 'v1' },
        { Weight: 10, ServiceSubset: 'v2' },
      ],
    }),
    put('service-router', 'payments', {
      Routes: [
        {
          Match: { HTTP: { PathPrefix: '/rates', Methods: ['GET'] } },
          Destination: {
            Service: 'rates',
            PrefixRewrite: '/',
            RequestTimeout: '2s',
            NumRetries: 3,
            RetryOnConnectFailure: true,
            RetryOnStatusCodes: [503],
          },
        },
      ],
    }),
  );
  expect(others).toEqual([]);
  expect(one).toMatchObject({ upstream: 'payments', protocol: 'http', listens: ['127.0.0.1:9091'], proxies: ['dc1/n1/web-sidecar-proxy'] });
  expect(one!.routes).toEqual([
    {
      name: 'GET /rates*',
      splits: [
        {
          weight: 100,
          cluster: 'rates.default.default.dc1',
          destination: 'rates',
          destinationDatacenter: 'dc1',
          subset: '',
          endpoints: 0,
          failover: [],
        },
      ],
      timeoutMs: 2000,
      retries: { count: 3, on: ['connect-failure', '503'] },
      prefixRewrite: '/',
    },
    {
      name: '/*',
      splits: [
        {
          weight: 90,
          cluster: 'v1.payments.default.default.dc1',
          destination: 'payments',
          destinationDatacenter: 'dc1',
          subset: 'v1',
          endpoints: 1,
          failover: [],
        },
        {
          weight: 10,
          cluster: 'v2.payments.default.default.dc1',
          destination: 'payments',
          destinationDatacenter: 'dc1',
          subset: 'v2',
          endpoints: 1,
          failover: ['v1.payments.default.default.dc1'],
        },
      ],
      timeoutMs: 7000,
    },
  ]);
});

it('joins what is equal for several instances', () => {
  expect(routes('web', http, web('n1'), web('n2', 9099))).toMatchObject([
    { listens: ['127.0.0.1:9091', '127.0.0.1:9099'], proxies: ['dc1/n1/web-sidecar-proxy', 'dc1/n2/web-sidecar-proxy'] },
  ]);
});

it('has the hosts of an ingress gateway', () => {
  const gateway = register('n1', [service('front', { Kind: 'ingress-gateway', Port: 8443 })]);
  const listeners = put('ingress-gateway', 'front', {
    Listeners: [{ Port: 8080, Protocol: 'http', Services: [{ Name: 'web', Hosts: ['a.example.com'] }] }],
  });
  const [listener] = routes('front', http, web('n1'), gateway, listeners);
  expect(listener).toMatchObject({
    upstream: 'http:8080',
    routes: [{ name: '/*', hosts: ['a.example.com'], splits: [{ destination: 'web' }] }],
  });
});
