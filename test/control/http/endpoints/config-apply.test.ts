import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../api.ts';

let api: TestApi;
beforeAll(async () => {
  api = await openTestApi();
});
afterAll(() => api[Symbol.asyncDispose]());

const apply = (Entries: readonly object[], more: object = {}) =>
  api.call('/v1/config/apply', { method: 'PUT', body: { Entries, ...more } });
interface Change {
  readonly Action: string;
  readonly Kind: string;
  readonly Name: string;
  readonly Before?: object;
  readonly After?: object;
}
const changes = async (reply: ReturnType<typeof apply>): Promise<string[]> => {
  const { status, json, text } = await reply;
  if (status !== 200) return [`${status} ${text}`];
  return (json as { Changes: Change[] }).Changes.map((one) => `${one.Action} ${one.Kind}/${one.Name}`);
};
const read = async (path: string) =>
  (await api.call(`/v1/config/${path}`)).json as { readonly Meta?: object; readonly ModifyIndex: number }[];

const defaults = (Name: string, Protocol: string) => ({ Kind: 'service-defaults', Name, Protocol });
const route = (Name: string, Service: string) => ({ Kind: 'service-router', Name, Routes: [{ Destination: { Service } }] });

beforeEach(async () => {
  // Routers first: what they lead to may go then.
  for (const kind of ['service-router', 'service-intentions', 'service-defaults'])
    for (const { Name } of (await read(kind)) as unknown as { Name: string }[])
      await api.call(`/v1/config/${kind}/${Name}`, { method: 'DELETE' });
});

describe('PUT /v1/config/apply', () => {
  it('writes all, in an order in which each finds what it builds on', async () => {
    const wanted = [route('web', 'api'), defaults('api', 'http'), defaults('web', 'http')];
    expect(await changes(apply(wanted))).toEqual([
      'create service-defaults/api',
      'create service-defaults/web',
      'create service-router/web',
    ]);
    expect(await changes(apply(wanted))).toEqual([
      'unchanged service-defaults/api',
      'unchanged service-defaults/web',
      'unchanged service-router/web',
    ]);
  });

  it('lets protocols and names change together, which one write after the other can not', async () => {
    await apply([defaults('web', 'http'), defaults('api', 'http'), route('web', 'api')]);
    const alone = await api.call('/v1/config', { method: 'PUT', body: defaults('api', 'grpc') });
    expect(alone.status).toBe(500);
    expect(await changes(apply([defaults('web', 'grpc'), defaults('api', 'grpc')]))).toEqual([
      'update service-defaults/web',
      'update service-defaults/api',
    ]);
  });

  it('writes nothing when something can not be written', async () => {
    const { index } = api.plane.snapshot.value;
    expect(await changes(apply([defaults('web', 'http'), defaults('api', 'tcp'), route('web', 'api')]))).toEqual([
      '500 discovery chain "web" uses inconsistent protocols; service "api" has "tcp" which is not "http"',
    ]);
    expect(await changes(apply([defaults('web', 'http'), { Kind: 'service-splitter', Name: 'x' }, { Kind: 'bogus', Name: 'y' }]))).toEqual([
      '400 Entries[1] service-splitter/x: no splits configured\nEntries[2] bogus/y: invalid config entry kind: bogus',
    ]);
    expect(await changes(apply([defaults('web', 'http'), defaults('WEB', 'tcp')]))).toEqual(['400 service-defaults/WEB is there twice']);
    expect(await changes(apply([], { Prune: true }))).toEqual([
      '400 Prune needs a Set: only what an earlier call with it wrote is deleted',
    ]);
    expect(api.plane.snapshot.value.index).toBe(index);
  });

  it('prunes what an earlier apply of the same set wrote, and nothing else', async () => {
    const set = { Set: 'shop', Prune: true };
    await apply([defaults('other', 'http')], { Set: 'other' });
    await apply([defaults('mine', 'http')]);
    await apply([defaults('web', 'http'), defaults('api', 'http'), route('web', 'api')], set);
    expect(await read('service-router')).toMatchObject([{ Meta: { 'mesh.apply/set': 'shop' } }]);
    expect(await changes(apply([defaults('web', 'http')], set))).toEqual([
      'unchanged service-defaults/web',
      'delete service-router/web',
      'delete service-defaults/api',
    ]);
    expect(await read('service-defaults')).toMatchObject([{ Name: 'mine' }, { Name: 'other' }, { Name: 'web' }]);
  });

  it('only says what it would do, or why it would not', async () => {
    await apply([defaults('web', 'http')]);
    const { index } = api.plane.snapshot.value;
    const dry = await apply([defaults('web', 'grpc')], { DryRun: true });
    expect(dry.json).toMatchObject({
      Applied: false,
      Changes: [{ Action: 'update', Before: { Protocol: 'http' }, After: { Protocol: 'grpc' } }],
    });
    expect(await changes(apply([defaults('api', 'tcp'), route('web', 'api')], { DryRun: true }))).toEqual([
      '500 discovery chain "web" uses inconsistent protocols; service "api" has "tcp" which is not "http"',
    ]);
    expect(api.plane.snapshot.value.index).toBe(index);
  });

  it('is written by many at once, each as a whole', async () => {
    const one = (n: number) => [
      defaults('web', `http${n % 2 ? '' : '2'}`),
      defaults('api', `http${n % 2 ? '' : '2'}`),
      route('web', 'api'),
    ];
    const replies = await Promise.all(Array.from({ length: 6 }, (_, n) => apply(one(n))));
    expect(replies.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const [api2, web] = (await read('service-defaults')) as unknown as { Protocol: string }[];
    expect(api2!.Protocol).toBe(web!.Protocol);
  });
});
