import type { RequestListener } from 'node:http';
import { connect, createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { putQuery, upstream } from '../../catalog/registrations.ts';
import { EntryWorld, type EntryWorldOptions, type Instance } from './entry-world.ts';

const named =
  (name: string): RequestListener =>
  (_req, res) =>
    void res.end(name);
const instance = (name: string, over: Partial<Instance> = {}): Instance => ({ of: 'payments', app: named(name), ...over });

let world: EntryWorld;
afterEach(() => world.close());

const start = async (instances: EntryWorldOptions['instances'], more: Partial<EntryWorldOptions> = {}): Promise<void> => {
  world = await EntryWorld.start({ instances, upstreams: ['payments'], ...more });
};
const resolver = (fields: object, name = 'payments') => world.write('service-resolver', name, fields);
const body = async () => (await world.call('payments')).body;
const bodies = async (count: number): Promise<string[]> => {
  const all: string[] = [];
  for (let i = 0; i < count; i++) all.push(await body());
  return all;
};

const V1 = { meta: { version: '1' } };
const V2 = { meta: { version: '2' } };
const Subsets = { v1: { Filter: 'Service.Meta.version == "1"' }, v2: { Filter: 'Service.Meta.version == "2"' } };

describe('subsets', () => {
  it('DefaultSubset is the one that is meant', async () => {
    await start({ one: instance('one', V1), two: instance('two', V2) });
    await resolver({ Subsets, DefaultSubset: 'v2' });
    expect(await bodies(3)).toEqual(['two', 'two', 'two']);
  });

  it('OnlyPassing leaves out those with a warning', async () => {
    await start({ one: instance('one'), two: instance('two') });
    await resolver({ Subsets: { well: { OnlyPassing: true } }, DefaultSubset: 'well' });
    await world.health('one', 'warning');
    expect(await bodies(3)).toEqual(['two', 'two', 'two']);
    await world.health('one', 'passing');
    expect(new Set(await bodies(2))).toEqual(new Set(['one', 'two']));
  });

  it('without OnlyPassing gives those with a warning their own weight', async () => {
    await start({
      one: instance('one', { sidecar: { Weights: { Passing: 10, Warning: 1 } } }),
      two: instance('two', { sidecar: { Weights: { Passing: 3, Warning: 1 } } }),
    });
    await world.health('one', 'warning');
    expect((await bodies(4)).filter((name) => name === 'two')).toHaveLength(3);
  });
});

describe('Redirect', () => {
  it('leads to another service and its subset, whose identity is expected', async () => {
    await start({
      one: instance('one'),
      two: { of: 'billing', app: named('billing 1'), ...V1 },
      three: { of: 'billing', app: named('billing 2'), ...V2 },
    });
    await resolver({ Subsets }, 'billing');
    await resolver({ Redirect: { Service: 'billing', ServiceSubset: 'v2' } });
    expect(await bodies(2)).toEqual(['billing 2', 'billing 2']);
  });

  it('leads to another datacenter', async () => {
    await start({ one: instance('one'), two: instance('dc2', { dc: 'dc2' }) });
    await resolver({ Redirect: { Datacenter: 'dc2' } });
    expect(await bodies(2)).toEqual(['dc2', 'dc2']);
  });
});

describe('Failover', () => {
  const service = (of: string): Instance => ({ of, app: named(of) });

  it('to a service, for want of healthy instances and for want of any that can be reached', async () => {
    await start({ one: instance('one'), spare: service('spare') });
    await resolver({ Failover: { '*': { Service: 'spare' } } });
    expect(await body()).toBe('one');
    await world.health('one', 'critical');
    expect(await body()).toBe('spare');
    await world.health('one', 'passing');
    expect(await body()).toBe('one');
    await world.kill('one');
    expect(await body()).toBe('spare');
    expect(world.cluster('spare.default.default.dc1').failovers).toBeGreaterThan(0);
  });

  it('of one subset to another', async () => {
    await start({ one: instance('one', V1), two: instance('two', V2) });
    await resolver({ Subsets, DefaultSubset: 'v1', Failover: { v1: { ServiceSubset: 'v2' } } });
    expect(await body()).toBe('one');
    await world.health('one', 'critical');
    expect(await body()).toBe('two');
  });

  it('to other datacenters', async () => {
    await start({ one: instance('one'), two: instance('dc2', { dc: 'dc2' }) });
    await resolver({ Failover: { '*': { Datacenters: ['dc2'] } } });
    expect(await body()).toBe('one');
    await world.health('one', 'critical');
    expect(await body()).toBe('dc2');
  });

  it('to targets, in their order', async () => {
    await start({ one: instance('one'), a: service('a'), b: service('b'), two: instance('dc2', { dc: 'dc2' }) });
    await resolver({ Failover: { '*': { Targets: [{ Service: 'b' }, { Datacenter: 'dc2' }, { Service: 'a' }] } } });
    const seen = [await body()];
    for (const gone of ['one', 'b', 'two']) {
      await world.health(gone, 'critical');
      seen.push(await body());
    }
    expect(seen).toEqual(['one', 'b', 'dc2', 'a']);
  });

  it('of a byte pipe', async () => {
    await start({ one: instance('one'), spare: service('spare') }, { protocol: 'tcp' });
    await resolver({ Failover: { '*': { Service: 'spare' } } });
    await world.kill('one');
    expect(await body()).toBe('spare');
  });
});

describe('times', () => {
  it('RequestTimeout ends a request that takes longer', async () => {
    await start({ one: instance('one', { app: () => undefined }) });
    await resolver({ RequestTimeout: '30ms' });
    const { status, headers } = await world.call('payments');
    expect([status, headers['x-mesh-reason']]).toEqual([504, 'payments did not answer within 30 ms']);
  });

  it('ConnectTimeout is for TCP and TLS together', async () => {
    // It takes connections and says nothing.
    const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    await start({ one: instance('one') });
    const { port } = silent.address() as { port: number };
    await resolver({ ConnectTimeout: '40ms' });
    await world.kill('one', { address: '127.0.0.1', port });
    const { status, headers } = await world.call('payments');
    expect([status, headers['x-mesh-reason']]).toEqual([504, `can't reach payments: 127.0.0.1:${port} did not answer within 40 ms`]);
    silent.close();
  });

  it('connect_timeout_ms of an upstream is stronger', async () => {
    const silent = createServer((socket) => void socket.on('error', () => undefined)).listen(0, '127.0.0.1');
    await new Promise((resolve) => silent.once('listening', resolve));
    const { port } = silent.address() as { port: number };
    await start({ one: instance('one') }, { upstreams: [upstream('payments', 9_100, { Config: { connect_timeout_ms: 30 } })] });
    await resolver({ ConnectTimeout: '1h' });
    await world.kill('one', { address: '127.0.0.1', port });
    expect((await world.call('payments')).headers['x-mesh-reason']).toContain('within 30 ms');
    silent.close();
  });
});

describe('UpstreamConfig', () => {
  it('protocol tcp makes a byte pipe of a service that speaks http', async () => {
    await start({ one: instance('one') }, { upstreams: [upstream('payments', 9_100, { Config: { protocol: 'tcp' } })] });
    // Not HTTP: a sidecar that reads would refuse it itself, with a reason.
    const socket = connect(world.at('payments').port, '127.0.0.1', () => socket.write('hello\r\n\r\n'));
    const chunks: string[] = [];
    for await (const chunk of socket) chunks.push(String(chunk));
    expect(world.outbound('payments')).toMatchObject({ requests: 0, connections: 1 });
  });
});

describe('a prepared query', () => {
  it('is an upstream that goes where the query leads, with its failover', async () => {
    await start(
      {
        one: instance('one', { sidecar: { Tags: ['v1'] } }),
        two: instance('two'),
        three: instance('dc2', { dc: 'dc2', sidecar: { Tags: ['v1'] } }),
      },
      { upstreams: [upstream('first', 9_100, { DestinationType: 'prepared_query', Config: { protocol: 'http' } })] },
    );
    const ask = async () => (await world.call('prepared_query:first')).body;
    expect((await world.call('prepared_query:first')).headers['x-mesh-reason']).toBe('no healthy instances of first');
    await world.change(putQuery('first', { Service: 'payments', Tags: ['v1'], Failover: { NearestN: 0, Datacenters: ['dc2'] } }));
    expect([await ask(), await ask()]).toEqual(['one', 'one']);
    await world.health('one', 'critical');
    expect(await ask()).toBe('dc2');
  });
});
