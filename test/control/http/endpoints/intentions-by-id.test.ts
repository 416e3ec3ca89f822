import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeEach(async () => {
  api = await openTestApi();
});
afterEach(() => api[Symbol.asyncDispose]());

const BASE = '/v1/connect/intentions';
const NOBODY = '11111111-1111-1111-1111-111111111111';
const webDb = { SourceName: 'web', DestinationName: 'db', Action: 'allow', Meta: { a: 'b' }, Description: 'why' };
const create = async (body: object = webDb): Promise<string> =>
  ((await api.call(BASE, { method: 'POST', body })).json as { ID: string }).ID;
const get = async (id: string) => (await api.call(`${BASE}/${id}`)).json as Record<string, unknown>;
const put = (id: string, body: string | object) => api.call(`${BASE}/${id}`, { method: 'PUT', body });
const remove = (id: string) => api.call(`${BASE}/${id}`, { method: 'DELETE' });

describe('an intention with an id', () => {
  it('is kept in the config entry of its destination, and read by its id', async () => {
    const id = await create();
    const { index } = api.plane.snapshot.value;
    const now = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d*[1-9])?Z$/) as string;
    const { CreatedAt, Hash } = await get(id);
    expect(await get(id)).toEqual({
      ID: id,
      Description: 'why',
      SourceNS: 'default',
      SourceName: 'web',
      DestinationNS: 'default',
      DestinationName: 'db',
      SourceType: 'consul',
      Action: 'allow',
      Meta: { a: 'b' },
      Precedence: 9,
      CreatedAt: now,
      UpdatedAt: CreatedAt,
      Hash,
      CreateIndex: index,
      ModifyIndex: index,
    });
    const source = { Name: 'web', Action: 'allow', Precedence: 9, Type: 'consul', Description: 'why' };
    const legacy = { LegacyID: id, LegacyMeta: { a: 'b' }, LegacyCreateTime: CreatedAt, LegacyUpdateTime: CreatedAt };
    expect((await api.call('/v1/config/service-intentions/db')).json).toMatchObject({ Sources: [{ ...source, ...legacy }] });
    const exact = await api.call(`${BASE}/exact?source=web&destination=db`);
    expect(exact.json).toEqual(await get(id));
  });

  it('is replaced, keeps its id and the time of its making, and goes', async () => {
    const id = await create();
    const other = await create({ ...webDb, SourceName: 'api' });
    const before = await get(id);
    expect((await put(id, { SourceName: 'web', DestinationName: 'db', Action: 'deny' })).json).toEqual({ ID: id });
    const after = await get(id);
    expect(after).toMatchObject({ Action: 'deny', CreatedAt: before['CreatedAt'], CreateIndex: before['CreateIndex'] });
    expect([after['Description'], after['Meta'], after['Hash'] === before['Hash']]).toEqual([undefined, undefined, false]);
    // Another source is fine; another destination is not, and neither are the names of another one.
    await put(id, { SourceName: 'web2', DestinationName: 'db', Action: 'deny' });
    expect((await get(id))['SourceName']).toBe('web2');
    expect((await api.call(BASE)).json).toHaveLength(2);
    expect((await put(id, { SourceName: 'web2', DestinationName: 'x', Action: 'deny' })).text).toBe(
      'Cannot modify Destination partition/namespace/name for an intention once it exists.',
    );
    expect((await put(id, { ...webDb, SourceName: 'api' })).text).toBe(
      `duplicate intention found: ALLOW default/api => default/db (ID: ${other}, Precedence: 9)`,
    );
    expect((await remove(id)).json).toBe(true);
    expect((await api.call(`${BASE}/${id}`)).status).toBe(404);
    await remove(other);
    expect((await api.call('/v1/config/service-intentions')).json).toEqual([]);
  });

  it('loses its id to who writes it by its names, or writes the entry; the others keep theirs', async () => {
    const id = await create({ SourceName: 'web', DestinationName: 'db', Action: 'allow' });
    const other = await create({ SourceName: 'api', DestinationName: 'db', Action: 'allow' });
    await api.call(`${BASE}/exact?source=web&destination=db`, { method: 'PUT', body: { Action: 'deny' } });
    expect([(await api.call(`${BASE}/${id}`)).status, (await api.call(`${BASE}/${other}`)).status]).toEqual([404, 200]);
    const entry = (await api.call('/v1/config/service-intentions/db')).json as object;
    expect((await api.call('/v1/config', { method: 'PUT', body: entry })).json).toBe(true);
    expect((await api.call(`${BASE}/${other}`)).status).toBe(404);
    expect((await api.call(BASE)).json).toHaveLength(2);
  });

  it('is selected by a filter', async () => {
    await create();
    await create({ SourceName: '*', DestinationName: 'db', Action: 'deny' });
    const found = async (filter: string) =>
      ((await api.call(`${BASE}?filter=${encodeURIComponent(filter)}`)).json as { SourceName: string }[]).map((one) => one.SourceName);
    expect(await found('Action == deny')).toEqual(['*']);
    expect(await found('Meta.a == b and Precedence == 9')).toEqual(['web']);
    expect((await api.call(`${BASE}?filter=Bogus==x`)).text).toBe(
      'Failed to create boolean expression evaluator: Selector "Bogus" is not valid',
    );
  });
});

describe('what is wrong', () => {
  const lookup = 'failed intention lookup: index error:';
  it.each([
    ['GET', 'nope', 400, `${lookup} UUID must be 36 characters`],
    ['GET', '', 400, `${lookup} UUID must be 36 characters`],
    ['GET', `z${NOBODY.slice(1)}`, 400, `${lookup} Invalid UUID: encoding/hex: invalid byte: U+007A 'z'`],
    ['GET', '11111111-1111-1111-1111-1111-1111111', 400, `${lookup} UUID should have maximum of 4 "-"; got 5`],
    ['GET', NOBODY, 404, 'Intention not found'],
    ['PUT', 'nope', 500, `Intention lookup failed: ${lookup} UUID must be 36 characters`],
    ['PUT', NOBODY, 500, `Cannot modify non-existent intention: '${NOBODY}'`],
    ['DELETE', 'nope', 500, `Intention lookup failed: ${lookup} UUID must be 36 characters`],
    ['DELETE', NOBODY, 500, `Cannot delete non-existent intention: '${NOBODY}'`],
  ])('%s %j', async (method, id, status, text) => {
    const reply = await api.call(`${BASE}/${id}`, { method, ...(method === 'PUT' ? { body: webDb } : {}) });
    expect([reply.status, reply.text]).toEqual([status, text]);
  });

  it.each([
    [{ ...webDb, ID: 'x' }, 500, 'ID must be empty when creating a new intention'],
    [{ Action: 'deny' }, 500, '2 errors occurred:\n\t* SourceName must be set\n\t* DestinationName must be set\n\n'],
    [{ ...webDb, Action: 'bogus' }, 500, "1 error occurred:\n\t* Action must be set to 'allow' or 'deny'\n\n"],
    [
      { ...webDb, SourceName: 'w*' },
      500,
      "1 error occurred:\n\t* SourceName: wildcard character '*' cannot be used with partial values\n\n",
    ],
    [{ ...webDb, SourceType: 'x' }, 500, "1 error occurred:\n\t* SourceType must be set to 'consul'\n\n"],
    [{ ...webDb, Description: 'x'.repeat(513) }, 500, '1 error occurred:\n\t* Description exceeds maximum length 512\n\n'],
    [{ ...webDb, SourcePeer: 'p' }, 500, 'SourcePeer field is not supported on this endpoint. Use config entries instead'],
    [{ ...webDb, Permissions: [{}] }, 500, '1 error occurred:\n\t* Permissions must not be set when using the legacy APIs\n\n'],
    [{ Bogus: 'x' }, 500, 'Failed to decode request body: json: unknown field "Bogus"'],
    [
      { SourceName: 5 },
      500,
      'Failed to decode request body: json: cannot unmarshal number into Go struct field .SourceName of type string',
    ],
    ['', 500, 'Failed to decode request body: EOF'],
  ])('POST %o', async (body, status, text) => {
    const reply = await api.call(BASE, { method: 'POST', body });
    expect([reply.status, reply.text]).toEqual([status, text]);
    expect((await api.call(BASE)).json).toEqual([]);
  });

  it('is an intention beside an entry that has Meta of its own', async () => {
    const body = { Kind: 'service-intentions', Name: 'db', Sources: [{ Name: 'api', Action: 'allow' }], Meta: { own: 'yes' } };
    await api.call('/v1/config', { method: 'PUT', body });
    const reply = await api.call(BASE, { method: 'POST', body: webDb });
    expect([reply.status, reply.text]).toEqual([500, 'Meta must be omitted for legacy intention writes']);
  });
});

it('moved to another destination in 1.8, and shows all that it had', async () => {
  await using old = await openTestApi({ compat: '1.8' });
  const call = async (method: string, path: string, body?: object) =>
    (await old.call(`${BASE}${path}`, { method, ...(body ? { body } : {}) })).json;
  const { ID } = (await call('POST', '', webDb)) as { ID: string };
  await call('PUT', '/exact?source=api&destination=db', { Action: 'allow' });
  await call('PUT', `/${ID}`, { SourceName: 'web', DestinationName: 'cache', Action: 'deny' });
  const all = (await call('GET', '')) as Record<string, unknown>[];
  const fields =
    'ID,Description,SourceNS,SourceName,DestinationNS,DestinationName,SourceType,Action,DefaultAddr,DefaultPort,Meta,Precedence,' +
    'CreatedAt,UpdatedAt,Hash,CreateIndex,ModifyIndex';
  expect(all.map((one) => [Object.keys(one).join(), one['SourceName'], one['DestinationName']])).toEqual([
    [fields, 'web', 'cache'],
    [fields, 'api', 'db'],
  ]);
  // What a config entry says has an id here too, made of its names.
  const named = all[1]!['ID'] as string;
  expect(await call('GET', `/${named}`)).toEqual(all[1]);
  expect(await call('DELETE', `/${named}`)).toBe(true);
  expect(await call('GET', '')).toEqual([all[0]]);
});
