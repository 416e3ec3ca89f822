import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { echo, echoed, GatewayWorld } from './world.ts';

let world: GatewayWorld;
beforeAll(async () => {
  world = await GatewayWorld.start();
  await world.write({ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' } });
  for (const name of ['web', 'shop']) await world.http(name, echo(name));
});
afterAll(() => world[Symbol.asyncDispose]());

const services = (...Services: object[]) => Services;

describe('an ingress gateway', () => {
  it('lets requests in to a service, with its own identity', async () => {
    const [port] = await freePorts(1);
    await world.gateway('ingress-gateway', 'front', { Address: '127.0.0.1' });
    const Listeners = [{ Port: port, Protocol: 'http', Services: services({ Name: 'web', Hosts: ['web.example.com'] }) }];
    await world.write({ Kind: 'ingress-gateway', Name: 'front', Listeners });
    const answer = await world.call(port!, { path: '/a', headers: { host: 'web.example.com' } });
    expect(answer.status).toBe(200);
    expect(echoed(answer)).toMatchObject({ by: 'web', url: '/a' });
    expect(echoed(answer).headers['x-forwarded-client-cert']).toMatch(/;URI=spiffe:\/\/[^/]+\/ns\/default\/dc\/dc1\/svc\/front$/);
  });
});
