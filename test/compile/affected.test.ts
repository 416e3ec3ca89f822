import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { affectedProxies } from '../../src/compile/affected.ts';
import { checkEntryChanges } from '../../src/compile/check.ts';
import { buildProxyConfig } from '../../src/compile/proxy.ts';
import { allProxyIds } from '../../src/compile/proxy-id.ts';
import { check, drop, node, put, register, service, sidecar, snapshotOf, upstream } from '../catalog/registrations.ts';

const names = ['a', 'b', 'c'];
const name = fc.constantFrom(...names);
const on = fc.constantFrom('n1', 'n2');
const dc = fc.constantFrom('dc1', 'dc2');
const status = fc.constantFrom('passing' as const, 'warning' as const, 'critical' as const);
const op: fc.Arbitrary<Op> = fc.oneof(
  fc.record({ dc, on, name, up: name, upDc: fc.constantFrom('', 'dc2'), port: fc.constantFrom(1, 2) }).map(
    ({ dc, on, name, up, upDc, port }): Op => ({
      type: 'register',
      dc,
      node: node(on),
      services: [service(name), sidecar(name, [upstream(up, port, { Datacenter: upDc })])],
    }),
  ),
  fc.record({ dc, on, address: fc.constantFrom('127.0.0.1', '127.0.0.2'), status }).map(
    ({ dc, on, address, status }): Op => ({
      type: 'register',
      dc,
      node: node(on, { Address: address }),
      checks: [check('n', { Status: status })],
    }),
  ),
  fc.record({ dc, on, name, status }).map(
    ({ dc, on, name, status }): Op => ({
      type: 'register',
      dc,
      node: node(on),
      checks: [check('c', { ServiceID: `${name}-sidecar-proxy`, Status: status })],
    }),
  ),
  fc.record({ type: fc.constant('deregister' as const), dc, node: on }),
  fc.record({ type: fc.constant('deregister' as const), dc, node: on, serviceId: name.map((n) => `${n}-sidecar-proxy`) }),
  fc
    .record({ dc, name, Protocol: fc.constantFrom('http', ''), copy: fc.constantFrom('', ...names) })
    .map(({ dc, name, Protocol, copy }) => ({
      ...put('service-defaults', name, { Protocol, ...(copy === '' ? {} : { Meta: { 'mesh.mirror/service': copy } }) }),
      dc,
    })),
  fc.record({ dc, name }).map(({ dc, name }) => ({ ...drop('service-defaults', name), dc })),
  fc
    .record({ dc, protocol: fc.constantFrom('http', 'tcp') })
    .map(({ dc, protocol }) => ({ ...put('proxy-defaults', 'global', { Config: { protocol } }), dc })),
  fc.record({ dc, to: fc.constantFrom('*', ...names), Action: fc.constantFrom('allow', 'deny') }).map(({ dc, to, Action }) => ({
    ...put('service-intentions', to, { Sources: [{ Name: 'a', Action }] }),
    dc,
  })),
  fc.record({ dc, to: fc.constantFrom('*', ...names) }).map(({ dc, to }) => ({ ...drop('service-intentions', to), dc })),
  fc.record({ dc, name, to: name, on: name }).map(({ dc, name, to, on }) => ({
    ...put('service-router', name, { Routes: [{ Destination: { Service: to } }, { Destination: { Service: on, ServiceSubset: 'v' } }] }),
    dc,
  })),
  fc.record({ dc, name, to: name }).map(({ dc, name, to }) => ({
    ...put('service-splitter', name, {
      Splits: [
        { Weight: 40, Service: to, ServiceSubset: 'v' },
        { Weight: 60, Service: to },
      ],
    }),
    dc,
  })),
  fc
    .record({
      dc,
      name,
      fields: fc.oneof(
        fc.record({
          Subsets: fc.constantFrom({ v: { OnlyPassing: true } }, { v: { Filter: 'Checks.Status == warning' } }, {}),
          Failover: name.map((Service) => ({ '*': { Service } })),
        }),
        name.map((Service) => ({ Redirect: { Service } })),
      ),
    })
    .map(({ dc, name, fields }) => ({ ...put('service-resolver', name, fields), dc })),
  fc.record({ dc, on, kind: fc.constantFrom('ingress-gateway', 'terminating-gateway', 'api-gateway') }).map(
    ({ dc, on, kind }): Op => ({
      type: 'register',
      dc,
      node: node(on),
      services: [service('g', { Kind: kind }), service('gone')],
    }),
  ),
  fc.record({ dc, status }).map(
    ({ dc, status }): Op => ({
      type: 'register',
      dc,
      node: node('n1'),
      checks: [check('g', { ServiceID: 'g', Status: status })],
    }),
  ),
  fc.record({ dc, to: fc.constantFrom('*', ...names), port: fc.constantFrom(1, 2) }).map(({ dc, to, port }) => ({
    ...put('ingress-gateway', 'g', { Listeners: [{ Port: port, Protocol: 'http', Services: [{ Name: to }] }] }),
    dc,
  })),
  fc
    .record({ dc, to: fc.constantFrom('*', ...names) })
    .map(({ dc, to }) => ({ ...put('terminating-gateway', 'g', { Services: [{ Name: to }] }), dc })),
  fc.record({ dc, kind: fc.constantFrom('ingress-gateway', 'terminating-gateway') }).map(({ dc, kind }) => ({ ...drop(kind, 'g'), dc })),
  fc
    .record({ dc, name, kind: fc.constantFrom('service-router', 'service-splitter', 'service-resolver') })
    .map(({ dc, name, kind }) => ({ ...drop(kind, name), dc })),
);

function hashes(s: Snapshot): Map<string, string> {
  const options = { trustDomain: 'td', extraLoopback: false };
  return new Map(
    allProxyIds(s).map((id) => {
      const built = buildProxyConfig(s, id, options);
      return [id, built.ok ? built.value.hash : 'failed'];
    }),
  );
}

describe('affectedProxies', () => {
  it('names every sidecar and gateway whose configuration really changes, appears or goes', () => {
    fc.assert(
      fc.property(fc.array(op, { minLength: 1, maxLength: 20 }), (ops) => {
        // Requests, so that routers and splitters count, and callers of services that entries can lead elsewhere.
        let s = snapshotOf(
          put('proxy-defaults', 'global', { Config: { protocol: 'http' } }),
          register('n1', [sidecar('a', [upstream('b', 1), upstream('c', 2)])]),
          register('n2', [sidecar('c')]),
        );
        for (const next of ops) {
          const { snapshot, changed } = transact(s, next);
          // What the registry would refuse leaves chains that do not compile, and those never change.
          if ((next.type === 'put-entry' || next.type === 'delete-entry') && checkEntryChanges(s, snapshot, [next]).length > 0) continue;
          const [before, after] = [hashes(s), hashes(snapshot)];
          const affected = affectedProxies(s, snapshot, changed);
          for (const id of new Set([...before.keys(), ...after.keys()])) {
            if (before.get(id) !== after.get(id)) expect([next, [...affected]]).toEqual([next, expect.arrayContaining([id])]);
          }
          s = snapshot;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leaves those alone that look at nothing that changed', () => {
    const s = snapshotOf(register('n1', [sidecar('a', [upstream('b', 1)]), sidecar('b'), sidecar('c')]));
    const having = (op: Op): string[] => {
      const { snapshot, changed } = transact(s, op);
      return [...affectedProxies(s, snapshot, changed)].sort();
    };
    const [a, b] = ['dc1/n1/a-sidecar-proxy', 'dc1/n1/b-sidecar-proxy'];
    expect(having(put('service-defaults', 'b', { Protocol: 'http' }))).toEqual([a, b]);
    expect(having(put('service-defaults', 'x', { Protocol: 'http' }))).toEqual([]);
    expect(having(put('service-router', 'b'))).toEqual([a]);
    expect(having(put('service-resolver', 'c'))).toEqual([]);
    expect(having(put('service-intentions', 'b', { Sources: [{ Name: 'a', Action: 'deny' }] }))).toEqual([b]);
    expect(having(register('n1', [], [check('c', { ServiceID: 'b-sidecar-proxy', Status: 'critical' })]))).toEqual([a, b]);
  });

  it('follows entries from service to service, backwards', () => {
    const s = snapshotOf(
      register('n1', [sidecar('a', [upstream('b', 1)]), sidecar('c')]),
      put('proxy-defaults', 'global', { Config: { protocol: 'http' } }),
      put('service-splitter', 'b', { Splits: [{ Weight: 100, Service: 'x' }] }),
      put('service-resolver', 'x', { Failover: { '*': { Service: 'C' } } }),
    );
    const { snapshot, changed } = transact(s, register('n1', [], [check('c', { ServiceID: 'c-sidecar-proxy', Status: 'critical' })]));
    expect([...affectedProxies(s, snapshot, changed)].sort()).toEqual(['dc1/n1/a-sidecar-proxy', 'dc1/n1/c-sidecar-proxy']);
  });
});
