import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const txn = (steps: readonly object[]) => api.call('/v1/txn', { method: 'PUT', body: steps });
const set = (Key: string, Value = 'eA==') => ({ KV: { Verb: 'set', Key, Value } });

describe('a transaction', () => {
  it('writes all at one index', async () => {
    const { json, status } = await txn([
      set('t/a'),
      { Node: { Verb: 'set', Node: { Node: 'n', Address: '127.0.0.9' } } },
      { Service: { Verb: 'set', Node: 'n', Service: { Service: 's', Port: 1 } } },
      { Check: { Verb: 'set', Check: { Node: 'n', CheckID: 'c', ServiceID: 's', Status: 'passing' } } },
      set('t/b'),
    ]);
    expect(status).toBe(200);
    const rows = (json as { Results: Record<string, { ModifyIndex: number }>[] }).Results.flatMap((result) => Object.values(result));
    expect(new Set(rows.map((row) => row.ModifyIndex)).size).toBe(1);
    expect(rows).toHaveLength(5);
  });

  it('changes nothing when one step fails, and tells of all that do', async () => {
    const before = api.plane.snapshot.value;
    const reply = await txn([set('u'), { KV: { Verb: 'get', Key: 'no' } }, { KV: { Verb: 'check-not-exists', Key: 'u' } }]);
    expect(reply).toMatchObject({
      status: 409,
      json: {
        Results: null,
        Errors: [
          { OpIndex: 1, What: 'key "no" doesn\'t exist' },
          { OpIndex: 2, What: 'key "u" exists' },
        ],
      },
    });
    expect(api.plane.snapshot.value).toBe(before);
  });

  it('reads what it wrote', async () => {
    const { json } = await txn([set('w', 'eQ=='), { KV: { Verb: 'get', Key: 'w' } }, { KV: { Verb: 'get-or-empty', Key: 'nope' } }]);
    expect(json).toMatchObject({ Results: [{ KV: { Value: null } }, { KV: { Value: 'eQ==' } }, { KV: { Key: 'nope', CreateIndex: 0 } }] });
  });

  it('that only reads writes nothing and says how fresh it is', async () => {
    const before = api.plane.snapshot.value;
    const reply = await txn([{ KV: { Verb: 'get-or-empty', Key: 'nope' } }]);
    expect(reply).toMatchObject({ status: 200, json: { KnownLeader: true }, headers: { 'x-consul-lastcontact': '0' } });
    expect(api.plane.snapshot.value).toBe(before);
  });

  it('keeps flags of 64 bits', async () => {
    const body = '[{"KV":{"Verb":"set","Key":"f","Value":"","Flags":18446744073709551615}}]';
    expect((await api.call('/v1/txn', { method: 'PUT', body })).text).toContain('"Flags":18446744073709551615');
    expect((await api.call('/v1/kv/f')).text).toContain('"Flags":18446744073709551615');
  });

  it('has at most 128 steps', async () => {
    const steps = (count: number) => Array.from({ length: count }, () => ({ KV: { Verb: 'get-or-empty', Key: 'a' } }));
    expect((await txn(steps(128))).status).toBe(200);
    expect(await txn(steps(129))).toMatchObject({ status: 413, text: 'Transaction contains too many operations (129 > 128)' });
  });

  it('wakes who waits for one of its keys', async () => {
    await txn([set('x')]);
    const { headers } = await api.call('/v1/kv/x');
    const waiting = api.call(`/v1/kv/x?index=${headers['x-consul-index']}`);
    await txn([set('other'), set('x', 'eQ==')]);
    expect((await waiting).json).toMatchObject([{ Value: 'eQ==' }]);
  });

  it('does not take a lock in its delay', async () => {
    const session = async (body: object) => ((await api.call('/v1/session/create', { method: 'PUT', body })).json as { ID: string }).ID;
    const [first, second] = [await session({}), await session({})];
    const lock = (Session: string) => txn([{ KV: { Verb: 'lock', Key: 'l', Session } }]);
    expect((await lock(first)).status).toBe(200);
    expect((await lock(second)).json).toMatchObject({ Errors: [{ What: 'failed to lock key "l", lock is already held' }] });
    await api.call(`/v1/session/destroy/${first}`, { method: 'PUT' });
    expect((await lock(second)).json).toMatchObject({ Errors: [{ What: 'failed to lock key "l" due to lock delay' }] });
  });
});
