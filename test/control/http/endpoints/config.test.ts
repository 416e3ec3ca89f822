import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (body: string | object, query = '') => api.call(`/v1/config${query}`, { method: 'PUT', body });
const web = { Kind: 'service-defaults', Name: 'web', Protocol: 'http' };

describe('PUT /v1/config', () => {
  it('writes, and answers whether it did', async () => {
    expect(await put(web)).toMatchObject({ status: 200, json: true });
    expect((await put(web, '?cas=0')).json).toBe(false);
    const { ModifyIndex } = (await api.call('/v1/config/service-defaults/web')).json as { ModifyIndex: number };
    expect((await put({ ...web, Protocol: 'grpc' }, `?cas=${ModifyIndex}`)).json).toBe(true);
  });

  it.each([
    ['xx', 400, "Request decoding failed: invalid character 'x' looking for beginning of value"],
    [{ Kind: 'bogus', Name: 'web' }, 400, 'Request decoding failed: invalid config entry kind: bogus'],
    [{ ...web, Protocl: 'http' }, 400, 'Request decoding failed: 1 error occurred:\n\t* invalid config key "Protocl"\n\n'],
    [{ Name: 'web' }, 400, 'Request decoding failed: Payload does not contain a kind/Kind key at the top level'],
    [{ Kind: 'service-defaults' }, 500, 'Name is required'],
    [{ Kind: 'proxy-defaults', Name: 'other' }, 500, 'invalid name ("other"), only "global" is supported'],
  ])('refuses %j', async (body, status, text) => {
    expect(await put(body)).toMatchObject({ status, text, headers: { 'content-type': 'text/plain; charset=utf-8' } });
  });

  it('passes on what Go says of a bad index', async () => {
    expect(await put(web, '?cas=x')).toMatchObject({ status: 500, text: 'strconv.ParseUint: parsing "x": invalid syntax' });
  });

  it('answers 500 with the contradiction when entries do not fit together', async () => {
    const Sources = [{ Name: 'web', Permissions: [{ Action: 'allow', HTTP: { PathPrefix: '/' } }] }];
    const reply = await put({ Kind: 'service-intentions', Name: 'db', Sources });
    expect([reply.status, reply.text]).toEqual([
      500,
      'service "db" has protocol "tcp", which is incompatible with L7 intentions permissions',
    ]);
  });
});

describe('GET /v1/config', () => {
  it('narrows a list by what is asked of fields of any kind', async () => {
    await put(web);
    await put({ Kind: 'service-splitter', Name: 'web', Splits: [{ Weight: 100 }] });
    await put({ Kind: 'service-defaults', Name: 'old', Meta: { team: 'shop' } });
    const names = async (path: string, filter: string) => {
      const { json, text } = await api.call(`/v1/config/${path}?filter=${encodeURIComponent(filter)}`);
      return json ? (json as { Name: string }[]).map(({ Name }) => Name) : text;
    };
    expect(await names('service-defaults', 'Protocol == http')).toEqual(['web']);
    expect(await names('service-defaults', 'Meta.team == shop')).toEqual(['old']);
    expect(await names('', 'Splits is not empty or Name == old')).toEqual(['old', 'web']);
    expect(await names('service-defaults', 'Nope == 1')).toBe(
      'Failed to create boolean expression evaluator: Selector "Nope" is not valid',
    );
    for (const path of ['service-splitter/web', 'service-defaults/old']) await api.call(`/v1/config/${path}`, { method: 'DELETE' });
  });

  it('reads one in the order of its struct, and lists by kind or all', async () => {
    await put(web);
    const one = await api.call('/v1/config/service-defaults/web');
    expect(one.text).toMatch(
      /^\{"Kind":"service-defaults","Name":"web","Protocol":"http",.*"Hash":[1-9]\d+,"CreateIndex":\d+,"ModifyIndex":\d+\}$/,
    );
    expect(one.headers).toMatchObject({ 'x-consul-knownleader': 'true' });
    expect(one.headers).not.toHaveProperty('x-consul-effective-consistency');
    expect((await api.call('/v1/config/service-defaults')).json).toEqual([one.json]);
    expect((await api.call('/v1/config/')).json).toEqual([one.json]);
    expect((await api.call('/v1/config/service-router')).json).toEqual([]);
  });

  it('names what is not there, with the index to wait at', async () => {
    const reply = await api.call('/v1/config/service-defaults/nope');
    expect([reply.status, reply.text]).toEqual([404, 'Config entry not found for "service-defaults" / "nope"']);
    expect(Number(reply.headers['x-consul-index'])).toBeGreaterThan(1);
    expect(await api.call('/v1/config/bogus')).toMatchObject({ status: 500, text: 'invalid config entry kind: bogus' });
    expect(await api.call('/v1/config/bogus/x')).toMatchObject({ status: 500, text: 'invalid config entry kind: bogus' });
  });
});

describe('DELETE /v1/config', () => {
  const remove = (path: string) => api.call(`/v1/config/${path}`, { method: 'DELETE' });

  it('deletes what is there and what is not', async () => {
    await put(web);
    expect(await remove('service-defaults/web')).toMatchObject({ status: 200, json: {} });
    expect(await remove('service-defaults/web')).toMatchObject({ status: 200, json: {} });
    expect((await api.call('/v1/config/service-defaults/web')).status).toBe(404);
  });

  it('answers whether it did when an index is given', async () => {
    await put(web);
    const { ModifyIndex } = (await api.call('/v1/config/service-defaults/web')).json as { ModifyIndex: number };
    expect((await remove('service-defaults/web?cas=1')).json).toBe(false);
    expect((await remove(`service-defaults/web?cas=${ModifyIndex}`)).json).toBe(true);
  });

  it.each([
    ['service-defaults', 404, 'Must provide both a kind and name to delete'],
    ['bogus/x', 400, 'invalid config entry kind: bogus'],
  ])('refuses %s', async (path, status, text) => {
    expect(await remove(path)).toMatchObject({ status, text });
  });
});
