import { describe, expect, it } from 'vitest';
import { changeKeys, touches } from '../../src/catalog/keys.ts';
import { foldKeys, type KvOp, kvPair, kvTree } from '../../src/catalog/kv.ts';
import { emptySnapshot, type Snapshot, snapshotFromJson, snapshotToJson } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';

const dc = 'dc1';
const kv = (verb: KvOp['verb'], key: string, more: Partial<KvOp> = {}): KvOp => ({ type: 'kv', dc, verb, key, ...more });
const set = (key: string, value = 'eA=='): KvOp => kv('set', key, { value });
const all = (s: Snapshot, ...ops: Op[]): Snapshot => ops.reduce((before, op) => transact(before, op).snapshot, s);
const session = (id: string, behavior: 'release' | 'delete' = 'release'): Op => {
  const row = { Name: '', Node: 'n', LockDelay: 0, Behavior: behavior, TTL: '', NodeChecks: [], ServiceChecks: [] };
  return { type: 'session-create', dc, session: { ID: id, ...row } };
};
const node: Op = {
  type: 'register',
  dc,
  node: { Node: 'n', ID: '', Address: '127.0.0.1', Datacenter: dc, TaggedAddresses: {}, Meta: {} },
};
const A = 'aaaaaaaa-0000-0000-0000-000000000000';
const B = 'bbbbbbbb-0000-0000-0000-000000000000';

describe('index of a key', () => {
  it('is its own, whatever happens to others', () => {
    const s = all(emptySnapshot([dc]), set('a'), set('b'), set('b', 'eQ=='));
    expect([kvPair(s, dc, 'a').index, kvPair(s, dc, 'b').index]).toEqual([1, 3]);
  });

  it('is that of the table when it is absent', () => {
    expect(kvPair(all(emptySnapshot([dc]), set('a'), set('b')), dc, 'nope')).toMatchObject({ value: undefined, index: 2 });
  });

  it('stays when the same is written again', () => {
    const s = all(emptySnapshot([dc]), set('a'));
    expect(transact(s, set('a'))).toMatchObject({ applied: true, snapshot: s });
  });
});

describe('index of a prefix', () => {
  const s = all(emptySnapshot([dc]), set('d/x/1'), set('d/x/2'), set('d/y'), set('e'));

  it('is the highest below it', () => {
    expect([kvTree(s, dc, 'd/x').index, kvTree(s, dc, 'd/').index, kvTree(s, dc, '').index]).toEqual([2, 3, 4]);
  });

  it('rises when a key below it goes, alone or with others', () => {
    expect(kvTree(all(s, kv('delete', 'd/x/1')), dc, 'd/').index).toBe(5);
    expect(kvTree(all(s, kv('delete-tree', 'd/x')), dc, 'd/').index).toBe(5);
    expect(kvTree(all(s, kv('delete-tree', 'd/x')), dc, 'd/x').index).toBe(5);
    expect(kvTree(all(s, kv('delete', 'e')), dc, 'd/').index).toBe(3);
  });

  it('does not go back when deletions are forgotten, which they are before there are too many', () => {
    let many = s;
    for (let i = 0; i < 20_000; i++) many = all(many, set(`t/${i}`), kv('delete', `t/${i}`));
    expect(many.datacenters.get(dc)!.tombstones.size).toBeLessThan(16_385);
    expect(kvTree(many, dc, 'd/').index).toBeGreaterThan(16_384);
    expect(kvTree(many, dc, 'd/').index).toBeLessThanOrEqual(many.index);
  });

  it('has no tombstone left where a key is again', () => {
    expect(all(s, kv('delete', 'e'), set('e')).datacenters.get(dc)!.tombstones.size).toBe(0);
  });
});

describe('whom a write wakes', () => {
  const changed = transact(emptySnapshot([dc]), set('a/b/c')).changed;
  it.each([
    ['a/b/c', true],
    ['a/b/', true],
    ['a/b/x', true],
    ['a', true],
    ['', true],
    ['b/', false],
    ['a/c/', false],
  ])('watchers of the prefix %j: %s', (prefix, wakes) => {
    expect(touches(changed, [changeKeys.kvPrefix(dc, prefix)])).toBe(wakes);
  });

  it('of single keys only those of this one', () => {
    expect([changeKeys.kv(dc, 'a/b/c'), changeKeys.kv(dc, 'a/b/d')].map((key) => touches(changed, [key]))).toEqual([true, false]);
  });
});

describe('locks', () => {
  const s = all(emptySnapshot([dc]), node, session(A), session(B, 'delete'));
  const held = all(s, kv('lock', 'k', { session: A, value: 'MQ==' }));
  const pair = (of: Snapshot) => {
    const { CreateIndex: _, ModifyIndex: __, ...rest } = kvPair(of, dc, 'k').value!;
    return rest;
  };

  it('belong to one session', () => {
    expect(pair(held)).toEqual({ Key: 'k', Value: 'MQ==', Flags: '0', LockIndex: 1, Session: A });
    expect(transact(held, kv('lock', 'k', { session: B })).applied).toBe(false);
    expect(pair(all(held, kv('lock', 'k', { session: A, value: 'Mg==' })))).toMatchObject({ LockIndex: 1, Value: 'Mg==' });
    expect(transact(held, kv('unlock', 'k', { session: B })).applied).toBe(false);
  });

  it('count how often they were taken', () => {
    const free = all(held, kv('unlock', 'k', { session: A }));
    expect(pair(free)).toEqual({ Key: 'k', Value: '', Flags: '0', LockIndex: 1 });
    expect(pair(all(free, kv('lock', 'k', { session: B })))).toMatchObject({ LockIndex: 2, Session: B });
  });

  it('need a session that is there', () => {
    const refused = transact(emptySnapshot([dc]), kv('lock', 'k', { session: A }));
    expect(refused).toMatchObject({ applied: false, outcome: { error: `invalid session "${A}"` } });
  });

  it('go with the session, which keeps or deletes its keys', () => {
    const ended = transact(held, { type: 'session-destroy', dc, id: A });
    expect(pair(ended.snapshot)).toEqual({ Key: 'k', Value: 'MQ==', Flags: '0', LockIndex: 1 });
    expect([...ended.changed].sort()).toEqual(['dc1/kv/k', `dc1/session/n/${A}`]);
    const deleting = all(s, kv('lock', 'k', { session: B }), { type: 'session-destroy', dc, id: B });
    expect(kvPair(deleting, dc, 'k').value).toBeUndefined();
    expect(deleting.datacenters.get(dc)!.locks.size).toBe(0);
  });

  it('go with the node', () => {
    const gone = all(held, { type: 'deregister', dc, node: 'n' });
    expect(pair(gone)).toMatchObject({ LockIndex: 1 });
    expect(gone.datacenters.get(dc)!.sessions.size).toBe(0);
  });

  it('are there again after a restart', () => {
    const again = snapshotFromJson(JSON.parse(JSON.stringify(snapshotToJson(held))));
    expect(pair(all(again, { type: 'session-destroy', dc, id: A }))).not.toHaveProperty('Session');
  });
});

describe('sessions and checks', () => {
  const check = { Node: 'n', CheckID: 'c', Name: '', Notes: '', Output: '', ServiceID: '', ServiceName: '', Type: '' };
  const healthy = all(emptySnapshot([dc]), { ...node, checks: [{ ...check, Status: 'passing' }] } as Op);
  const made = all(healthy, {
    type: 'session-create',
    dc,
    session: { ID: A, Name: '', Node: 'n', LockDelay: 0, Behavior: 'release', TTL: '', NodeChecks: [], ServiceChecks: [{ ID: 'c' }] },
  });
  const critical: Op = { type: 'check-status', dc, node: 'n', checkId: 'c', status: 'critical', output: '' };
  const alive = (s: Snapshot): boolean => s.datacenters.get(dc)!.sessions.has(A);

  it('end when one of theirs is critical or gone, not when it warns', () => {
    expect(alive(made)).toBe(true);
    expect(alive(all(made, { ...critical, status: 'warning' }))).toBe(true);
    expect(alive(all(made, critical))).toBe(false);
    expect(alive(all(made, { type: 'deregister', dc, node: 'n', checkId: 'c' }))).toBe(false);
  });

  it('are not made on one that is critical', () => {
    const refused = transact(all(healthy, critical), {
      type: 'session-create',
      dc,
      session: { ID: A, Name: '', Node: 'n', LockDelay: 0, Behavior: 'release', TTL: '', NodeChecks: ['c'], ServiceChecks: [] },
    });
    expect(refused).toMatchObject({ applied: false, outcome: { error: "Check 'c' is in critical state" } });
  });
});

describe('foldKeys', () => {
  it.each([
    ['', '/', ['a/', 'b']],
    ['a/', '/', ['a/1', 'a/2/']],
    ['a', '/', ['a/']],
    ['a/', '', ['a/1', 'a/2/x', 'a/2/y']],
  ])('below %j by %j', (prefix, separator, folded) => {
    const keys = ['a/1', 'a/2/x', 'a/2/y', 'b'].filter((key) => key.startsWith(prefix));
    expect(foldKeys(keys, prefix, separator)).toEqual(folded);
  });
});
