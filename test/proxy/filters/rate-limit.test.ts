import { afterEach, describe, expect, it } from 'vitest';
import { EntryWorld } from '../l7/entry-world.ts';

let world: EntryWorld;
afterEach(() => world.close());

const start = async () => {
  const app = { of: 'payments', app: (_: unknown, res: { end(text: string): void }) => res.end('ok') };
  world = await EntryWorld.start({ instances: { one: app }, upstreams: ['payments'] });
};
const limited = (InstanceLevel: object) => world.write('service-defaults', 'payments', { Protocol: 'http', RateLimits: { InstanceLevel } });
const extension = (Arguments: object) =>
  world.write('service-defaults', 'payments', {
    Protocol: 'http',
    EnvoyExtensions: [{ Name: 'builtin/http/localratelimit', Arguments: { ProxyType: 'connect-proxy', ...Arguments } }],
  });
const ALL = { FilterEnabled: 100, FilterEnforced: 100 };
const statuses = async (times: number, path = '/') => {
  const seen: number[] = [];
  for (let i = 0; i < times; i++) seen.push((await world.call('payments', path)).status);
  return seen;
};

describe('rate limits of an instance', () => {
  it('answer what is too much as Envoy does, and say which entry it was', async () => {
    await start();
    await limited({ RequestsPerSecond: 2 });
    expect(await statuses(3)).toEqual([200, 200, 429]);
    const { body, headers } = await world.call('payments');
    expect(body).toBe('local_rate_limited');
    expect(headers).toMatchObject({
      'x-envoy-ratelimited': 'true',
      'x-mesh-reason': 'too many requests: RateLimits.InstanceLevel of service-defaults payments allows 2 in 1000 ms, 2 at once',
    });
    world.pass(1000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
  });

  it('let as many through at once as the burst says', async () => {
    await start();
    await limited({ RequestsPerSecond: 1, RequestsMaxBurst: 3 });
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    world.pass(1000);
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it.each([
    [{ PathExact: '/slow' }, '/slow', '/slow/x'],
    [{ PathPrefix: '/slow' }, '/slow/x', '/other'],
    [{ PathRegex: '/s.*w' }, '/sloow', '/sloow/x'],
  ])('of a route %j hold for it instead of those for all', async (path, inside, outside) => {
    await start();
    await limited({ RequestsPerSecond: 2, Routes: [{ ...path, RequestsPerSecond: 1 }] });
    expect(await statuses(2, inside)).toEqual([200, 429]);
    expect(await statuses(3, outside)).toEqual([200, 200, 429]);
    expect((await world.call('payments', inside)).headers['x-mesh-reason']).toContain('RateLimits.InstanceLevel.Routes[0]');
  });

  it('are not gone around by spelling a path in another way', async () => {
    await start();
    await limited({ Routes: [{ PathPrefix: '/slow', RequestsPerSecond: 1 }] });
    expect(await statuses(1, '/slow')).toEqual([200]);
    for (const path of ['//slow', '/%73low', '/a/../slow']) expect((await world.call('payments', path)).status).toBe(429);
    expect(await statuses(2)).toEqual([200, 200]);
  });

  it('keep their tokens when something else changes, and start anew when they do', async () => {
    await start();
    await limited({ RequestsPerSecond: 2 });
    await statuses(2);
    await world.write('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'allow' }] });
    expect(await statuses(1)).toEqual([429]);
    await limited({ RequestsPerSecond: 1 });
    expect(await statuses(2)).toEqual([200, 429]);
  });

  it('count only what intentions allow', async () => {
    await start();
    await limited({ RequestsPerSecond: 1 });
    await world.write('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'deny' }] });
    expect(await statuses(3)).toEqual([403, 403, 403]);
    await world.remove('service-intentions', 'payments');
    expect(await statuses(2)).toEqual([200, 429]);
  });
});

describe('builtin/http/localratelimit', () => {
  it('fills its bucket at the end of each interval', async () => {
    await start();
    await extension({ MaxTokens: 3, TokensPerFill: 2, FillInterval: 10, ...ALL });
    expect(await statuses(4)).toEqual([200, 200, 200, 429]);
    world.pass(9_000);
    expect(await statuses(1)).toEqual([429]);
    world.pass(1_000);
    expect(await statuses(3)).toEqual([200, 200, 429]);
    expect((await world.call('payments')).headers['x-mesh-reason']).toBe(
      'too many requests: builtin/http/localratelimit of service-defaults payments allows 2 in 10000 ms, 3 at once',
    );
  });

  it('comes before intentions, as in Consul', async () => {
    await start();
    await extension({ MaxTokens: 1, FillInterval: 10, ...ALL });
    await world.write('service-intentions', 'payments', { Sources: [{ Name: 'web', Action: 'deny' }] });
    expect(await statuses(2)).toEqual([403, 429]);
  });

  it.each([[{}], [{ FilterEnabled: 100 }], [{ FilterEnforced: 100 }]])(
    'refuses nothing unless it is enabled and enforced: %j',
    async (some) => {
      await start();
      await extension({ MaxTokens: 1, FillInterval: 10, ...some });
      expect(await statuses(3)).toEqual([200, 200, 200]);
    },
  );
});
