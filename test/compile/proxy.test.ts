import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { affectedProxies } from '../../src/compile/affected.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { ProxyConfig } from '../../src/compile/proxy-config.ts';
import { check, node, put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const OPTIONS = { trustDomain: '11111111-2222-3333-4444-555555555555.consul', extraLoopback: true };
const WEB = 'dc1/n1/web-sidecar-proxy';

function build(s: Snapshot, id = WEB, options = OPTIONS): ProxyConfig {
  const result = buildProxyConfig(s, id, options);
  if (!result.ok) throw new Error(result.error.map((d) => d.summary).join('; '));
  return result.value;
}

const golden = (name: string): string => join(import.meta.dirname, `../golden/compile/${name}.out.json`);
const pretty = (config: ProxyConfig): string => `${JSON.stringify(config, undefined, 2)}\n`;

const web = register('n1', [
  service('web', { Port: 9090 }),
  sidecar('web', [upstream('payments', 9091, { LocalBindAddress: '127.5.0.100' })], { Address: '127.5.0.100' }),
]);
const payments = (i: number): Op => ({
  type: 'register',
  dc: 'dc1',
  node: node(`p${i}`, { Address: `127.5.0.${110 + i}` }),
  services: [service('payments', { ID: `payments-${i}`, Port: 9090 }), sidecar('payments', [], { ID: `payments-${i}-sidecar-proxy` })],
  checks: [check('listening', { ServiceID: `payments-${i}-sidecar-proxy`, Status: i === 2 ? 'critical' : 'passing' })],
});

describe('golden configurations', () => {
  const cases: [string, Op[], string][] = [
    ['tcp-upstream', [web, payments(3), payments(1), payments(2)], WEB],
    [
      'http-with-intentions',
      [
        payments(1),
        put('service-defaults', 'payments', { Protocol: 'http', LocalConnectTimeoutMs: 250 }),
        put('service-intentions', 'payments', {
          Sources: [
            { Name: '*', Action: 'deny' },
            { Name: 'web', Action: 'allow' },
            { Name: 'api', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] },
          ],
        }),
        put('service-intentions', '*', { Sources: [{ Name: 'web', Action: 'deny' }] }),
      ],
      'dc1/p1/payments-1-sidecar-proxy',
    ],
    [
      'upstream-overrides',
      [
        payments(1),
        put('proxy-defaults', 'global', { Config: { protocol: 'http', local_connect_timeout_ms: 900 } }),
        put('service-defaults', 'web', {
          Protocol: 'grpc',
          UpstreamConfig: { Defaults: { ConnectTimeoutMs: 700 }, Overrides: [{ Name: 'billing', Protocol: 'grpc' }] },
        }),
        register('n1', [
          sidecar(
            'web',
            [
              upstream('payments', 9091, { Config: { protocol: 'tcp', connect_timeout_ms: '50' } }),
              upstream('payments', 9092, { Datacenter: 'dc2' }),
              upstream('billing', 9093),
            ],
            {},
            { protocol: 'http', local_connect_timeout_ms: 30, bind_address: '0.0.0.0', bind_port: 21001 },
          ),
        ]),
      ],
      WEB,
    ],
  ];

  it.each(cases)('%s', async (name, ops, id) => {
    await expect(pretty(build(snapshotOf(...ops), id))).toMatchFileSnapshot(golden(name));
  });
});

describe('buildProxyConfig', () => {
  const s = snapshotOf(web, payments(1));
  const having = (...ops: Op[]): ProxyConfig => build(ops.reduce((from, op) => transact(from, op).snapshot, s));

  it('has the same hash for the same configuration, however it came about', () => {
    const { hash } = build(s);
    expect(having(payments(3), { type: 'deregister', dc: 'dc1', node: 'p3' }).hash).toBe(hash);
    expect(having(put('service-defaults', 'unrelated', { Protocol: 'http' })).hash).toBe(hash);
    expect(build(snapshotOf(payments(1), web)).hash).toBe(hash);
  });

  it('has another hash when anything in it differs', () => {
    const { hash } = build(s);
    expect(having(put('service-defaults', 'payments', { Protocol: 'http' })).hash).not.toBe(hash);
    expect(having(payments(3)).hash).not.toBe(hash);
    expect(having(put('service-intentions', 'web', { Sources: [{ Name: 'x', Action: 'deny' }] })).hash).not.toBe(hash);
  });

  it('offers upstreams on 127.0.0.1 too only when told, and only once', () => {
    const binds = (extraLoopback: boolean, from = s) =>
      build(from, WEB, { ...OPTIONS, extraLoopback }).outbound[0]!.binds.map((b) => b.address);
    expect([binds(true), binds(false)]).toEqual([['127.5.0.100', '127.0.0.1'], ['127.5.0.100']]);
    expect(binds(true, snapshotOf(register('n1', [sidecar('web', [upstream('payments', 9091)])])))).toEqual(['127.0.0.1']);
  });

  it('says of clusters which are spoken to in HTTP/2', () => {
    const protocolWith = (Protocol: string) => {
      const { clusters, outbound } = having(put('service-defaults', 'payments', { Protocol }));
      return [outbound[0]!.protocol, Object.values(clusters)[0]!.protocol];
    };
    expect(protocolWith('tcp')).toEqual(['tcp', undefined]);
    expect(protocolWith('http')).toEqual(['http', undefined]);
    expect(protocolWith('http2')).toEqual(['http2', 'http2']);
    expect(protocolWith('grpc')).toEqual(['grpc', 'grpc']);
  });

  it('gives an instance with a warning its own weight', () => {
    const heavy = sidecar('payments', [], { ID: 'h', Node: 'p9', Weights: { Passing: 10, Warning: 2 } });
    const op = (Status: 'passing' | 'warning'): Op => ({
      type: 'register',
      dc: 'dc1',
      node: node('p9'),
      services: [heavy],
      checks: [check('c', { ServiceID: 'h', Status })],
    });
    const weight = (config: ProxyConfig) => config.clusters['payments.default.default.dc1']!.endpoints.find((e) => e.id === 'p9/h')?.weight;
    expect([weight(having(op('passing'))), weight(having(op('warning')))]).toEqual([10, 2]);
  });

  it.each([
    ['no such sidecar', 'dc1/n1/nope', [], 'there is no sidecar or gateway "dc1/n1/nope"'],
    ['a plain service', 'dc1/n1/web', [], 'there is no sidecar or gateway "dc1/n1/web"'],
    [
      'a sidecar of nothing',
      WEB,
      [register('n1', [sidecar('', [], { ID: 'web-sidecar-proxy' })])],
      `sidecar "${WEB}" stands for no service`,
    ],
    ['an upstream without a name', WEB, [register('n1', [sidecar('web', [upstream('', 1)])])], 'upstream destination name cannot be empty'],
  ])('fails for %s', (_, id, ops, message) => {
    const snapshot = (ops as Op[]).reduce((from, op) => transact(from, op).snapshot, s);
    const result = buildProxyConfig(snapshot, id, OPTIONS);
    expect(result.ok ? [] : result.error.map((d) => d.summary)).toEqual([message]);
  });
});

describe('an upstream in another datacenter of this agent', () => {
  const PAYMENTS = 'dc2/p1/payments-1-sidecar-proxy';
  const caller = register('n1', [sidecar('web', [upstream('payments', 9091, { Datacenter: 'dc2' })])]);
  const remote = (i: number): Op => ({ ...payments(i), dc: 'dc2' }) as Op;
  const s = snapshotOf(caller, payments(3), remote(1), {
    ...put('proxy-defaults', 'global', { MeshGateway: { Mode: 'local' } }),
    dc: 'dc2',
  } as Op);
  const deny = { ...put('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'deny' }] }), dc: 'dc2' } as Op;

  it('leads to the instances there, directly, and expects their identity', () => {
    const { outbound, clusters } = build(s);
    expect(outbound.map(({ name }) => name)).toEqual(['payments?dc=dc2']);
    expect(Object.values(clusters)).toMatchObject([
      {
        name: 'payments.default.default.dc2',
        datacenter: 'dc2',
        sni: `payments.default.dc2.internal.${OPTIONS.trustDomain}`,
        identities: [`spiffe://${OPTIONS.trustDomain}/ns/default/dc/dc2/svc/payments`],
        endpoints: [{ id: 'p1/payments-1-sidecar-proxy', address: '127.5.0.111' }],
      },
    ]);
    expect(build(s, PAYMENTS).identity).toBe(clusters['payments.default.default.dc2']!.identities[0]);
  });

  it('is allowed or not by the intentions there', () => {
    const before = build(s, PAYMENTS);
    const after = build(transact(s, deny).snapshot, PAYMENTS);
    expect(after.inbound).not.toEqual(before.inbound);
    expect(build(transact(s, deny).snapshot).hash).toBe(build(s).hash);
  });

  it('follows what changes there', () => {
    const step = transact(s, remote(3));
    expect(affectedProxies(s, step.snapshot, step.changed)).toContain(WEB);
    expect(build(step.snapshot).clusters['payments.default.default.dc2']!.endpoints).toHaveLength(2);
    const gone = transact(s, { type: 'remove-datacenter', dc: 'dc2' });
    expect(affectedProxies(s, gone.snapshot, gone.changed)).toContain(WEB);
    expect(build(gone.snapshot).clusters['payments.default.default.dc2']!.endpoints).toEqual([]);
  });
});
