import { afterEach, beforeEach, expect, it } from 'vitest';
import { webAndPayments } from '../../harness.ts';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const put = (path: string, body: string | Buffer | object = '', to: TestApi = api) => to.call(path, { method: 'PUT', body });
const idOf = (reply: { json: unknown }): string => (reply.json as { ID: string }).ID;
const get = async (path: string, from: TestApi = api) => (await from.call(path)).json;
const save = async () => (await api.call('/v1/snapshot')).bytes;
const namesOf = (list: unknown, field = 'Name'): unknown[] => (list as Record<string, unknown>[]).map((row) => row[field]);

/** Some of everything. Answers the id of a session that holds the key `lock`. */
async function fill(): Promise<string> {
  await api.plane.commit(webAndPayments);
  await put('/v1/kv/a/1?flags=18446744073709551615', 'one');
  await put('/v1/kv/a/2', 'two');
  await put('/v1/config', { Kind: 'service-defaults', Name: 'web', Protocol: 'http' });
  await put('/v1/config', { Kind: 'service-router', Name: 'web', Routes: [] });
  await api.call('/v1/query', { method: 'POST', body: { Name: 'q', Service: { Service: 'web' } } });
  const session = idOf(await put('/v1/session/create', {}));
  await put(`/v1/kv/lock?acquire=${session}`, 'held');
  return session;
}

it('is an archive of Consul by its type, with an index', async () => {
  const { status, headers } = await api.call('/v1/snapshot');
  expect([status, headers['content-type'], Number(headers['x-consul-index']) > 0]).toEqual([200, 'application/x-gzip', true]);
});

it('brings back what was deleted and takes away what came later', async () => {
  const session = await fill();
  const saved = await save();
  await api.call('/v1/kv/?recurse', { method: 'DELETE' });
  await put(`/v1/session/destroy/${session}`);
  await put('/v1/kv/later', 'x');
  await put('/v1/catalog/deregister', { Node: 'payments-vm' });
  await put('/v1/catalog/register', { Node: 'later', Address: '127.0.0.9', Service: { Service: 'later' } });
  await api.call('/v1/config/service-router/web', { method: 'DELETE' });
  await put('/v1/config', { Kind: 'service-defaults', Name: 'later', Protocol: 'http' });

  expect(await put('/v1/snapshot', saved)).toMatchObject({ status: 200, text: '' });
  expect(await get('/v1/kv/?keys')).toEqual(['a/1', 'a/2', 'lock']);
  expect((await api.call('/v1/kv/a/1')).text).toContain('"Flags":18446744073709551615,"Value":"b25l"');
  expect(await get('/v1/kv/lock')).toMatchObject([{ Session: session }]);
  expect(namesOf(await get('/v1/session/list'), 'ID')).toEqual([session]);
  expect(namesOf(await get('/v1/catalog/nodes'), 'Node')).toEqual(['local', 'payments-vm', 'web-vm']);
  expect(await get('/v1/health/service/payments')).toMatchObject([{ Service: { Port: 9090 }, Checks: [{ Status: 'passing' }] }]);
  expect(namesOf(await get('/v1/config/service-defaults'))).toEqual(['web']);
  expect(namesOf(await get('/v1/config/service-router'))).toEqual(['web']);
  expect(namesOf(await get('/v1/query'))).toEqual(['q']);
});

it('can be restored in another agent, which keeps its own node and CA', async () => {
  await fill();
  const saved = await save();
  await using other = await openTestApi({ nodeName: 'other' });
  const roots = await get('/v1/connect/ca/roots', other);
  expect((await put('/v1/snapshot', saved, other)).status).toBe(200);
  expect(await get('/v1/kv/a/2', other)).toMatchObject([{ Value: 'dHdv' }]);
  expect(namesOf(await get('/v1/catalog/nodes', other), 'Node')).toEqual(['other', 'payments-vm', 'web-vm']);
  expect(await get('/v1/connect/ca/roots', other)).toEqual(roots);
  // The session was of a node that is not here.
  expect(await get('/v1/session/list', other)).toEqual([]);
  expect(await get('/v1/kv/lock', other)).not.toHaveProperty('[0].Session');
});

it('wakes those whose key it changes, and nobody else', async () => {
  await fill();
  const saved = await save();
  await put('/v1/kv/a/1', 'changed');
  const indexOf = async (path: string) => (await api.call(path)).headers['x-consul-index'];
  const changed = api.call(`/v1/kv/a/1?index=${await indexOf('/v1/kv/a/1')}`);
  const same = api.call(`/v1/kv/a/2?index=${await indexOf('/v1/kv/a/2')}&wait=60s`);
  await put('/v1/snapshot', saved);
  expect((await changed).json).toMatchObject([{ Value: 'b25l' }]);
  await put('/v1/kv/a/2', 'at last');
  expect((await same).json).toMatchObject([{ Value: Buffer.from('at last').toString('base64') }]);
});

it('is there after a restart once it was restored', async () => {
  await fill();
  const saved = await save();
  await api.call('/v1/kv/?recurse', { method: 'DELETE' });
  await put('/v1/snapshot', saved);
  await using again = await openTestApi({ dir: api.dir, nodeName: 'other' });
  expect(await get('/v1/kv/?keys', again)).toEqual(['a/1', 'a/2', 'lock']);
});

it('changes nothing when it is damaged', async () => {
  await fill();
  const saved = await save();
  await put('/v1/kv/a/1', 'changed');
  const before = api.plane.snapshot.value;
  for (const bytes of [Buffer.alloc(0), Buffer.from('no archive'), saved.subarray(0, saved.length / 2)]) {
    expect((await put('/v1/snapshot', bytes)).status).toBe(500);
  }
  expect(api.plane.snapshot.value).toBe(before);
});
