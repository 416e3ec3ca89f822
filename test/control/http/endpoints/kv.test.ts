import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (path: string, body: string | Buffer = 'x') => api.call(`/v1/kv/${path}`, { method: 'PUT', body });
const indexOf = (reply: { headers: Readonly<Record<string, string | undefined>> }): number => Number(reply.headers['x-consul-index']);

describe('values', () => {
  it('are bytes', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, i) => i));
    await put('bytes', bytes);
    const { json } = await api.call('/v1/kv/bytes');
    expect(Buffer.from((json as { Value: string }[])[0]!.Value, 'base64')).toEqual(bytes);
  });

  it('have a limit, which is told with its setting', async () => {
    expect(await put('big', Buffer.alloc(512 * 1024))).toMatchObject({ status: 200, json: true });
    expect(await put('big', Buffer.alloc(600_000))).toMatchObject({
      status: 413,
      text: 'Request body(600000 bytes) too large, max size: 524288 bytes. See https://developer.hashicorp.com/docs/agent/config/config-files#kv_max_value_size.',
    });
  });

  it('have a limit that Consul 1.8 told of elsewhere', async () => {
    await using old = await openTestApi({ compat: '1.8' });
    const { text } = await old.call('/v1/kv/big', { method: 'PUT', body: Buffer.alloc(600_000) });
    expect(text).toContain('max size: 524288 bytes. See https://www.consul.io/docs/agent/options.html#kv_max_value_size.');
  });

  it('of keys that look like code stay data', async () => {
    for (const key of ['__proto__', '<b>&', 'constructor/prototype']) {
      await put(encodeURIComponent(key));
      expect((await api.call(`/v1/kv/${encodeURIComponent(key)}`)).json).toMatchObject([{ Key: key, Value: 'eA==' }]);
    }
    expect((await api.call('/v1/kv/%3Cb%3E%26')).text).toContain('"Key":"\\u003cb\\u003e\\u0026"');
  });

  it('are printed with ?pretty as Consul does', async () => {
    await put('pretty');
    const { text } = await api.call('/v1/kv/pretty?pretty');
    expect(text).toMatch(/^\[\n {4}\{\n {8}"LockIndex": 0,\n {8}"Key": "pretty",\n[\s\S]*\n {4}\}\n\]\n$/);
  });
});

describe('blocking', () => {
  it('on a key is answered when that one changes', async () => {
    const index = indexOf(await put('own').then(() => api.call('/v1/kv/own')));
    const waiting = api.call(`/v1/kv/own?index=${index}`);
    await put('other');
    await put('own', 'y');
    const reply = await waiting;
    expect(reply.json).toMatchObject([{ Value: 'eQ==' }]);
    expect(indexOf(reply)).toBeGreaterThan(index + 1);
  });

  it.each(['nope', 'nope/?recurse', 'nope/?keys'])('on %s, which is not there, is answered when it is', async (path) => {
    const key = path.replace(/\?.*/, '');
    const absent = await api.call(`/v1/kv/${path}`);
    expect(absent).toMatchObject({ status: 404, text: '' });
    expect(absent.headers).not.toHaveProperty('content-type');
    const separator = path.includes('?') ? '&' : '?';
    const waiting = api.call(`/v1/kv/${path}${separator}index=${indexOf(absent)}`);
    await put('unrelated', path);
    await put(`${key}${key.endsWith('/') ? 'x' : ''}`);
    expect((await waiting).status).toBe(200);
    await api.call(`/v1/kv/${key}?recurse`, { method: 'DELETE' });
  });

  it('on a key is answered when it is deleted', async () => {
    await put('doomed');
    const waiting = api.call(`/v1/kv/doomed?index=${indexOf(await api.call('/v1/kv/doomed'))}`);
    await api.call('/v1/kv/doomed', { method: 'DELETE' });
    expect(await waiting).toMatchObject({ status: 404 });
  });

  it('gives up after its wait with the index it had', async () => {
    const index = indexOf(await api.call('/v1/kv/never'));
    const waiting = api.call(`/v1/kv/never?index=${index}&wait=20ms`);
    await put('meanwhile');
    const reply = await waiting;
    expect([reply.status, indexOf(reply)]).toEqual([404, index]);
  });
});

it('says how flags conflict, with a line break as newer Consuls do', async () => {
  expect((await put('a?cas=1&acquire=x%20*')).text).toBe('Conflicting flags: acquire=x+%2A&cas=1\n');
});
