import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { Http2Client, type http2App } from '../fixture/http2.ts';
import { EntryWorld } from '../l7/entry-world.ts';

let world: EntryWorld;
let client: Http2Client;

afterEach(async () => {
  client.close();
  await world.close();
});

const over1: RequestListener = (req, res) => res.end(`HTTP/${req.httpVersion} ${req.url}`);
const over2: Parameters<typeof http2App>[0] = (stream, headers) => {
  stream.respond({ ':status': 200 });
  stream.end(`HTTP/2.0 ${headers[':path']}`);
};

describe('the protocol of a service-defaults entry', () => {
  it('says in which version of HTTP each service is spoken to, and routes lead to either by what the request says', async () => {
    world = await EntryWorld.start({
      instances: { one: { of: 'shop', app: over1 }, two: { of: 'currency', http2: over2 } },
      upstreams: ['shop', 'currency'],
    });
    await world.write('service-defaults', 'currency', { Protocol: 'http2' });
    client = new Http2Client(world.at('currency'));
    expect((await client.call({ ':path': '/eur' })).body).toBe('HTTP/2.0 /eur');
    expect((await world.call('currency', '/eur')).body).toBe('HTTP/2.0 /eur');
    expect((await world.call('shop', '/eur')).body).toBe('HTTP/1.1 /eur');
  });

  it.each(['http2', 'grpc'])('%s has routes, splits and intentions as http has', async (Protocol) => {
    const named =
      (name: string): typeof over2 =>
      (stream, headers) => {
        stream.respond({ ':status': 200 });
        stream.end(`${name} ${headers[':path']} ${String(headers['x-added'])}`);
      };
    world = await EntryWorld.start({
      protocol: Protocol,
      instances: {
        one: { of: 'payments', http2: named('v1'), meta: { version: '1' } },
        two: { of: 'payments', http2: named('v2'), meta: { version: '2' } },
      },
      upstreams: ['payments'],
    });
    const subset = (version: string) => ({ Filter: `Service.Meta.version == ${version}` });
    await world.write('service-resolver', 'payments', { DefaultSubset: 'v1', Subsets: { v1: subset('1'), v2: subset('2') } });
    await world.write('service-router', 'payments', {
      Routes: [
        {
          Match: { HTTP: { PathPrefix: '/new', Header: [{ Name: 'x-group', Exact: 'dev' }] } },
          Destination: { ServiceSubset: 'v2', PrefixRewrite: '/', RequestHeaders: { Set: { 'x-added': 'yes' } } },
        },
      ],
    });
    await world.write('service-intentions', 'payments', {
      Sources: [
        {
          Name: 'web',
          Permissions: [
            { Action: 'deny', HTTP: { PathPrefix: '/admin' } },
            { Action: 'allow', HTTP: { PathPrefix: '/' } },
          ],
        },
      ],
    });
    client = new Http2Client(world.at('payments'));
    expect((await client.call({ ':path': '/new' })).body).toBe('v1 /new undefined');
    expect((await client.call({ ':path': '/new', 'x-group': 'dev' })).body).toBe('v2 / yes');
    expect(await client.call({ ':path': '/x/..//%61dmin/y' })).toMatchObject({ status: 403, body: 'RBAC: access denied' });
  });
});
