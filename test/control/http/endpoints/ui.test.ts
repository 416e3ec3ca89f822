import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webAndPayments } from '../../harness.ts';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
  await api.plane.commit(webAndPayments);
  const entry = { Kind: 'service-defaults', Name: '<b>', Protocol: 'http' };
  expect((await api.call('/v1/config', { method: 'PUT', body: entry })).status).toBe(200);
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the page without scripts', () => {
  it('is where Consul has its UI in a control plane without a dashboard', async () => {
    expect(await api.call('/ui')).toMatchObject({ status: 301, headers: { location: '/ui/' } });
    for (const path of ['/ui/', '/ui/plain', '/ui/dc1/services']) {
      const { status, headers, text } = await api.call(path);
      expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toContain('<h1>Datacenter dc1</h1>');
    }
    expect((await api.call('/ui/', { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });

  it('shows services with their health, nodes and entries, with links to the API', async () => {
    const { text } = await api.call('/ui/plain');
    expect(text).toMatch(
      /<a href="\/v1\/health\/service\/payments\?pretty&amp;dc=dc1">payments<\/a>.*<span class="(?:passing|warning|critical)">/,
    );
    expect(text).toContain('<code>web-vm</code>');
    expect(text).toContain('<a href="/v1/config/service-defaults/%3Cb%3E?pretty&amp;dc=dc1">&lt;b&gt;</a>');
    expect((await api.call('/v1/health/service/payments?pretty&dc=dc1')).status).toBe(200);
  });

  it('runs nothing: names are text, and the policy allows only its style', async () => {
    const { text, headers } = await api.call('/ui/plain');
    expect(text).not.toMatch(/<script|<b>/);
    const style = /<style>([\s\S]*)<\/style>/.exec(text)![1]!;
    expect(headers['content-security-policy']).toContain(`style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
  });
});
