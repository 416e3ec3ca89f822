import { connect } from 'node:http2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePorts } from '../../free-ports.ts';
import { answerOf, type Http2App, Http2Client, http2App } from '../fixture/http2.ts';
import { GatewayWorld } from './world.ts';

let world: GatewayWorld;
let outside: Http2App;
let ingress: number;
let upstream: number;

beforeAll(async () => {
  world = await GatewayWorld.start();
  for (const Name of ['web', 'outside']) await world.write({ Kind: 'service-defaults', Name, Protocol: 'http2' });
  const app = (by: string) =>
    http2App((stream, headers) => {
      stream.respond({ ':status': 200, 'x-by': by });
      stream.end(String(headers[':authority']));
    });
  const [port, ...others] = await freePorts(3);
  [ingress, upstream] = others as [number, number];
  outside = await app('outside');
  const Service = { Service: 'outside', Address: 'localhost', Port: outside.at.port };
  await world.put('/v1/catalog/register', { Node: 'elsewhere', Address: '127.0.0.1', Service });
  await world.serve('web', await app('web'), [{ DestinationName: 'outside', LocalBindPort: upstream }]);
  await world.gateway('ingress-gateway', 'front', { Address: '127.0.0.1' });
  await world.gateway('terminating-gateway', 'exit', { Address: '127.0.0.1', Port: port });
  await world.write({ Kind: 'terminating-gateway', Name: 'exit', Services: [{ Name: 'outside' }] });
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await outside.close();
});

const listen = (more: object = {}) =>
  world.write({
    Kind: 'ingress-gateway',
    Name: 'front',
    Listeners: [{ Port: ingress, Protocol: 'http2', Services: [{ Name: 'web' }] }],
    ...more,
  });

describe('HTTP/2', () => {
  it('comes in through an ingress gateway, with prior knowledge or agreed on in the handshake', async () => {
    await listen();
    const client = new Http2Client({ address: '127.0.0.1', port: ingress });
    const host = { ':authority': 'web.ingress.consul' };
    expect(await client.call(host)).toMatchObject({ status: 200, body: 'web.ingress.consul' });
    expect((await client.call({ ':authority': 'nobody.example.com' })).status).toBe(404);
    client.close();
    await listen({ TLS: { Enabled: true } });
    const ca = world.plane.roots().map((root) => root.certPem);
    const session = connect('https://web.ingress.consul', { host: '127.0.0.1', port: ingress, servername: 'web.ingress.consul', ca });
    expect(await answerOf(session.request(host))).toMatchObject({ status: 200, headers: { 'x-by': 'web' } });
    session.destroy();
  });

  it('goes out through a terminating gateway, which says the name of the instance', async () => {
    const client = new Http2Client({ address: '127.0.0.1', port: upstream });
    expect(await client.call({ ':authority': 'outside' })).toMatchObject({
      status: 200,
      headers: { 'x-by': 'outside' },
      body: 'localhost',
    });
    client.close();
  });
});
