import type { RequestListener } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { allCalled, http1, http2, Load } from '../fixture/load.ts';
import { LOOPBACK } from '../fixture/mesh.ts';
import { GatewayWorld } from './world.ts';

/** Changes of an ingress gateway, and of what is behind it, while clients of HTTP/1 and HTTP/2 never pause. */

let world: GatewayWorld;
let port: number;
let loads: Load[] = [];
const app: RequestListener = (req, res) => void text(req).then((body) => res.end(`got ${body}`));
const web = { Name: 'web', Hosts: ['web.example.com'] };
const serve = (...Services: object[]) =>
  world.write({ Kind: 'ingress-gateway', Name: 'front', Listeners: [{ Port: port, Protocol: 'http', Services }] });

beforeAll(async () => {
  world = await GatewayWorld.start();
  [port] = (await freePorts(1)) as [number];
  for (const name of ['web', 'shop']) {
    await world.write({ Kind: 'service-defaults', Name: name, Protocol: 'http' });
    await world.http(name, app);
  }
  await world.gateway('ingress-gateway', 'front', { Address: LOOPBACK });
  await serve(web);
  const at = { address: LOOPBACK, port };
  loads = [
    ...[1, 2].map(() => new Load('HTTP/1', http1(at, { host: 'web.example.com' }))),
    ...http2(at, 2, { ':authority': 'web.example.com' }).map((call) => new Load('HTTP/2', call)),
  ];
});
afterAll(async () => {
  await Promise.all(loads.map((load) => load.stop()));
  await world[Symbol.asyncDispose]();
});

it.each<[string, () => Promise<void>]>([
  ['hosts', () => serve({ ...web, Hosts: ['*.example.com'] })],
  ['headers', () => serve({ ...web, RequestHeaders: { Set: { 'x-gateway': '%PROTOCOL%' } } })],
  ['limits', () => serve({ ...web, MaxConcurrentRequests: 100 })],
  ['another service', () => serve(web, { Name: 'shop' })],
  ['a service that leads elsewhere', () => world.write({ Kind: 'service-resolver', Name: 'web', Redirect: { Service: 'shop' } })],
  ['and back', () => world.remove('service-resolver', 'web')],
  ['intentions', () => world.write({ Kind: 'service-intentions', Name: 'web', Sources: [{ Name: 'front', Action: 'allow' }] })],
  ['an instance that is new', () => world.http('books', app)],
])('%s: no call is lost', async (_what, change) => {
  await change();
  await allCalled(loads);
  expect(loads.flatMap(({ failures }) => failures)).toEqual([]);
});
