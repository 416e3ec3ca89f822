import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { to, World } from './world.ts';

const app = (name: string) => (_req: IncomingMessage, res: ServerResponse) => void res.end(name);
const INSTANCES = { one: app('one'), two: app('two') };
const routes = [to('v1')];
const body = async () => (await world.call('/')).body;

let world: World;
afterEach(() => world.close());

describe('balance', () => {
  it('gives endpoints their turns by weight', async () => {
    world = await World.start(INSTANCES, { routes, clusters: { v1: { of: ['one', 'two'], weights: { one: 2 } } } });
    const order: string[] = [];
    for (let i = 0; i < 6; i++) order.push(await body());
    expect(order).toEqual(['one', 'two', 'one', 'one', 'two', 'one']);
  });
});

describe('failover', () => {
  it('goes to the first cluster that has an endpoint', async () => {
    const clusters = { v1: { of: [], failover: ['none', 'v2'] }, none: { of: [] }, v2: { of: ['two'] } };
    world = await World.start(INSTANCES, { routes, clusters });
    expect(await body()).toBe('two');
    expect(world.stats.cluster('v2').failovers).toBe(1);
    expect(await world.probe()).toMatchObject({ payments: { state: 'ok' } });
  });

  it('goes back as soon as the first one has endpoints again', async () => {
    world = await World.start(INSTANCES, { routes, clusters: { v1: { of: ['dead'], failover: ['v2'] }, v2: { of: ['two'] } } });
    expect([await body(), await body()]).toEqual(['two', 'two']);
    await world.configure({ routes, clusters: { v1: { of: ['one'], failover: ['v2'] }, v2: { of: ['two'] } } });
    expect([await body(), await body()]).toEqual(['one', 'one']);
  });

  it('does not knock at a dead cluster with every request, and uses the connections of the one in its place', async () => {
    world = await World.start(INSTANCES, { routes, clusters: { v1: { of: ['dead'], failover: ['v2'] }, v2: { of: ['two'] } } });
    for (let i = 0; i < 5; i++) expect(await body()).toBe('two');
    expect(world.stats.cluster('v1').connectFailures).toBe(1);
    expect(world.stats.cluster('v2').connects).toBe(1);
  });

  it('is not for a cluster with an endpoint that answers, whatever it answers', async () => {
    const instances = { one: (_req: IncomingMessage, res: ServerResponse) => void res.writeHead(503).end('one'), two: app('two') };
    world = await World.start(instances, { routes, clusters: { v1: { of: ['dead', 'one'], failover: ['v2'] }, v2: { of: ['two'] } } });
    for (let i = 0; i < 3; i++) expect(await body()).toBe('one');
  });

  it('without anybody left says where it tried', async () => {
    const clusters = { v1: { of: [], failover: ['v2'] }, v2: { of: [] } };
    world = await World.start(INSTANCES, { routes, clusters });
    const empty = await world.call('/');
    expect([empty.status, empty.headers['x-mesh-reason']]).toEqual([503, 'no healthy instances of payments, nor of its failover v2']);
    await world.configure({ routes, clusters: { v1: { of: [], failover: ['v2'] }, v2: { of: ['dead'] } } });
    const dead = await world.call('/');
    expect([dead.status, dead.headers['x-mesh-reason']]).toEqual([503, "can't reach payments: 127.0.0.1:1 refused the connection"]);
    expect((await world.probe())['payments']).toMatchObject({ state: 'failed' });
  });
});
