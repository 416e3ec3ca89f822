import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { echo, GatewayWorld } from './world.ts';

let world: GatewayWorld;
let ingress: number;
let api: number;

beforeAll(async () => {
  world = await GatewayWorld.start();
  [ingress, api] = (await freePorts(2)) as [number, number];
  await world.write({ Kind: 'service-defaults', Name: 'web', Protocol: 'http' });
  await world.http('web', echo('web'));
  await world.write({
    Kind: 'ingress-gateway',
    Name: 'front',
    Listeners: [{ Port: ingress, Protocol: 'http', Services: [{ Name: 'web' }] }],
  });
  await world.gateway('api-gateway', 'api', { Address: '127.0.0.1' });
});
afterAll(() => world[Symbol.asyncDispose]());

/** What becomes of a request whose head is somewhat larger than 2 KiB. */
const large = async (port: number): Promise<number> =>
  (await world.call(port, { headers: { host: 'web.ingress.consul', 'x-large': 'x'.repeat(2048) } })).status;
const front = (Config: object) => world.gateway('ingress-gateway', 'front', { Address: '127.0.0.1', Proxy: { Config } });
const everywhere = (Config: object) => world.write({ Kind: 'proxy-defaults', Name: 'global', Config });

describe('heads of requests to a gateway', () => {
  it('are as large as its registration allows, or else proxy-defaults', async () => {
    await front({});
    expect(await large(ingress)).toBe(200);
    await front({ max_request_headers_kb: 2 });
    expect(await large(ingress)).toBe(431);
    await front({ max_request_headers_kb: 4 });
    await everywhere({ max_request_headers_kb: 2 });
    expect(await large(ingress)).toBe(200);
    await front({});
    expect(await large(ingress)).toBe(431);
    await everywhere({});
  });

  it('are as large as the listener of an API gateway allows', async () => {
    const listen = (more: object) =>
      world.write({ Kind: 'api-gateway', Name: 'api', Listeners: [{ Name: 'main', Port: api, Protocol: 'http', ...more }] });
    await listen({});
    await world.write({
      Kind: 'http-route',
      Name: 'all',
      Parents: [{ Kind: 'api-gateway', Name: 'api' }],
      Rules: [{ Services: [{ Name: 'web' }] }],
    });
    expect(await large(api)).toBe(200);
    await listen({ MaxRequestHeadersKB: 2 });
    expect(await large(api)).toBe(431);
  });
});
