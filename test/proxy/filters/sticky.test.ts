import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EntryWorld } from '../l7/entry-world.ts';

let world: EntryWorld;
beforeEach(async () => {
  const app = (name: string) => (_req: IncomingMessage, res: ServerResponse) => res.end(name);
  const instances = {
    one: { of: 'payments', app: app('v1'), meta: { version: '1' } },
    two: { of: 'payments', app: app('v2'), meta: { version: '2' } },
  };
  world = await EntryWorld.start({ instances, upstreams: ['payments'] });
  const Subsets = { v1: { Filter: 'Service.Meta.version == 1' }, v2: { Filter: 'Service.Meta.version == 2' } };
  await world.write('service-resolver', 'payments', { Subsets });
});
afterEach(() => world.close());

const stickBy = (meta: Record<string, string>) => world.write('service-defaults', 'payments', { Protocol: 'http', Meta: meta });
const split = (v1: number) =>
  world.write('service-splitter', 'payments', {
    Splits: [
      { Weight: v1, ServiceSubset: 'v1' },
      { Weight: 100 - v1, ServiceSubset: 'v2' },
    ],
  });
const USERS = Array.from({ length: 60 }, (_, i) => `user-${i}`);
const sides = () => Promise.all(USERS.map(async (user) => (await world.call('payments', '/', { headers: { 'X-User': user } })).body));

describe('sticky splits', () => {
  it('keep a client on its side, and move only those that the weights move', async () => {
    await stickBy({ 'mesh.sticky-split/header': 'X-User' });
    await split(80);
    const before = await sides();
    expect(await sides()).toEqual(before);
    const canaries = before.filter((side) => side === 'v2').length;
    // Of 60; a standard deviation is 3.1.
    expect(canaries).toBeGreaterThan(2);
    expect(canaries).toBeLessThan(24);
    await split(40);
    const after = await sides();
    expect(before.filter((side, i) => side === 'v2' && after[i] !== 'v2')).toEqual([]);
    expect(after.filter((side) => side === 'v2').length).toBeGreaterThan(canaries);
  });

  it('give a client without a cookie one, and know it by that', async () => {
    await stickBy({ 'mesh.sticky-split/cookie': 'canary', 'mesh.sticky-split/ttl': '1h' });
    await split(50);
    const seen = new Set<string>();
    for (let i = 0; i < 8; i++) {
      const first = await world.call('payments');
      const [cookie = ''] = first.headers['set-cookie'] ?? [];
      expect(cookie).toMatch(/^canary="[0-9a-f]{16}"; Max-Age=3600; Path=\/; HttpOnly$/);
      const headers = { Cookie: cookie.slice(0, cookie.indexOf(';')) };
      for (let j = 0; j < 3; j++) {
        const again = await world.call('payments', '/', { headers });
        expect([again.body, again.headers['set-cookie']]).toEqual([first.body, undefined]);
      }
      seen.add(first.body);
    }
    expect(seen.size).toBe(2);
  });

  it('are no matter for a service that is not split', async () => {
    await stickBy({ 'mesh.sticky-split/cookie': 'canary' });
    expect((await world.call('payments')).headers['set-cookie']).toBeUndefined();
  });
});
