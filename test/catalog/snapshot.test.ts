import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Datacenter, emptyDatacenter } from '../../src/catalog/datacenter.ts';
import type { OrderedMap } from '../../src/catalog/ordered-map.ts';
import { emptySnapshot, type Snapshot, snapshotFromJson, snapshotToJson } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';
import { check, drop, node, put, service, sidecar, upstream } from './registrations.ts';

const name = fc.constantFrom('web', 'db', 'Api');
const on = fc.constantFrom('n1', 'n2');
const dc = fc.constantFrom('dc1', 'dc2');
const op: fc.Arbitrary<Op> = fc.oneof(
  fc
    .record({ dc, on, name, id: fc.constantFrom('a', 'b'), up: name, status: fc.constantFrom('passing' as const, 'critical' as const) })
    .map(
      ({ dc, on, name, id, up, status }): Op => ({
        type: 'register',
        dc,
        node: node(on),
        services: [service(name, { ID: id }), sidecar(name, [upstream(up, 1)], { ID: `${id}-proxy` })],
        checks: [check('c', { ServiceID: id, Status: status }), check('n')],
      }),
    ),
  fc.record({ type: fc.constant('deregister' as const), dc, node: on }),
  fc.record({ type: fc.constant('deregister' as const), dc, node: on, serviceId: fc.constantFrom('a', 'b', 'a-proxy') }),
  fc.record({ type: fc.constant('deregister' as const), dc, node: on, checkId: fc.constantFrom('c', 'n') }),
  fc
    .record({ dc, name, protocol: fc.constantFrom('http', 'tcp') })
    .map(({ dc, name, protocol }) => ({ ...put('service-defaults', name, { Protocol: protocol }), dc })),
  fc.record({ dc, name }).map(({ dc, name }) => ({ ...drop('service-defaults', name), dc })),
);

const TABLES = Object.keys(emptyDatacenter('x')).filter((key) => key !== 'name') as (keyof Datacenter)[];
const contents = (s: Snapshot) =>
  Array.from(s.datacenters, ([name, d]) => [name, ...TABLES.map((table) => [table, [...(d[table] as OrderedMap<unknown>)]])]);

describe('a snapshot', () => {
  it('survives the disk whole, its secondary indexes in step with its rows', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), (ops) => {
        let s = emptySnapshot(['dc1']);
        for (const next of ops) s = transact(s, next).snapshot;
        const back = snapshotFromJson(JSON.parse(JSON.stringify(snapshotToJson(s))));
        expect(back.index).toBe(s.index);
        expect(contents(back)).toEqual(contents(s));
      }),
    );
  });

  it('is not changed by what comes after it', () => {
    fc.assert(
      fc.property(fc.array(op, { minLength: 1, maxLength: 15 }), (ops) => {
        let s = emptySnapshot(['dc1']);
        const seen: [Snapshot, unknown][] = [];
        for (const next of ops) {
          seen.push([s, contents(s)]);
          s = transact(s, next).snapshot;
        }
        for (const [old, content] of seen) expect(contents(old)).toEqual(content);
      }),
    );
  });

  it('has an index that rises exactly when something changes', () => {
    fc.assert(
      fc.property(fc.array(op, { maxLength: 25 }), (ops) => {
        let s = emptySnapshot(['dc1']);
        for (const next of ops) {
          const { snapshot, changed } = transact(s, next);
          expect(snapshot.index - s.index).toBe(changed.size > 0 ? 1 : 0);
          s = snapshot;
        }
      }),
    );
  });
});
