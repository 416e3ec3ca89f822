import { expect, it } from 'vitest';
import { webAndPayments } from '../../harness.ts';
import { openTestApi } from '../api.ts';

it('shows what is registered where Consul has its UI, without a script, and escapes it', async () => {
  await using api = await openTestApi();
  await api.plane.commit(webAndPayments);
  const entry = { Kind: 'service-defaults', Name: '<b>', Protocol: 'http' };
  expect((await api.call('/v1/config', { method: 'PUT', body: entry })).status).toBe(200);
  expect(await api.call('/ui')).toMatchObject({ status: 301, headers: { location: '/ui/' } });
  for (const path of ['/ui/', '/ui/dc1/services']) {
    const { status, headers, text } = await api.call(path);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toContain('<h1>Datacenter dc1</h1>');
    expect(text).toContain('<td><a href="/v1/health/service/payments?pretty&amp;dc=dc1">payments</a></td><td>1 of 1</td>');
    expect(text).toContain(
      '<td>service-defaults</td><td><a href="/v1/config/service-defaults/%3Cb%3E?pretty&amp;dc=dc1">&lt;b&gt;</a></td>',
    );
    expect(text).not.toMatch(/<script|<b>/);
  }
  expect((await api.call('/v1/health/service/payments?pretty&dc=dc1')).status).toBe(200);
  expect((await api.call('/ui/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
});
