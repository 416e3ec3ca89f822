import { describe, expect, it } from 'vitest';
import {
  check as checkOf,
  datacenterNames,
  entry as entryOf,
  node as nodeOf,
  serviceById,
  serviceInstances,
} from '../../src/catalog/queries.ts';
import { emptySnapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import { check, drop, node, play, put, register, service, sidecar, snapshotOf } from './registrations.ts';

describe('register', () => {
  it('stamps what is new, and raises the index once for all of it', () => {
    const { snapshot, changed } = play([register('n1', [service('web')], [check('c', { ServiceID: 'web' })])]);
    expect(snapshot.index).toBe(1);
    expect(serviceById(snapshot, 'dc1', 'n1', 'web')).toMatchObject({ CreateIndex: 1, ModifyIndex: 1 });
    expect(checkOf(snapshot, 'dc1', 'n1', 'c')).toMatchObject({ ServiceName: 'web', CreateIndex: 1 });
    expect([...changed].sort()).toEqual(['dc1/node-row/n1', 'dc1/node/n1', 'dc1/service/web']);
  });

  it('keeps the snapshot itself when nothing is new', () => {
    const before = snapshotOf(register('n1', [service('web')]));
    const again = transact(before, register('n1', [service('web')]));
    expect(again).toEqual({ snapshot: before, changed: new Set(), applied: true });
    expect(again.snapshot).toBe(before);
  });

  it('touches every service of a node whose address changes, and no other', () => {
    const before = snapshotOf(register('n1', [service('web'), sidecar('web')]), register('n2', [service('db', { Node: 'n2' })]));
    const { changed, snapshot } = transact(before, { type: 'register', dc: 'dc1', node: node('n1', { Address: '127.5.0.1' }) });
    expect([...changed].sort()).toEqual([
      'dc1/connect/web',
      'dc1/node-row/n1',
      'dc1/node/n1',
      'dc1/service/web',
      'dc1/service/web-sidecar-proxy',
    ]);
    expect(nodeOf(snapshot, 'dc1', 'n1')).toMatchObject({ Address: '127.5.0.1', CreateIndex: 1, ModifyIndex: 3 });
  });

  it('touches both names when an id gets another service', () => {
    const before = snapshotOf(register('n1', [service('web', { ID: 'x' })]));
    const { changed, snapshot } = transact(before, register('n1', [service('api', { ID: 'x' })]));
    expect(changed).toContain('dc1/service/web');
    expect(changed).toContain('dc1/service/api');
    expect(serviceInstances(snapshot, 'dc1', 'web').value).toEqual([]);
  });

  it('refuses a check of a service that is not there, whole', () => {
    const { snapshot, applied } = play([register('n1', [], [check('c', { ServiceID: 'web' })])]);
    expect([applied, snapshot.index, nodeOf(snapshot, 'dc1', 'n1')]).toEqual([false, 0, undefined]);
  });
});

describe('deregister', () => {
  const full = snapshotOf(register('n1', [service('web'), service('api')], [check('c', { ServiceID: 'web' }), check('n')]));
  const gone = (over: object) => transact(full, { type: 'deregister', dc: 'dc1', node: 'n1', ...over });

  it('takes the checks of a service along', () => {
    const { snapshot, changed } = gone({ serviceId: 'web' });
    expect(checkOf(snapshot, 'dc1', 'n1', 'c')).toBeUndefined();
    expect(checkOf(snapshot, 'dc1', 'n1', 'n')).toBeDefined();
    expect([...changed].sort()).toEqual(['dc1/node/n1', 'dc1/service/web']);
  });

  it('takes everything of a node along', () => {
    const { snapshot, changed } = gone({});
    expect(snapshot.datacenters.get('dc1')).toMatchObject({
      nodes: { size: 0 },
      services: { size: 0 },
      checks: { size: 0 },
      checksByInstance: { size: 0 },
    });
    expect([...changed].sort()).toEqual(['dc1/node-row/n1', 'dc1/node/n1', 'dc1/service/api', 'dc1/service/web']);
  });

  it('succeeds for what is not there', () => {
    expect(gone({ serviceId: 'nope' })).toMatchObject({ applied: true, snapshot: full });
  });
});

describe('check-status', () => {
  const before = snapshotOf(register('n1', [service('web'), sidecar('web')], [check('c', { ServiceID: 'web-sidecar-proxy' }), check('n')]));
  const report = (checkId: string, status: 'passing' | 'critical') =>
    transact(before, { type: 'check-status', dc: 'dc1', node: 'n1', checkId, status, output: '' });

  it('concerns the service of the check, or all of the node', () => {
    expect([...report('c', 'critical').changed].sort()).toEqual(['dc1/connect/web', 'dc1/node/n1', 'dc1/service/web-sidecar-proxy']);
    expect(report('n', 'critical').changed).toContain('dc1/service/web');
  });

  it('changes nothing when it says the same, and does not apply to what is not there', () => {
    expect(report('c', 'passing')).toMatchObject({ applied: true, snapshot: before });
    expect(report('nope', 'critical').applied).toBe(false);
  });
});

describe('entries', () => {
  const http = put('service-defaults', 'web', { Protocol: 'http' });
  const before = snapshotOf(http);

  it('keeps CreateIndex, and all indexes when nothing changes', () => {
    expect(transact(before, http).snapshot).toBe(before);
    const { snapshot, changed } = transact(before, put('service-defaults', 'web', { Protocol: 'grpc' }));
    expect(entryOf(snapshot, 'dc1', 'service-defaults', 'web').value).toMatchObject({ Protocol: 'grpc', CreateIndex: 1, ModifyIndex: 2 });
    expect([...changed]).toEqual(['dc1/config/service-defaults/web']);
  });

  it.each([
    [0, false],
    [1, true],
    [2, false],
  ])('check-and-set with %i on an entry of index 1: %s', (cas, applied) => {
    expect(transact(before, put('service-defaults', 'web', { Protocol: 'grpc' }, cas)).applied).toBe(applied);
    expect(transact(before, { ...drop('service-defaults', 'web'), cas }).applied).toBe(applied);
  });

  it('check-and-set with 0 writes what is absent, and deletes nothing', () => {
    expect(transact(before, put('service-defaults', 'new', {}, 0)).applied).toBe(true);
    expect(transact(before, { ...drop('service-defaults', 'nope'), cas: 0 }).applied).toBe(false);
    expect(transact(before, drop('service-defaults', 'nope'))).toMatchObject({ applied: true, snapshot: before });
  });

  it('names intentions by destination, whatever the case', () => {
    const { changed } = transact(before, put('service-intentions', 'Db', { Sources: [{ Name: 'web', Action: 'deny' }] }));
    expect([...changed].sort()).toEqual(['dc1/config/service-intentions/db', 'dc1/intentions/db']);
  });
});

describe('remove-datacenter', () => {
  const remove = { type: 'remove-datacenter', dc: 'dc1' } as const;
  const before = play(
    [
      register('n1', [service('web'), sidecar('web')], [check('c', { ServiceID: 'web' })]),
      put('service-defaults', 'web', { Protocol: 'http' }),
    ],
    emptySnapshot(['dc1', 'dc2']),
  ).snapshot;

  it('takes everything in it along, and tells everybody who looks at it', () => {
    const { snapshot, changed, applied } = transact(before, remove);
    expect([applied, datacenterNames(snapshot), snapshot.index]).toEqual([true, ['dc2'], before.index + 1]);
    expect([...changed].sort()).toEqual([
      'dc1/config/service-defaults/web',
      'dc1/connect/web',
      'dc1/node-row/n1',
      'dc1/node/n1',
      'dc1/service/web',
      'dc1/service/web-sidecar-proxy',
    ]);
  });

  it('removes one that is empty, and finds nothing to do without one', () => {
    const empty = transact(before, { ...remove, dc: 'dc2' });
    expect([datacenterNames(empty.snapshot), empty.snapshot.index]).toEqual([['dc1'], before.index + 1]);
    expect(transact(empty.snapshot, { ...remove, dc: 'dc2' })).toMatchObject({ applied: true, snapshot: empty.snapshot });
  });

  it('lets it come again, with indexes that never went back', () => {
    const again = transact(transact(before, remove).snapshot, register('n1', [service('api')])).snapshot;
    expect(serviceInstances(again, 'dc1', 'web').value).toEqual([]);
    expect(serviceById(again, 'dc1', 'n1', 'api')).toMatchObject({ CreateIndex: before.index + 2 });
  });
});
