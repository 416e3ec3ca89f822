import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import type { Op } from '../../src/catalog/types.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import { topologyOf } from '../../src/topology/topology.ts';
import { check, node, put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const TD = '11111111-2222-3333-4444-555555555555.consul';
const id = (name: string, dc = 'dc1'): string => `spiffe://${TD}/ns/default/dc/${dc}/svc/${name}`;

function topology(s: Snapshot, defaultAction: 'allow' | 'deny' = 'allow') {
  return topologyOf(s, {
    defaultAction,
    config: (proxy) => {
      const built = buildProxyConfig(s, proxy, { trustDomain: TD, extraLoopback: false, defaultIntention: defaultAction });
      return built.ok ? built.value : undefined;
    },
    serving: (proxy) => (proxy.includes('web') ? { serves: true } : undefined),
  });
}

const web = register('n1', [service('web', { Port: 9090 }), sidecar('web', [upstream('payments', 9091)])]);
const payments = register(
  'n2',
  [
    service('payments', { Node: 'n2', Address: '127.5.0.110', Port: 9090, Meta: { version: '1' }, Tags: ['a'] }),
    sidecar('payments', [], { Node: 'n2' }),
  ],
  [check('up', { Node: 'n2', ServiceID: 'payments', ServiceName: 'payments', Status: 'warning' })],
);

const edges = (ops: readonly Op[], defaultAction?: 'allow' | 'deny') => topology(snapshotOf(...ops), defaultAction).edges;

describe('topology', () => {
  it('has services with their instances, health and sidecars, and no sidecar as a service', () => {
    const { datacenters, services } = topology(snapshotOf(web, payments));
    expect(datacenters).toEqual(['dc1']);
    expect(services).toMatchObject([
      {
        name: 'payments',
        kind: 'service',
        protocol: 'tcp',
        instances: [
          {
            id: 'payments',
            node: 'n2',
            address: '127.5.0.110:9090',
            health: 'warning',
            tags: ['a'],
            meta: { version: '1' },
            sidecar: { id: 'dc1/n2/payments-sidecar-proxy', address: '127.0.0.1:20000', serves: true },
          },
        ],
      },
      { name: 'web', instances: [{ address: '127.0.0.1:9090', sidecar: { serves: true } }] },
    ]);
  });

  it('takes the word of checks for what another data plane serves', () => {
    const down = check('listens', {
      Node: 'n2',
      ServiceID: 'payments-sidecar-proxy',
      ServiceName: 'payments-sidecar-proxy',
      Status: 'critical',
    });
    const { services } = topology(snapshotOf(web, { ...payments, checks: [down] } as Op));
    expect(services[0]).toMatchObject({ instances: [{ health: 'passing', sidecar: { serves: false } }] });
  });

  it('says of an edge where it listens, who is at its ends and what decides', () => {
    expect(edges([web, payments])).toEqual([
      {
        source: 'web',
        sourceDatacenter: 'dc1',
        destination: 'payments',
        destinationDatacenter: 'dc1',
        upstream: 'payments',
        listens: ['127.0.0.1:9091'],
        protocol: 'tcp',
        subsets: [''],
        identity: id('web'),
        expects: [id('payments')],
        intention: 'allow',
        rule: 'no intention matches, the default is allow',
        tls: 'mutual',
        tlsVersion: '1.3',
      },
    ]);
    expect(edges([web, payments], 'deny')[0]).toMatchObject({ intention: 'deny', rule: 'no intention matches, the default is deny' });
  });

  it('decides by precedence, and knows what only a request can tell', () => {
    const intention = (Sources: object[]) => put('service-intentions', 'payments', { Sources });
    const deny = { Name: '*', Action: 'deny' };
    expect(edges([web, payments, intention([deny])])[0]).toMatchObject({
      intention: 'deny',
      rule: 'intention deny * => payments (precedence 8)',
    });
    expect(edges([web, payments, intention([deny, { Name: 'web', Action: 'allow' }])])[0]).toMatchObject({
      intention: 'allow',
      rule: 'intention allow web => payments (precedence 9)',
    });
    const http = put('service-defaults', 'payments', { Protocol: 'http' });
    const permissions = { Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/pay' } }] };
    expect(edges([web, payments, http, intention([deny, permissions])])[0]).toMatchObject({
      protocol: 'http',
      intention: 'mixed',
      rule: 'intention web => payments (precedence 9): 1 permission',
    });
  });

  it('follows a chain to every service, subset and datacenter that it can lead to', () => {
    const http = put('proxy-defaults', 'global', { Config: { protocol: 'http' } });
    const resolver = put('service-resolver', 'payments', {
      Subsets: { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } },
      Failover: { v1: { Datacenters: ['dc2'] } },
    });
    const splitter = put('service-splitter', 'payments', {
      Splits: [
        { Weight: 50, ServiceSubset: 'v1' },
        { Weight: 50, ServiceSubset: 'v2' },
      ],
    });
    const router = put('service-router', 'payments', {
      Routes: [{ Match: { HTTP: { PathPrefix: '/rates' } }, Destination: { Service: 'rates' } }],
    });
    const dc2: Op = {
      type: 'register',
      dc: 'dc2',
      node: node('far', { Datacenter: 'dc2' }),
      services: [service('payments', { Node: 'far' })],
      checks: [],
    };
    const { services, edges: found } = topology(snapshotOf(web, payments, dc2, http, resolver, splitter, router));
    expect(
      found.map(({ destination, destinationDatacenter, subsets, expects }) => [destination, destinationDatacenter, subsets, expects]),
    ).toEqual([
      ['payments', 'dc1', ['v1', 'v2'], [id('payments')]],
      ['rates', 'dc1', [''], [id('rates')]],
      ['payments', 'dc2', ['v1'], [id('payments', 'dc2')]],
    ]);
    expect(found[2]).toMatchObject({ upstream: 'payments', tls: 'mutual' });
    // Nobody has registered rates; it is shown, for something leads there.
    expect(services).toContainEqual({ name: 'rates', datacenter: 'dc1', kind: 'service', protocol: 'http', instances: [] });
  });

  it('joins the edges of several instances', () => {
    const second = register('n3', [service('web', { Node: 'n3' }), sidecar('web', [upstream('payments', 9099)], { Node: 'n3' })]);
    expect(edges([web, second, payments])).toMatchObject([{ listens: ['127.0.0.1:9091', '127.0.0.1:9099'] }]);
  });

  it('shows gateways, what they lead to, and services outside of the mesh', () => {
    const gateway = (Kind: string, name: string) => register('n1', [service(name, { Kind, Port: 8443 })]);
    const { services, edges: found } = topology(
      snapshotOf(
        register('n1', [service('web', { Port: 9090 }), sidecar('web', [upstream('legacy', 9091)])]),
        gateway('ingress-gateway', 'front'),
        gateway('terminating-gateway', 'exit'),
        register('outside', [service('legacy', { Node: 'outside' }), service('plain', { Node: 'outside' })]),
        put('ingress-gateway', 'front', { Listeners: [{ Port: 8080, Protocol: 'tcp', Services: [{ Name: 'web' }] }] }),
        put('terminating-gateway', 'exit', { Services: [{ Name: 'legacy', CAFile: '/etc/ca.pem' }, { Name: 'unseen' }] }),
        put('service-intentions', 'legacy', { Sources: [{ Name: 'web', Action: 'deny' }] }),
      ),
    );
    expect(services.map(({ name, kind }) => [name, kind])).toEqual([
      ['exit', 'terminating-gateway'],
      ['front', 'ingress-gateway'],
      ['legacy', 'external'],
      ['plain', 'service'],
      ['unseen', 'external'],
      ['web', 'service'],
    ]);
    expect(found).toMatchObject([
      { source: 'exit', destination: 'legacy', listens: [], expects: [], intention: 'allow', tls: 'originated' },
      { source: 'exit', destination: 'unseen' },
      { source: 'front', destination: 'web', upstream: 'tcp:8080', listens: [], intention: 'allow', tls: 'mutual', identity: id('front') },
      {
        source: 'web',
        destination: 'legacy',
        listens: ['127.0.0.1:9091'],
        expects: [id('legacy')],
        intention: 'deny',
        rule: 'intention deny web => legacy (precedence 9)',
        tls: 'mutual',
        tlsVersion: '1.3',
      },
    ]);
    expect(found[1]).not.toHaveProperty('tls');
  });
});
