import { expect, it, onTestFinished } from 'vitest';
import { Writers } from '../../../src/control/http/writers.ts';
import { openTestApi } from './api.ts';

it.each([
  ['127.0.0.1', true],
  ['::ffff:127.9.9.9', true],
  ['10.1.2.3', false],
  ['::1', true],
  ['fe80::1', false],
  ['', true],
])('%s may write: %s', (address, allowed) => {
  const check = () => new Writers(['127.0.0.0/8', '::1/128']).check(address);
  if (allowed) expect(check).not.toThrow();
  else expect(check).toThrow('Access is restricted');
});

it('a listener with allow_write_http_from and query times', async () => {
  const settings = { writesFrom: ['10.0.0.0/8'], waits: { defaultMs: 5, maxMs: 5 } };
  const api = await openTestApi({ settings });
  onTestFinished(() => api[Symbol.asyncDispose]());
  expect(await api.call('/v1/kv/a', { method: 'PUT', body: '1' })).toMatchObject({ status: 403, text: 'Access is restricted' });
  expect(await api.call('/v1/kv/a')).toMatchObject({ status: 404 });
  expect(await api.call('/v1/nosuch', { method: 'PUT' })).toMatchObject({ status: 404 });
  // Both would wait for minutes otherwise.
  const index = Number((await api.call('/v1/catalog/nodes')).headers['x-consul-index']);
  for (const wait of ['', '&wait=10m']) expect(await api.call(`/v1/catalog/nodes?index=${index}${wait}`)).toMatchObject({ status: 200 });
});
