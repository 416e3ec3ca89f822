import { afterEach, expect, it } from 'vitest';
import { silentLog } from '../../src/base/ports.ts';
import type { Session } from '../../src/catalog/types.ts';
import { SessionTimers } from '../../src/control/sessions.ts';
import { ManualClock } from './harness.ts';
import { openTestApi, type TestApi } from './http/api.ts';

let api: TestApi;
afterEach(() => api[Symbol.asyncDispose]());

async function open(): Promise<ManualClock> {
  const clock = new ManualClock(0);
  api = await openTestApi({ clock });
  return clock;
}

async function create(body: object): Promise<string> {
  return ((await api.call('/v1/session/create', { method: 'PUT', body })).json as { ID: string }).ID;
}

const put = async (path: string) => (await api.call(path, { method: 'PUT', body: 'x' })).json;
const alive = async (): Promise<string[]> => ((await api.call('/v1/session/list')).json as Session[]).map((row) => row.ID);

/** Until the registry is at rest: what the timers began is written. */
const settled = async (): Promise<void> => void (await put('/v1/kv/settled'));

it('ends a session after twice its TTL unless it is renewed', async () => {
  const clock = await open();
  const id = await create({ TTL: '10s' });
  const other = await create({ TTL: '60s' });
  await clock.advanceTo(19_000);
  expect((await api.call(`/v1/session/renew/${id}`, { method: 'PUT' })).json).toMatchObject([{ ID: id }]);
  await clock.advanceTo(21_000);
  await settled();
  expect(await alive()).toEqual([id, other].sort());
  await clock.advanceTo(39_500);
  await settled();
  expect(await alive()).toEqual([other]);
});

it('keeps the keys of a session that has ended from others for its lock-delay', async () => {
  const clock = await open();
  const first = await create({ LockDelay: '5s' });
  const second = await create({});
  expect(await put(`/v1/kv/k?acquire=${first}`)).toBe(true);
  await put(`/v1/session/destroy/${first}`);
  expect(await put(`/v1/kv/k?acquire=${second}`)).toBe(false);
  await clock.advanceTo(4_999);
  expect(await put(`/v1/kv/k?acquire=${second}`)).toBe(false);
  await clock.advanceTo(5_000);
  expect(await put(`/v1/kv/k?acquire=${second}`)).toBe(true);
});

it('does so for nobody who released', async () => {
  await open();
  const first = await create({ LockDelay: '5s' });
  const second = await create({});
  await put(`/v1/kv/k?acquire=${first}`);
  await put(`/v1/kv/k?release=${first}`);
  expect(await put(`/v1/kv/k?acquire=${second}`)).toBe(true);
});

it('begins every TTL anew after a restart', async () => {
  await open();
  const id = await create({ TTL: '10s' });
  const { plane } = api;
  const clock = new ManualClock(1_000_000);
  const timers = new SessionTimers({ clock, log: silentLog, commit: (ops) => plane.commit(ops) }, plane.snapshot.value);
  await clock.advanceTo(1_019_999);
  await settled();
  expect(await alive()).toEqual([id]);
  await clock.advanceTo(1_020_000);
  await settled();
  expect(await alive()).toEqual([]);
  await timers[Symbol.asyncDispose]();
});

it('tries again when the end can not be written', async () => {
  await open();
  await create({ TTL: '10s' });
  const { plane } = api;
  const clock = new ManualClock(0);
  let failures = 1;
  const commit: typeof plane.commit = (ops) => (failures-- > 0 ? Promise.reject(new Error('no space left')) : plane.commit(ops));
  const timers = new SessionTimers({ clock, log: silentLog, commit }, plane.snapshot.value);
  await clock.advanceTo(20_000);
  await settled();
  expect(await alive()).toHaveLength(1);
  await clock.advanceTo(21_000);
  await settled();
  expect(await alive()).toEqual([]);
  await timers[Symbol.asyncDispose]();
});
