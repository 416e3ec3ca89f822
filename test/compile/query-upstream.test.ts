import { describe, expect, it } from 'vitest';
import type { ServiceQuery } from '../../src/catalog/prepared-queries.ts';
import { emptySnapshot, type Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { affectedProxies } from '../../src/compile/affected.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import type { ProxyConfig } from '../../src/compile/proxy-config.ts';
import { check, node, play, putQuery, register, sidecar, upstream } from '../catalog/registrations.ts';

const WEB = 'dc1/n1/web-sidecar-proxy';
const web = (over: object = {}): Op =>
  register('n1', [sidecar('web', [upstream('near', 9091, { DestinationType: 'prepared_query', ...over })])]);
const payments = (id: string, dc = 'dc1', status: 'passing' | 'critical' = 'passing'): Op => ({
  type: 'register',
  dc,
  node: node(id),
  services: [sidecar('payments', [], { Node: id })],
  checks: [check('c', { Node: id, ServiceID: 'payments-sidecar-proxy', Status: status })],
});
const snapshot = (...ops: Op[]): Snapshot => play(ops, emptySnapshot(['dc1', 'dc2'])).snapshot;
function build(s: Snapshot): ProxyConfig {
  const built = buildProxyConfig(s, WEB, { trustDomain: 'x.consul', extraLoopback: false });
  if (!built.ok) throw new Error(built.error.map(({ summary }) => summary).join('; '));
  return built.value;
}
const near = (over: Partial<ServiceQuery> = {}) => putQuery('near', { Service: 'payments', ...over });

describe('an upstream that is a prepared query', () => {
  it('leads to what the query finds, by its own name', () => {
    const { outbound, clusters } = build(snapshot(web(), near(), payments('p2'), payments('p1'), payments('p3', 'dc1', 'critical')));
    expect(outbound).toMatchObject([
      { name: 'prepared_query:near', protocol: 'tcp', routes: [{ splits: [{ cluster: 'prepared_query:near' }] }] },
    ]);
    expect(clusters['prepared_query:near']).toMatchObject({
      service: 'payments',
      sni: 'near.default.dc1.query.x.consul',
      identities: ['spiffe://x.consul/ns/default/dc/dc1/svc/payments'],
      connectTimeoutMs: 5_000,
      endpoints: [{ id: 'p1/payments-sidecar-proxy' }, { id: 'p2/payments-sidecar-proxy' }],
    });
  });

  it('speaks what the upstream says', () => {
    const config = { Config: { protocol: 'http', connect_timeout_ms: 70, limits: { max_connections: 2 } } };
    const { outbound, clusters } = build(snapshot(web(config), near(), payments('p1')));
    expect(outbound[0]!.protocol).toBe('http');
    expect(clusters['prepared_query:near']).toMatchObject({ connectTimeoutMs: 70, limits: { maxConnections: 2 } });
  });

  it('follows its failover into another datacenter, whose identity is expected there', () => {
    const failover = near({ Failover: { NearestN: 0, Datacenters: ['dc2'] } });
    const { clusters } = build(snapshot(web(), failover, payments('p1', 'dc1', 'critical'), payments('q1', 'dc2')));
    expect(clusters['prepared_query:near']).toMatchObject({
      datacenter: 'dc2',
      identities: ['spiffe://x.consul/ns/default/dc/dc2/svc/payments'],
      endpoints: [{ id: 'q1/payments-sidecar-proxy' }],
    });
  });

  it('is executed where the upstream says', () => {
    const { outbound, clusters } = build(
      snapshot(web({ Datacenter: 'dc2' }), { ...near(), dc: 'dc2' } as Op, payments('q1', 'dc2'), payments('p1')),
    );
    expect(outbound[0]!.name).toBe('prepared_query:near?dc=dc2');
    expect(clusters['prepared_query:near?dc=dc2']!.endpoints.map(({ id }) => id)).toEqual(['q1/payments-sidecar-proxy']);
  });

  it('that is not there leads nowhere, until it is', () => {
    const before = snapshot(web(), payments('p1'));
    expect(build(before).clusters['prepared_query:near']!.endpoints).toEqual([]);
    const { snapshot: after, changed } = transact(before, near());
    expect(affectedProxies(before, after, changed)).toContain(WEB);
    expect(build(after).clusters['prepared_query:near']!.endpoints).toHaveLength(1);
  });

  it.each<[string, Op]>([
    ['an instance that comes', payments('p2')],
    ['the health of one', payments('p1', 'dc1', 'critical')],
    ['one in the datacenter that it fails over to', payments('q1', 'dc2')],
    ['the query itself', near({ OnlyPassing: true })],
  ])('is looked at again for %s', (_, op) => {
    const before = snapshot(web(), near(), payments('p1'));
    const { snapshot: after, changed } = transact(before, op);
    expect(affectedProxies(before, after, changed)).toContain(WEB);
  });
});
