import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DashboardFile } from '../../../../src/control/http/dashboard.ts';
import { openTestApi, type TestApi } from '../api.ts';

const TOKEN = 'a'.repeat(64);
const asFile = (text: string, contentType: string): DashboardFile => ({
  bytes: Buffer.from(text),
  gzipped: Buffer.from(`packed ${text}`),
  contentType,
  etag: '"1"',
});
const FILES: Readonly<Record<string, DashboardFile>> = {
  'index.html': asFile('<!doctype html>', 'text/html; charset=utf-8'),
  'app.js': asFile('run()', 'text/javascript; charset=utf-8'),
};

let api: TestApi;
beforeAll(async () => {
  const settings = { openings: { origins: ['https://own.internal'] } };
  api = await openTestApi({ settings, dashboard: { token: TOKEN, file: (name) => Promise.resolve(FILES[name]) } });
});
afterAll(() => api[Symbol.asyncDispose]());

describe('the dashboard', () => {
  it('has a page, for every path that is no file', async () => {
    for (const path of ['/ui/', '/ui/dc1/services/web', '/ui/../../etc/passwd', '/ui/%2e%2e%2fagent.json']) {
      const { status, headers, text } = await api.call(path);
      if (status === 301) continue;
      expect([path, status, text]).toEqual([path, status === 404 ? 404 : 200, status === 404 ? '' : '<!doctype html>']);
      if (status === 200) expect(headers).toMatchObject({ 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    }
    expect((await api.call('/ui/plain')).text).toContain('<h1>Datacenter dc1</h1>');
  });

  it('may load and ask nobody else, and run nothing that is written into it', async () => {
    const { headers } = await api.call('/ui/');
    expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    const policy = headers['content-security-policy']!;
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });

  it('sends a file packed to those who take that, once for each of its versions', async () => {
    const plain = await api.call('/ui/app.js');
    expect([plain.text, plain.headers['etag'], plain.headers['content-encoding']]).toEqual(['run()', '"1"', undefined]);
    const packed = await api.call('/ui/app.js', { headers: { 'accept-encoding': 'gzip' } });
    expect([packed.text, packed.headers['content-encoding']]).toEqual(['packed run()', 'gzip']);
    const again = await api.call('/ui/app.js', { headers: { 'if-none-match': '"1"', 'accept-encoding': 'gzip' } });
    expect([again.status, again.text]).toEqual([304, '']);
  });
});

describe('writes of web pages', () => {
  const write = async (headers: Record<string, string>, method = 'PUT') => {
    const { status, text } = await api.call('/v1/kv/a', { method, headers, ...(method === 'PUT' ? { body: 'x' } : {}) });
    return status === 200 ? 200 : `${status} ${text}`;
  };
  const refused = '403 web pages may not change anything without the token of this agent: open the dashboard with `mesh ui`';

  it.each([
    ['its origin', { Origin: 'http://ADDRESS' }],
    ['where it was fetched from', { 'Sec-Fetch-Site': 'same-origin' }],
    ['a navigation', { 'Sec-Fetch-Site': 'none' }],
  ])('are known by %s, and need the token', async (_, given) => {
    const headers = Object.fromEntries(Object.entries(given).map(([name, value]) => [name, value.replace('ADDRESS', api.address)]));
    for (const method of ['PUT', 'DELETE']) {
      expect(await write(headers, method)).toBe(refused);
      expect(await write({ ...headers, 'X-Mesh-Ui-Token': TOKEN.slice(1) }, method)).toBe(refused);
      expect(await write({ ...headers, 'X-Mesh-Ui-Token': `${TOKEN.slice(1)}b` }, method)).toBe(refused);
      expect(await write({ ...headers, 'X-Mesh-Ui-Token': TOKEN }, method)).toBe(200);
    }
    expect((await api.call('/v1/status/leader', { headers })).status).toBe(200);
  });

  it('are not what an explanation is: a page that only reads may ask for it, one of another site may not', async () => {
    const ask = (headers: Record<string, string>) =>
      api.call('/v1/mesh/explain', { method: 'POST', headers, body: JSON.stringify({ source: 'web', destination: 'payments' }) });
    const own = await ask({ 'Sec-Fetch-Site': 'same-origin' });
    expect([own.status, own.text]).toEqual([404, expect.stringContaining('web')]);
    expect((await ask({ Origin: 'https://evil.example' })).text).toContain('requests from the web page');
    expect(
      (await api.call('/v1/mesh/config/parse', { method: 'POST', headers: { 'Sec-Fetch-Site': 'same-origin' }, body: '' })).status,
    ).toBe(403);
  });

  it('are refused to other sites even with it', async () => {
    expect(await write({ Origin: 'https://evil.example', 'X-Mesh-Ui-Token': TOKEN })).toContain('requests from the web page');
  });

  it('are as before for programs, and for sites that the user lets in', async () => {
    expect(await write({})).toBe(200);
    expect(await write({ Origin: 'https://own.internal', 'Sec-Fetch-Site': 'cross-site' })).toBe(200);
  });

  it('are refused to all pages where there is no dashboard', async () => {
    await using without = await openTestApi();
    const headers = { 'Sec-Fetch-Site': 'same-origin', 'X-Mesh-Ui-Token': '' };
    expect((await without.call('/v1/kv/a', { method: 'PUT', headers, body: 'x' })).status).toBe(403);
  });
});
