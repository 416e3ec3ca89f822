import type { IncomingMessage, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Stream } from 'node:http2';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { Http2Client } from '../fixture/http2.ts';
import { eventually, RawClient } from '../fixture/sockets.ts';
import { EntryWorld } from '../l7/entry-world.ts';

let copies: string[] = [];
let world: EntryWorld;
afterEach(async () => {
  copies = [];
  await world.close();
});

const original = (req: IncomingMessage, res: ServerResponse) =>
  void text(req).then(
    (body) => res.end(`${req.headers.host} ${req.url} ${body}`),
    () => undefined,
  );
const record = (req: IncomingMessage, res: ServerResponse) =>
  void text(req).then(
    (body) => {
      copies.push(`${req.method} ${req.headers.host} ${req.url} ${body}`);
      res.writeHead(500).end('nobody reads this');
    },
    () => copies.push('broken off'),
  );

function answer(stream: ServerHttp2Stream, body: string): void {
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.respond({ 'content-type': 'application/grpc' }, { waitForTrailers: true });
  stream.end(body);
}

async function start(meta: Record<string, string>, next: (req: IncomingMessage, res: ServerResponse) => void = record) {
  const instances = {
    one: { of: 'payments', app: original },
    two: { of: 'payments-next', app: next, meta: { version: '2' } },
  };
  world = await EntryWorld.start({ instances, upstreams: ['payments'] });
  await world.write('service-defaults', 'payments', {
    Protocol: 'http',
    Meta: { 'mesh.mirror/service': 'payments-next', ...meta },
  });
}

describe('copies of requests', () => {
  it('go to the other service with their body, and their answers to nobody', async () => {
    await start({});
    const { status, body } = await world.call('payments', '/pay?x=1', { method: 'POST', headers: { Host: 'payments' } }, 'order');
    expect([status, body]).toEqual([200, 'payments /pay?x=1 order']);
    await eventually(() => copies.length > 0, 'the copy');
    expect(copies).toEqual(['POST payments-shadow /pay?x=1 order']);
  });

  it('are made of what a route has made of the request', async () => {
    await start({});
    const Routes = [{ Match: { HTTP: { PathPrefix: '/v1/' } }, Destination: { PrefixRewrite: '/' } }];
    await world.write('service-router', 'payments', { Routes });
    await world.call('payments', '/v1/pay', { headers: { Host: 'payments:9090' } });
    await eventually(() => copies.length > 0, 'the copy');
    expect(copies).toEqual(['GET payments-shadow:9090 /pay ']);
  });

  it('are made of the part of all requests that was asked for', async () => {
    await start({ 'mesh.mirror/percent': '25' });
    for (let i = 0; i < 40; i++) await world.call('payments');
    await eventually(() => world.inbound('two').completedRequests === world.inbound('two').requests, 'all copies');
    // Seeded; a standard deviation is 2.7.
    expect(copies.length).toBeGreaterThan(2);
    expect(copies.length).toBeLessThan(19);
  });

  it('never hold up the original, nor fail it', async () => {
    await start({}, () => undefined);
    for (let i = 0; i < 3; i++) expect((await world.call('payments', '/', { method: 'POST' }, 'x')).body).toContain('x');
    // More than a copy may lag behind: nobody reads it there.
    const large = Buffer.alloc(8 * 1024 * 1024, 'y');
    expect((await world.call('payments', '/', { method: 'POST' }, large)).body).toHaveLength(
      large.length + world.at('payments').address.length + 9,
    );
  });

  it('end with a client that leaves before its body is complete', async () => {
    await start({});
    const client = await RawClient.connect(world.at('payments'));
    client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    await eventually(() => world.inbound('two').requests === 1, 'the copy has begun');
    client.close();
    await eventually(() => world.inbound('two').completedRequests === 1, 'the copy is over');
    await eventually(() => copies.length > 0, 'the application has noticed');
    expect(copies).toEqual(['broken off']);
  });

  it('of calls in HTTP/2 go in HTTP/2, and hold up nothing either', async () => {
    let broken = false;
    world = await EntryWorld.start({
      instances: {
        one: { of: 'payments', http2: (stream) => void text(stream).then((body) => answer(stream, `paid ${body}`)) },
        two: {
          of: 'payments-next',
          http2: (stream, headers) => {
            if (broken) stream.close(constants.NGHTTP2_INTERNAL_ERROR);
            else void text(stream).then((body) => copies.push(`${headers[':authority']} ${headers[':path']} ${body}`));
          },
        },
      },
      upstreams: ['payments'],
      protocol: 'grpc',
    });
    await world.write('service-defaults', 'payments', { Protocol: 'grpc', Meta: { 'mesh.mirror/service': 'payments-next' } });
    const client = new Http2Client(world.at('payments'));
    onTestFinished(() => client.close());
    const call = (body: string) => client.call({ ':method': 'POST', ':path': '/Pay/Now', 'content-type': 'application/grpc' }, body);
    expect(await Promise.all(['a', 'b'].map(call))).toMatchObject([{ body: 'paid a' }, { body: 'paid b' }]);
    await eventually(() => copies.length === 2, 'the copies');
    expect(copies.sort()).toEqual(['payments-shadow /Pay/Now a', 'payments-shadow /Pay/Now b']);
    broken = true;
    expect(await call('c')).toMatchObject({ body: 'paid c', trailers: { 'grpc-status': '0' } });
  });

  it('go to a subset, and end with their setting', async () => {
    await start({ 'mesh.mirror/subset': 'v2' });
    await world.call('payments');
    expect(world.inbound('two').requests).toBe(0);
    await world.write('service-resolver', 'payments-next', { Subsets: { v2: { Filter: 'Service.Meta.version == 2' } } });
    await world.call('payments');
    await eventually(() => copies.length === 1, 'the copy');
    await world.write('service-defaults', 'payments', { Protocol: 'http' });
    await world.call('payments');
    expect(world.inbound('two').requests).toBe(1);
  });
});
