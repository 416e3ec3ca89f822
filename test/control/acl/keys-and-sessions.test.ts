import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACLS_ON, type AclApi, openAclApi } from './acl-api.ts';

const RULES = `
key_prefix "open/" { policy = "write" }
key "open/shut" { policy = "deny" }
key_prefix "read/" { policy = "read" }
session "local" { policy = "write" }
event "deploy" { policy = "write" }
query_prefix "mine" { policy = "write" }
`;

let api: AclApi;
let token: string;
let session: string;
beforeAll(async () => {
  api = await openAclApi();
  token = await api.tokenWith(RULES);
  for (const key of ['open/a', 'open/shut', 'read/b', 'secret/c']) await api.root('PUT', `/v1/kv/${key}`, 'x');
  session = ((await api.root('PUT', '/v1/session/create', {})).json as { ID: string }).ID;
  await api.root('PUT', '/v1/event/fire/other');
  await api.root('POST', '/v1/query', { Name: 'theirs', Service: { Service: 'web' } });
});
afterAll(() => api[Symbol.asyncDispose]());

const put = (Key: string) => ({ KV: { Verb: 'set', Key, Value: 'eA==' } });
const get = (Key: string) => ({ KV: { Verb: 'get', Key } });

describe('what a token may not do', () => {
  it.each<[string, string, (object | string)?]>([
    ['GET', '/v1/kv/secret/c'],
    ['GET', '/v1/kv/open/shut'],
    ['PUT', '/v1/kv/read/b', 'y'],
    ['DELETE', '/v1/kv/read/b'],
    ['DELETE', '/v1/kv/read/?recurse'],
    ['DELETE', '/v1/kv/?recurse'],
    ['DELETE', '/v1/kv/open/?recurse'],
    ['PUT', '/v1/session/create', { Node: 'elsewhere' }],
    ['PUT', '/v1/event/fire/other'],
    ['POST', '/v1/query', { Name: 'theirs-too', Service: { Service: 'web' } }],
    ['PUT', '/v1/coordinate/update', { Node: 'local', Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0] } }],
    ['GET', '/v1/snapshot'],
    ['PUT', '/v1/snapshot', 'x'],
  ])('%s %s', async (method, path, body) => {
    const before = api.plane.snapshot.value;
    const reply = await api.as(token, path, { method, ...(body === undefined ? {} : { body }) });
    expect([reply.status, reply.text]).toEqual([403, expect.stringContaining('Permission denied')]);
    expect(api.plane.snapshot.value).toBe(before);
  });

  it('one step of a transaction', async () => {
    const { status, json } = await api.as(token, '/v1/txn', { method: 'PUT', body: [put('open/new'), put('secret/new')] });
    expect([status, json]).toMatchObject([409, { Errors: [{ OpIndex: 1, What: expect.stringContaining('Permission denied') }] }]);
    expect((await api.root('GET', '/v1/kv/open/new')).status).toBe(404);
  });
});

describe('what it sees', () => {
  it.each<[string, unknown]>([
    ['/v1/kv/?keys', ['open/a', 'read/b']],
    ['/v1/kv/?recurse', [expect.objectContaining({ Key: 'open/a' }), expect.objectContaining({ Key: 'read/b' })]],
    ['/v1/event/list', []],
    ['/v1/query', []],
    ['/v1/session/list', [expect.objectContaining({ Node: 'local' })]],
    ['/v1/coordinate/nodes', []],
  ])('%s', async (path, seen) => {
    expect((await api.as(token, path)).json).toEqual(seen);
  });

  it('is told that there is more', async () => {
    const { headers } = await api.as(token, '/v1/kv/?keys');
    expect(headers['x-consul-results-filtered-by-acls']).toBe('true');
  });

  it('of a transaction what it may read', async () => {
    const { json } = await api.as(token, '/v1/txn', { method: 'PUT', body: [get('read/b'), get('secret/c')] });
    expect(json).toMatchObject({ Results: [{ KV: { Key: 'read/b' } }] });
  });
});

it('may do the rest', async () => {
  expect((await api.as(token, '/v1/kv/open/a', { method: 'PUT', body: 'y' })).json).toBe(true);
  expect((await api.as(token, `/v1/session/renew/${session}`, { method: 'PUT' })).status).toBe(200);
  expect((await api.as(token, '/v1/event/fire/deploy', { method: 'PUT' })).status).toBe(200);
  const { json } = await api.as(token, '/v1/query', {
    method: 'POST',
    body: { Name: 'mine-1', Token: token, Service: { Service: 'web' } },
  });
  const { ID } = json as { ID: string };
  expect((await api.as(token, `/v1/query/${ID}`)).json).toMatchObject([{ Name: 'mine-1', Token: '<hidden>' }]);
  expect((await api.root('GET', `/v1/query/${ID}`)).json).toMatchObject([{ Token: token }]);
});

it('lists keys only with that right where the configuration asks for it', async () => {
  await using strict = await openAclApi({ acl: { ...ACLS_ON, enableKeyListPolicy: true } });
  const reader = await strict.tokenWith('key_prefix "a/" { policy = "read" }');
  const lister = await strict.tokenWith('key_prefix "a/" { policy = "list" }');
  await strict.root('PUT', '/v1/kv/a/1', 'x');
  expect((await strict.as(reader, '/v1/kv/a/?keys')).status).toBe(403);
  expect((await strict.as(reader, '/v1/kv/a/1')).status).toBe(200);
  expect((await strict.as(lister, '/v1/kv/a/?keys')).json).toEqual(['a/1']);
});
