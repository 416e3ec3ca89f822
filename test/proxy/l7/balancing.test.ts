import type { RequestListener, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { EntryWorld, type EntryWorldOptions, type Instance } from './entry-world.ts';

const payments = (name: string, over: Partial<Instance> = {}, app?: RequestListener): Instance => ({
  of: 'payments',
  app: app ?? ((_req, res) => void res.end(name)),
  ...over,
});
const THREE = { one: payments('one'), two: payments('two'), three: payments('three') };

let world: EntryWorld;
afterEach(() => world.close());

const start = async (instances: EntryWorldOptions['instances'] = THREE, more: Partial<EntryWorldOptions> = {}): Promise<void> => {
  world = await EntryWorld.start({ instances, upstreams: ['payments'], ...more });
};
const balance = (LoadBalancer: object, more: object = {}) => world.write('service-resolver', 'payments', { LoadBalancer, ...more });
const body = async (headers: Record<string, string> = {}, path = '/') => (await world.call('payments', path, { headers })).body;
const bodies = async (count: number, headers?: Record<string, string>): Promise<string[]> => {
  const all: string[] = [];
  for (let i = 0; i < count; i++) all.push(await body(headers));
  return all;
};

describe('LoadBalancer.Policy', () => {
  it('least_request spares an instance that has not answered yet', async () => {
    const held: ServerResponse[] = [];
    const slow: RequestListener = (_req, res) => void held.push(res);
    await start({ one: payments('one'), slow: payments('slow', {}, slow) });
    await balance({ Policy: 'least_request', LeastRequestConfig: { ChoiceCount: 16 } });
    // Two at once: the second goes to the one that the first did not.
    const pending = [body(), body()];
    await vi.waitFor(() => expect(held).toHaveLength(1), { timeout: 5_000, interval: 5 });
    await Promise.race(pending);
    expect(new Set(await bodies(8))).toEqual(new Set(['one']));
    for (const res of held) res.end('slow');
    await Promise.all(pending);
  });

  it('random reaches everybody', async () => {
    await start();
    await balance({ Policy: 'random' });
    expect(new Set(await bodies(20)).size).toBe(3);
  });

  it.each(['ring_hash', 'maglev'])('%s sends what has the same header to the same instance', async (Policy) => {
    await start();
    await balance({ Policy, HashPolicies: [{ Field: 'header', FieldValue: 'x-user' }] });
    const users = Array.from({ length: 40 }, (_, i) => ({ 'x-user': `user-${i}` }));
    const first = await Promise.all(users.map((headers) => body(headers)));
    expect(new Set(first).size).toBe(3);
    expect(await Promise.all(users.map((headers) => body(headers)))).toEqual(first);
    await world.health('two', 'critical');
    const after = await Promise.all(users.map((headers) => body(headers)));
    expect(after).not.toContain('two');
  });

  it('peak_ewma, of an extension, goes where answers come from soonest', async () => {
    const slow: RequestListener = (_req, res) => void setTimeout(() => res.end('slow'), 300);
    await start({ one: payments('one'), slow: payments('slow', {}, slow) });
    const Value = { policies: [{ typed_extension_config: { name: 'envoy.load_balancing_policies.peak_ewma' } }] };
    const ResourceFilter = { ResourceType: 'cluster', TrafficDirection: 'outbound' };
    const Patches = [{ ResourceFilter, Op: 'add', Path: '/load_balancing_policy', Value }];
    const extension = { Name: 'builtin/property-override', Arguments: { ProxyType: 'connect-proxy', Patches } };
    await world.write('service-defaults', 'web', { Protocol: 'http', EnvoyExtensions: [extension] });
    while (world.inbound('slow').completedRequests === 0) await body();
    expect(new Set(await bodies(6))).toEqual(new Set(['one']));
  });
});

describe('hash policies', () => {
  const by = (...HashPolicies: object[]) => balance({ Policy: 'maglev', HashPolicies });

  it('a query parameter', async () => {
    await start();
    await by({ Field: 'query_parameter', FieldValue: 'id' });
    const ask = () => Promise.all(Array.from({ length: 20 }, (_, i) => body({}, `/?id=${i}`)));
    const first = await ask();
    expect(new Set(first).size).toBeGreaterThan(1);
    expect(await ask()).toEqual(first);
  });

  it('the address of the caller', async () => {
    await start();
    await by({ SourceIP: true });
    expect(new Set(await bodies(6)).size).toBe(1);
  });

  it('a cookie, which whoever has none is given, beside those of the application', async () => {
    const app: RequestListener = (_req, res) => void res.setHeader('set-cookie', 'own=1').end('cookie');
    await start({ ...THREE, four: payments('four', {}, app), five: payments('five', {}, app) });
    await by({ Field: 'cookie', FieldValue: 'stick', CookieConfig: { TTL: '60s', Path: '/' } });
    for (let i = 0; i < 6; i++) {
      const first = await world.call('payments');
      const cookies = first.headers['set-cookie']!;
      expect(cookies.at(-1)).toMatch(/^stick="[0-9a-f]{16}"; Max-Age=60; Path=\/; HttpOnly$/);
      const cookie = cookies.at(-1)!.split(';')[0]!;
      const again = await world.call('payments', '/', { headers: { cookie } });
      expect(again.body).toBe(first.body);
      expect((again.headers['set-cookie'] ?? []).join()).not.toContain('stick');
    }
  });

  it('with a retry goes to another instance, and for the next request comes back', async () => {
    const broken: RequestListener = (_req, res) => void res.writeHead(503).end('broken');
    await start({ one: payments('one'), broken: payments('broken', {}, broken) });
    await by({ Field: 'header', FieldValue: 'x-user' });
    await world.write('service-router', 'payments', {
      Routes: [{ Match: { HTTP: { PathPrefix: '/' } }, Destination: { NumRetries: 1, RetryOnStatusCodes: [503] } }],
    });
    // Which keys are whose depends on the ports of this run.
    for (let i = 0; world.inbound('broken').requests === 0; i++) expect(await body({ 'x-user': String(i) })).toBe('one');
    expect(await body({ 'x-user': 'another' })).toBe('one');
  });

  it('of a splitter hold for all its parts', async () => {
    await start({
      one: payments('one', { meta: { v: '1' } }),
      two: payments('two', { meta: { v: '1' } }),
      three: payments('three', { meta: { v: '2' } }),
    });
    await balance(
      { Policy: 'ring_hash', HashPolicies: [{ Field: 'header', FieldValue: 'x-user' }] },
      { Subsets: { v1: { Filter: 'Service.Meta.v == "1"' }, v2: { Filter: 'Service.Meta.v == "2"' } } },
    );
    await world.write('service-splitter', 'payments', {
      Splits: [
        { Weight: 50, ServiceSubset: 'v1' },
        { Weight: 50, ServiceSubset: 'v2' },
      ],
    });
    const seen = new Set(await bodies(16, { 'x-user': 'a' }));
    // The split is drawn; within v1 it is always the same one.
    expect(seen.size).toBe(2);
    expect(seen).toContain('three');
  });
});

describe('ejection', () => {
  const flaky = (name: string): RequestListener & { status: number } => {
    const app = Object.assign(((_req, res) => void res.writeHead(app.status).end(name)) as RequestListener, { status: 200 });
    return app;
  };
  const statuses = async (count: number): Promise<number[]> => {
    const all: number[] = [];
    for (let i = 0; i < count; i++) all.push((await world.call('payments')).status);
    return all;
  };
  const check = (PassiveHealthCheck: object) =>
    world.write('service-defaults', 'web', { Protocol: 'http', UpstreamConfig: { Defaults: { PassiveHealthCheck } } });
  const CLUSTER = 'payments.default.default.dc1';

  it('passes over an instance that keeps failing, for a time, and uses it again', async () => {
    const app = flaky('bad');
    await start({ one: payments('one'), bad: payments('bad', {}, app) });
    await check({ MaxFailures: 2, BaseEjectionTime: '10s', Interval: '1s' });
    app.status = 500;
    expect((await statuses(4)).filter((status) => status === 500)).toHaveLength(2);
    expect(await statuses(6)).toEqual(Array(6).fill(200));
    expect(world.cluster(CLUSTER).ejections).toBe(1);
    expect(world.log.lines).toContainEqual(expect.objectContaining({ message: 'endpoint ejected' }));
    app.status = 200;
    world.pass(9_000);
    expect(new Set(await bodies(4))).toEqual(new Set(['one']));
    world.pass(3_000);
    expect(new Set(await bodies(4))).toEqual(new Set(['one', 'bad']));
  });

  it('is there without being asked for, but never takes the last one', async () => {
    const app = flaky('bad');
    await start({ bad: payments('bad', {}, app) });
    app.status = 503;
    expect(await statuses(12)).toEqual(Array(12).fill(503));
    expect(world.inbound('bad').requests).toBe(12);
  });

  it('that was asked for does take the last one, and says so', async () => {
    const app = flaky('bad');
    await start({ bad: payments('bad', {}, app) });
    await check({ MaxFailures: 2 });
    app.status = 503;
    await statuses(2);
    const refused = await world.call('payments');
    expect([refused.status, refused.headers['x-mesh-reason']]).toEqual([
      503,
      'no healthy instances of payments: all 1 were ejected after failures in a row, by PassiveHealthCheck of service-defaults web',
    ]);
    expect(world.inbound('bad').requests).toBe(2);
  });

  it('lets what stands in for the service serve', async () => {
    const app = flaky('bad');
    await start({ bad: payments('bad', {}, app), spare: { of: 'spare', app: (_req, res) => void res.end('spare') } });
    await world.write('service-resolver', 'payments', { Failover: { '*': { Service: 'spare' } } });
    app.status = 500;
    await statuses(5);
    expect(await body()).toBe('spare');
  });

  it('of all that could serve is told with who asked for it', async () => {
    const app = flaky('bad');
    await start({ bad: payments('bad', {}, app), spare: { of: 'spare', app } });
    await world.write('service-resolver', 'payments', { Failover: { '*': { Service: 'spare' } } });
    await check({ MaxFailures: 1 });
    app.status = 500;
    expect(await statuses(3)).toEqual([500, 500, 503]);
    expect((await world.call('payments')).headers['x-mesh-reason']).toBe(
      'no healthy instances of payments: all 1 were ejected after failures in a row, by PassiveHealthCheck of service-defaults web, ' +
        'nor of its failover spare.default.default.dc1',
    );
  });

  it('counts an instance that cannot be reached', async () => {
    await start({ one: payments('one'), dead: payments('dead') });
    await check({ MaxFailures: 2 });
    await world.kill('dead');
    expect(new Set(await bodies(12))).toEqual(new Set(['one']));
    expect(world.cluster(CLUSTER)).toMatchObject({ connectFailures: 2, ejections: 1 });
  });

  it('survives a change of the configuration', async () => {
    const app = flaky('bad');
    await start({ one: payments('one'), bad: payments('bad', {}, app) });
    app.status = 500;
    await statuses(10);
    app.status = 200;
    await world.write('service-resolver', 'payments', { ConnectTimeout: '3s' });
    expect(new Set(await bodies(4))).toEqual(new Set(['one']));
  });
});

describe('PrioritizeByLocality', () => {
  const at = (Region: string, Zone: string): Partial<Instance> => ({ sidecar: { Locality: { Region, Zone } } });

  it('uses the next level only when a nearer one has nobody', async () => {
    await start(
      { zone: payments('zone', at('eu', 'a')), region: payments('region', at('eu', 'b')), far: payments('far', at('us', 'a')) },
      { caller: { Locality: { Region: 'eu', Zone: 'a' } } },
    );
    await world.write('service-resolver', 'payments', { PrioritizeByLocality: { Mode: 'failover' } });
    expect(await bodies(3)).toEqual(['zone', 'zone', 'zone']);
    await world.health('zone', 'critical');
    expect(await bodies(2)).toEqual(['region', 'region']);
    await world.health('region', 'critical');
    expect(await bodies(2)).toEqual(['far', 'far']);
    await world.health('zone', 'passing');
    expect(await bodies(2)).toEqual(['zone', 'zone']);
  });
});
