import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const fire = (path: string, body = '') => api.call(`/v1/event/fire/${path}`, { method: 'PUT', body });
const list = (query = '') => api.call(`/v1/event/list${query}`);

it('wakes who waits for another one than the last', async () => {
  await fire('first');
  const { headers } = await list();
  const waiting = list(`?index=${headers['x-consul-index']}`);
  await fire('second', 'hello');
  const { json } = await waiting;
  expect(json).toMatchObject([{ Name: 'first' }, { Name: 'second', Payload: 'aGVsbG8=' }]);
});

it('wakes nobody for an event of another name', async () => {
  await fire('mine');
  const index = (await list('?name=mine')).headers['x-consul-index'];
  const waiting = list(`?name=mine&index=${index}`);
  await fire('other');
  await fire('mine', 'again');
  expect((await waiting).json).toMatchObject([{ Name: 'mine', Payload: null }, { Payload: 'YWdhaW4=' }]);
});

it('answers at once with an index that is not that of the last', async () => {
  expect((await list('?index=12345')).status).toBe(200);
});

it('remembers the last 256', async () => {
  for (let i = 0; i < 260; i++) await fire('many', String(i));
  const { json } = await list('?name=many');
  expect(json).toHaveLength(256);
  expect((json as { Payload: string }[])[0]!.Payload).toBe(Buffer.from('4').toString('base64'));
});

it('refuses what Consul could not send', async () => {
  expect((await fire('foo', 'x'.repeat(410))).status).toBe(200);
  expect(await fire('foo', 'x'.repeat(411))).toMatchObject({
    status: 500,
    text: expect.stringContaining('exceeds configured limit of 512 bytes'),
  });
});
