import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { ServiceRoutes, UpstreamRoutes } from '../../../../../src/api/routes.ts';
import type { Topology } from '../../../../../src/api/topology.ts';
import type { Flow, Traffic } from '../../../../../src/api/traffic.ts';
import { freePorts } from '../../../../free-ports.ts';
import { httpApp } from '../../../../proxy/fixture/sockets.ts';
import { echo, GatewayWorld } from '../../../../proxy/gateways/world.ts';

let world: GatewayWorld;
let outside: Awaited<ReturnType<typeof httpApp>>;
const ports = { payments: 0, store: 0, legacy: 0, ghost: 0, exit: 0 };

const get = async <A>(path: string): Promise<A> => (await fetch(`${world.api}${path}`)).json() as Promise<A>;
const traffic = (): Promise<Traffic> => get('/v1/mesh/traffic');

async function flow(wanted: Partial<Flow>): Promise<Flow> {
  const found = (await traffic()).flows.filter((one) => Object.entries(wanted).every(([name, value]) => one[name as keyof Flow] === value));
  expect(found).toHaveLength(1);
  return found[0]!;
}

const sum = (counts: readonly number[]): number => counts.reduce((all, n) => all + n, 0);
const intend = (Name: string, source: object) => world.write({ Kind: 'service-intentions', Name, Sources: [{ Name: 'web', ...source }] });

async function say(port: number, words: string): Promise<string> {
  const socket = connect({ host: '127.0.0.1', port });
  socket.end(words);
  return text(socket).catch(() => 'reset');
}

beforeAll(async () => {
  world = await GatewayWorld.start();
  outside = await httpApp(echo('legacy'));
  const found = await freePorts(Object.keys(ports).length);
  for (const [i, name] of (Object.keys(ports) as (keyof typeof ports)[]).entries()) ports[name] = found[i]!;
  for (const Name of ['payments', 'legacy']) await world.write({ Kind: 'service-defaults', Name, Protocol: 'http' });
  await world.write({ Kind: 'terminating-gateway', Name: 'exit', Services: [{ Name: 'legacy' }] });
  await world.http('payments', ({ url }, response) => response.writeHead(url === '/bad' ? 500 : 200).end('paid'));
  await world.tcp('store', (socket) => socket.on('data', (bytes) => socket.write(bytes)).on('end', () => socket.end()));
  const Service = { Service: 'legacy', Address: '127.0.0.1', Port: outside.at.port };
  await world.put('/v1/catalog/register', { Node: 'elsewhere', Address: '127.0.0.1', Service });
  await world.gateway('terminating-gateway', 'exit', { Address: '127.0.0.1', Port: ports.exit });
  const upstreams = ['payments', 'store', 'legacy', 'ghost'] as const;
  await world.http(
    'web',
    echo('web'),
    upstreams.map((name) => ({ DestinationName: name, LocalBindPort: ports[name] })),
  );
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await outside.close();
});

describe('GET /v1/mesh/traffic', () => {
  it('counts requests on both sides, by answer and by how long they took', async () => {
    for (const path of ['/', '/', '/bad']) await world.call(ports.payments, { path });
    const { at, boundsMs } = await traffic();
    const seen = await flow({ side: 'outbound', destination: 'payments' });
    expect(seen).toMatchObject({
      proxy: 'dc1/local/web-sidecar-proxy',
      source: 'web',
      sourceDatacenter: 'dc1',
      destinationDatacenter: 'dc1',
      upstream: 'payments',
      route: '/*',
      cluster: 'payments.default.default.dc1',
      subset: '',
      answers: { '2xx': 2, '5xx': 1 },
      denied: 0,
      connections: { total: 0, active: 0, failed: 0 },
      bytesDown: 12,
    });
    expect(seen.latency).toHaveLength(boundsMs.length + 1);
    expect(sum(seen.latency)).toBe(3);
    expect(seen.latencySumMs).toBeGreaterThan(0);
    expect(seen.since).toBeLessThanOrEqual(at);
    const other = await flow({ side: 'inbound', destination: 'payments' });
    expect(other).toMatchObject({
      proxy: 'dc1/local/payments-sidecar-proxy',
      source: 'web',
      sourceDatacenter: 'dc1',
      answers: { '2xx': 2, '5xx': 1 },
    });
  });

  it('counts what a rule refuses where it is refused', async () => {
    const before = await flow({ side: 'inbound', destination: 'payments' });
    await intend('payments', { Action: 'deny' });
    expect((await world.call(ports.payments)).status).toBe(403);
    await world.remove('service-intentions', 'payments');
    const after = await flow({ side: 'inbound', destination: 'payments' });
    expect(after).toMatchObject({ denied: before.denied + 1, answers: { '4xx': 1 }, since: before.since });
    expect(await flow({ side: 'outbound', destination: 'payments' })).toMatchObject({ denied: 0, answers: { '4xx': 1 } });
  });

  it('counts connections that pass as bytes, with their bytes, open ones and those that were refused', async () => {
    const open = connect({ host: '127.0.0.1', port: ports.store });
    await once(open, 'connect');
    open.write('12345');
    await once(open, 'data');
    const counted = { answers: {}, connections: { total: 1, active: 1, failed: 0 }, bytesUp: 5, bytesDown: 5 };
    expect(await flow({ side: 'outbound', destination: 'store' })).toMatchObject(counted);
    expect(await flow({ side: 'inbound', destination: 'store' })).toMatchObject({ ...counted, source: 'web' });
    open.end();
    await once(open, 'close');
    expect(await say(ports.store, 'again')).toBe('again');
    await vi.waitFor(async () => expect((await flow({ side: 'inbound', destination: 'store' })).connections.active).toBe(0));
    await intend('store', { Action: 'deny' });
    await say(ports.store, 'more');
    expect(await flow({ side: 'inbound', destination: 'store' })).toMatchObject({ denied: 1, connections: { total: 2 }, bytesUp: 10 });
    await say(ports.ghost, 'anybody?');
    expect(await flow({ side: 'outbound', destination: 'ghost' })).toMatchObject({ connections: { total: 1, active: 0, failed: 1 } });
  });

  it('tells by name what a gateway lets out', async () => {
    await world.call(ports.legacy);
    expect(await flow({ side: 'inbound', destination: 'legacy' })).toMatchObject({
      proxy: 'dc1/local/exit',
      source: 'web',
      answers: { '2xx': 1 },
    });
  });

  it('begins anew with a route that comes back', async () => {
    const before = await flow({ side: 'outbound', destination: 'payments' });
    await world.write({ Kind: 'service-resolver', Name: 'payments', Redirect: { Service: 'legacy' } });
    await world.remove('service-resolver', 'payments');
    const after = await flow({ side: 'outbound', destination: 'payments' });
    expect(after.since).toBeGreaterThan(before.since);
    expect(after.answers).toEqual({});
  });
});

describe('GET /v1/mesh/routes/:service', () => {
  it('has the routes that the data plane follows, by the names that traffic has', async () => {
    const { upstreams, service } = await get<ServiceRoutes>('/v1/mesh/routes/Web');
    expect(service).toBe('Web');
    expect(upstreams.map(({ upstream, routes }) => [upstream, routes.length])).toEqual([
      ['payments', 1],
      ['store', 1],
      ['legacy', 1],
      ['ghost', 1],
    ]);
    const [{ routes, proxies }] = upstreams as [UpstreamRoutes];
    const { route, cluster } = await flow({ side: 'outbound', destination: 'payments' });
    expect(proxies).toEqual(['dc1/local/web-sidecar-proxy']);
    expect(routes).toMatchObject([{ name: route, splits: [{ weight: 100, cluster, destination: 'payments', endpoints: 1 }] }]);
  });

  it('has none for a service that calls nobody', async () => {
    expect(await get<ServiceRoutes>('/v1/mesh/routes/nobody')).toMatchObject({ upstreams: [] });
  });
});

describe('GET /v1/mesh/topology', () => {
  it('has services and edges as the data plane serves them', async () => {
    const { services, edges, datacenters } = await get<Topology>('/v1/mesh/topology');
    expect(datacenters).toEqual(['dc1']);
    expect(services.map(({ name, kind }) => `${name} ${kind}`)).toEqual([
      'exit terminating-gateway',
      'legacy external',
      'payments service',
      'store service',
      'web service',
      'ghost service',
    ]);
    const [instance] = services.find(({ name }) => name === 'web')!.instances;
    expect(instance).toMatchObject({ health: 'passing', sidecar: { id: 'dc1/local/web-sidecar-proxy', serves: true } });
    expect(edges.map(({ source, destination, intention }) => `${source} ${destination} ${intention}`)).toEqual([
      'exit legacy allow',
      'web ghost allow',
      'web legacy allow',
      'web payments allow',
      'web store deny',
    ]);
    expect(edges[4]).toMatchObject({ listens: [`127.0.0.1:${ports.store}`], rule: 'intention deny web => store (precedence 9)' });
  });

  it('waits for a change', async () => {
    const { index } = await get<Topology>('/v1/mesh/topology');
    const next = get<Topology>(`/v1/mesh/topology?index=${index}&wait=60s`);
    await world.remove('service-intentions', 'store');
    const { index: newer, edges } = await next;
    expect(newer).toBeGreaterThan(index);
    expect(edges.find(({ destination }) => destination === 'store')).toMatchObject({ intention: 'allow' });
  });
});
