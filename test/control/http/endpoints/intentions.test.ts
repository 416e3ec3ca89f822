import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const BASE = '/v1/connect/intentions';
const exact = (source: string, destination: string) => `${BASE}/exact?source=${source}&destination=${destination}`;
const put = (source: string, destination: string, body: string | object) => api.call(exact(source, destination), { method: 'PUT', body });
const create = (body: string | object) => api.call(BASE, { method: 'POST', body });

async function seed(): Promise<void> {
  await put('web', 'db', { Action: 'deny' });
  await put('*', 'db', { Action: 'deny' });
  await put('web', '*', { Action: 'allow' });
}

const pairs = (json: unknown): string[] =>
  (json as { SourceName: string; DestinationName: string; Action: string }[]).map(
    (one) => `${one.SourceName} => ${one.DestinationName} (${one.Action})`,
  );

describe('exact', () => {
  it('writes, reads, replaces and deletes', async () => {
    expect((await put('web', 'db', { Action: 'deny', Description: 'no' })).json).toBe(true);
    expect((await put('web', 'db', { Action: 'allow' })).json).toBe(true);
    const reply = await api.call(exact('web', 'db'));
    expect(reply.json).toEqual({
      SourceNS: 'default',
      SourceName: 'web',
      DestinationNS: 'default',
      DestinationName: 'db',
      SourceType: 'consul',
      Action: 'allow',
      Precedence: 9,
      CreateIndex: 3,
      ModifyIndex: 4,
    });
    expect((await api.call(exact('default/web', 'default/default/db'))).json).toEqual(reply.json);
    expect((await api.call(exact('web', 'db'), { method: 'DELETE' })).json).toBe(true);
    expect((await api.call(exact('web', 'db'), { method: 'DELETE' })).json).toBe(true);
    expect(await api.call(exact('web', 'db'))).toMatchObject({ status: 404, text: 'Intention not found' });
    expect((await api.call('/v1/config/service-intentions')).json).toEqual([]);
  });

  it('says beside the answer what does not decide', async () => {
    expect((await put('*', 'db', { Action: 'allow' })).headers).not.toHaveProperty('x-mesh-cautions');
    const { json, headers } = await put('web', '*', { Action: 'deny' });
    expect([json, headers['x-mesh-cautions']]).toEqual([true, expect.stringContaining('web => * (deny, precedence 6) never decides')]);
  });

  it('keeps the other sources of a destination', async () => {
    await put('web', 'db', { Action: 'allow' });
    await put('api', 'db', { Action: 'allow' });
    await api.call(exact('web', 'db'), { method: 'DELETE' });
    expect(pairs((await api.call(BASE)).json)).toEqual(['api => db (allow)']);
  });

  it('loses none of many that are written at once', async () => {
    const sources = Array.from({ length: 12 }, (_, i) => `s${i}`);
    await Promise.all(sources.map((source) => put(source, 'db', { Action: 'allow' })));
    expect((await api.call(BASE)).json).toHaveLength(12);
  });

  it.each([
    ['?source=web', 'GET', 500, "required query parameter 'destination' not set"],
    ['?destination=web', 'GET', 500, "required query parameter 'source' not set"],
    ['?source=team/web&destination=db', 'GET', 500, 'source "team/web" is invalid: Namespaces are a Consul Enterprise feature'],
    ['?source=a/b/c/d&destination=db', 'PUT', 500, `source "a/b/c/d" is invalid: input can contain at most two '/'`],
  ])('%s %s', async (query, method, status, text) => {
    expect(await api.call(`${BASE}/exact${query}`, { method, ...(method === 'PUT' ? { body: '{}' } : {}) })).toMatchObject({
      status,
      text,
    });
  });

  it('refuses what the entry would not take', async () => {
    expect(await put('web', 'db', { Action: 'bogus' })).toMatchObject({
      status: 500,
      text: "Sources[0].Action must be set to 'allow' or 'deny'",
    });
    expect(await put('w*', 'db', { Action: 'allow' })).toMatchObject({ status: 500 });
    expect(await put('web', 'db', 'nope')).toMatchObject({
      status: 400,
      text: expect.stringContaining('Request decode failed: ') as string,
    });
    expect(await put('web', 'db', { Action: 'allow', Meta: { a: 'b' } })).toMatchObject({
      status: 500,
      text: expect.stringContaining('Meta must not') as string,
    });
    expect((await api.call(BASE)).json).toEqual([]);
  });
});

describe('the old create', () => {
  it('creates once', async () => {
    const reply = await create({ SourceName: 'web', DestinationName: 'db', Action: 'deny', Meta: { a: 'b' } });
    expect(reply.json).toEqual({ ID: expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/) as string });
    expect((await api.call(exact('web', 'db'))).json).toMatchObject({ Action: 'deny', Meta: { a: 'b' } });
    expect(await create({ SourceName: 'web', DestinationName: 'db', Action: 'allow' })).toMatchObject({
      status: 500,
      text: `duplicate intention found: DENY default/web => default/db (ID: ${(reply.json as { ID: string }).ID}, Precedence: 9)`,
    });
  });

  it('names what is missing', async () => {
    expect(await create({ DestinationName: 'db', Action: 'deny' })).toMatchObject({
      status: 500,
      text: '1 error occurred:\n\t* SourceName must be set\n\n',
    });
  });
});

describe('match and check', () => {
  it('answers in the order in which they decide', async () => {
    await seed();
    expect(pairs((await api.call(BASE)).json)).toEqual(['web => db (deny)', '* => db (deny)', 'web => * (allow)']);
    const by = async (query: string, name: string) =>
      pairs(((await api.call(`${BASE}/match?${query}`)).json as Record<string, unknown>)[name]);
    expect(await by('by=destination&name=db', 'db')).toEqual(['web => db (deny)', '* => db (deny)', 'web => * (allow)']);
    expect(await by('by=source&name=web', 'web')).toEqual(['web => db (deny)', '* => db (deny)', 'web => * (allow)']);
    expect(await by('by=destination&name=other', 'other')).toEqual(['web => * (allow)']);
  });

  it('decides by the first that matches, and allows what none speaks of', async () => {
    await seed();
    const allowed = async (source: string, destination: string) =>
      (await api.call(`${BASE}/check?source=${source}&destination=${destination}`)).json;
    expect(await allowed('web', 'db')).toEqual({ Allowed: false });
    expect(await allowed('zzz', 'db')).toEqual({ Allowed: false });
    expect(await allowed('web', 'other')).toEqual({ Allowed: true });
    expect(await allowed('api', 'other')).toEqual({ Allowed: true });
  });

  it.each([
    ['match?name=web', "required query parameter 'by' not set"],
    ['match?by=bogus&name=web', "'by' parameter must be one of 'source' or 'destination'"],
    ['match?by=source', "required query parameter 'name' not set"],
    ['check?source=api', "required query parameter 'destination' not set"],
  ])('%s', async (path, text) => {
    expect(await api.call(`${BASE}/${path}`)).toMatchObject({ status: 500, text });
  });
});
