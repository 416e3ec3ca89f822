import { once } from 'node:events';
import Consul from 'consul';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openTestApi, type TestApi } from '../control/http/api.ts';

/*
 * The npm package `consul` against our agent, from one end of its API to the other: it is what Node programs that know
 * Consul use, and it knows nothing of us.
 */

let api: TestApi;
let consul: Consul;
beforeAll(async () => {
  api = await openTestApi();
  const [host, port] = api.address.split(':') as [string, string];
  consul = new Consul({ host, port: Number(port) });
});
afterAll(async () => {
  consul.destroy();
  await api[Symbol.asyncDispose]();
});

it('finds the leader', async () => {
  expect(await consul.status.leader()).toMatch(/^[\d.]+:\d+$/);
});

it('registers in the catalog, and finds it by health', async () => {
  await consul.catalog.register({
    node: 'vm-1',
    address: '127.0.0.21',
    service: { service: 'orders', port: 8080, tags: ['v1'], meta: { team: 'a' } },
    check: { node: 'vm-1', checkid: 'orders-alive', name: 'alive', serviceid: 'orders', status: 'passing' },
  });
  expect(await consul.catalog.datacenters({})).toEqual(['dc1']);
  expect(await consul.catalog.services()).toMatchObject({ orders: ['v1'] });
  expect(await consul.catalog.service.nodes('orders')).toMatchObject([{ Node: 'vm-1', ServicePort: 8080, ServiceMeta: { team: 'a' } }]);
  expect(await consul.catalog.nodes({})).toEqual(expect.arrayContaining([expect.objectContaining({ Node: 'vm-1' })]));
  expect(await consul.health.service({ service: 'orders', passing: true })).toMatchObject([{ Checks: [{ CheckID: 'orders-alive' }] }]);
  expect(await consul.health.checks('orders')).toMatchObject([{ Status: 'passing' }]);
  expect(await consul.health.state('critical')).toEqual([]);
  await consul.catalog.deregister({ node: 'vm-1' });
  expect(await consul.catalog.service.nodes('orders')).toEqual([]);
});

it('registers with the agent, which looks after its checks', async () => {
  await consul.agent.service.register({ name: 'shop', id: 'shop-1', port: 8081, tags: ['v1'], check: { ttl: '60s' } as never });
  expect(await consul.agent.services()).toMatchObject({ 'shop-1': { Service: 'shop', Port: 8081 } });
  expect(await consul.health.state('critical')).toMatchObject([{ CheckID: 'service:shop-1' }]);
  await consul.agent.check.pass('service:shop-1');
  expect(await consul.health.service({ service: 'shop', passing: true })).toMatchObject([{ Service: { ID: 'shop-1' } }]);
  await consul.agent.service.maintenance({ id: 'shop-1', enable: true, reason: 'painting' });
  expect(await consul.health.service({ service: 'shop', passing: true })).toEqual([]);
  await consul.agent.service.deregister('shop-1');
  expect(await consul.agent.checks()).toEqual({});
  expect(await consul.agent.members({})).toMatchObject([{ Name: 'local', Status: 1 }]);
});

/** The package makes undefined of an answer that is false. */
const FALSE = undefined;

it('keeps keys', async () => {
  expect(await consul.kv.get('npm/none')).toBeUndefined();
  expect(await consul.kv.set('npm/a', 'one')).toBe(true);
  expect(await consul.kv.set({ key: 'npm/b', value: Buffer.from([0, 255]), flags: 7 })).toBe(true);
  expect(await consul.kv.get('npm/a')).toMatchObject({ Key: 'npm/a', Value: 'one', Flags: 0 });
  expect(await consul.kv.keys('npm/')).toEqual(['npm/a', 'npm/b']);
  expect(await consul.kv.get({ key: 'npm/', recurse: true })).toHaveLength(2);
  const { ModifyIndex } = (await consul.kv.get('npm/a'))!;
  expect(await consul.kv.set({ key: 'npm/a', value: 'lost', cas: 0 })).toBe(FALSE);
  expect(await consul.kv.set({ key: 'npm/a', value: 'two', cas: ModifyIndex })).toBe(true);
  expect(await consul.kv.del({ key: 'npm/', recurse: true })).toBe(true);
  expect(await consul.kv.get('npm/a')).toBeUndefined();
});

it('locks with sessions', async () => {
  const first = await consul.session.create({ name: 'first', ttl: '15s', lockdelay: '0s' });
  const second = await consul.session.create({ name: 'second', lockdelay: '0s', behavior: 'delete' });
  expect(await consul.session.info(first.ID)).toMatchObject({ Name: 'first', TTL: '15s', LockDelay: 0 });
  expect(await consul.session.renew(first.ID)).toMatchObject([{ ID: first.ID }]);
  expect(await consul.kv.set({ key: 'npm/lock', value: '1', acquire: first.ID })).toBe(true);
  expect(await consul.kv.set({ key: 'npm/lock', value: '2', acquire: second.ID })).toBe(FALSE);
  expect(await consul.kv.set({ key: 'npm/lock', value: '1', release: first.ID })).toBe(true);
  expect(await consul.kv.set({ key: 'npm/lock', value: '2', acquire: second.ID })).toBe(true);
  await consul.session.destroy(second.ID);
  expect(await consul.kv.get('npm/lock')).toBeUndefined();
  await consul.session.destroy(first.ID);
  expect(await consul.session.list()).toEqual([]);
});

it('makes transactions', async () => {
  const done = await consul.transaction.create(
    [
      { verb: 'set', key: 'txn/a', value: Buffer.from('1').toString('base64') },
      { verb: 'get', key: 'txn/a' },
    ].map((kv) => ({ KV: kv })) as never,
  );
  expect(done).toMatchObject({ Errors: null, Results: [{ KV: { Key: 'txn/a' } }, { KV: { Key: 'txn/a' } }] });
});

it('watches a key', async () => {
  await consul.kv.set('npm/watched', '1');
  const watch = consul.watch({ method: ((options: never) => consul.kv.get(options)) as never, options: { key: 'npm/watched' } as never });
  try {
    expect((await once(watch, 'change'))[0]).toMatchObject({ Value: '1' });
    const next = once(watch, 'change');
    await consul.kv.set('npm/unrelated', 'x');
    await consul.kv.set('npm/watched', '2');
    expect((await next)[0]).toMatchObject({ Value: '2' });
  } finally {
    watch.end();
  }
});

it('fires events and executes prepared queries', async () => {
  await consul.event.fire('deploy', 'v2');
  expect(await consul.event.list('deploy')).toMatchObject([{ Name: 'deploy', Payload: 'v2' }]);
  const { ID } = await consul.query.create({ name: 'npm-query', service: { service: 'nobody', onlypassing: true }, dns: { ttl: '5s' } });
  expect(await consul.query.get(ID)).toMatchObject({ Service: { Service: 'nobody', OnlyPassing: true }, DNS: { TTL: '5s' } });
  expect(await consul.query.execute('npm-query')).toMatchObject({ Service: 'nobody', Nodes: [] });
  // Not in its types.
  await (consul.query as unknown as { destroy(id: string): Promise<void> }).destroy(ID);
  expect(await consul.query.list()).toEqual([]);
});

/** What the package has no methods for goes over its transport. */
function raw(method: 'GET' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
  type Transport = Record<string, (request: object) => Promise<{ body: unknown }>>;
  const transport = consul as unknown as Transport;
  return transport[`_${method.toLowerCase()}`]!({ name: 'raw', path, ...(body ? { type: 'json', body } : {}) }).then((reply) => reply.body);
}

it('writes config entries and intentions', async () => {
  expect(await raw('PUT', '/config', { Kind: 'service-defaults', Name: 'orders', Protocol: 'http' })).toBe(true);
  expect(await raw('GET', '/config/service-defaults/orders')).toMatchObject({ Name: 'orders', Protocol: 'http' });
  await raw('PUT', '/connect/intentions/exact?source=web&destination=orders', { Action: 'deny' });
  expect(await raw('GET', '/connect/intentions/check?source=web&destination=orders')).toEqual({ Allowed: false });
  await raw('DELETE', '/connect/intentions/exact?source=web&destination=orders');
  await raw('DELETE', '/config/service-defaults/orders');
  expect(await raw('GET', '/config/service-defaults')).toEqual([]);
});
