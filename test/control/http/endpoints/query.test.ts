import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (path: string, body?: object) => api.call(path, { method: 'PUT', ...(body ? { body } : {}) });
const create = async (body: object) => ((await api.call('/v1/query', { method: 'POST', body })).json as { ID: string }).ID;

it('is replaced and deleted by its id', async () => {
  const id = await create({ Name: 'a', Service: { Service: 'web' } });
  expect(await put(`/v1/query/${id}`, { Name: 'b', Service: { Service: 'api' } })).toMatchObject({ status: 200, text: '' });
  expect((await api.call(`/v1/query/${id}`)).json).toMatchObject([{ ID: id, Name: 'b', Service: { Service: 'api', Peer: '' } }]);
  expect(await api.call(`/v1/query/${id}`, { method: 'DELETE' })).toMatchObject({ status: 200, text: '' });
  expect(await api.call('/v1/query/b/execute')).toMatchObject({ status: 404, text: 'Query not found' });
});

it('goes with the session that it is bound to', async () => {
  const { ID } = (await put('/v1/session/create', {})).json as { ID: string };
  const id = await create({ Session: ID, Service: { Service: 'web' } });
  await put(`/v1/session/destroy/${ID}`);
  expect((await api.call(`/v1/query/${id}`)).status).toBe(404);
});

it('wakes who waits for a change of it', async () => {
  const id = await create({ Name: 'watched', Service: { Service: 'web' } });
  const { headers } = await api.call(`/v1/query/${id}`);
  const waiting = api.call(`/v1/query/${id}?index=${headers['x-consul-index']}`);
  await create({ Name: 'other', Service: { Service: 'web' } });
  await put(`/v1/query/${id}`, { Name: 'watched', Service: { Service: 'api' } });
  expect((await waiting).json).toMatchObject([{ Service: { Service: 'api' } }]);
});
