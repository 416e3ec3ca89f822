import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { RetryPolicy } from '../../../src/compile/proxy-config.ts';
import { eventually, RawClient, send } from '../fixture/sockets.ts';
import { stopTime } from '../fixture/time.ts';
import { type ClusterPlan, to, World } from './world.ts';

const policy = (count: number, ...on: string[]): RetryPolicy => ({ count, onConnectFailure: false, on, onStatusCodes: [] });
const plan = (of: readonly string[], retry: RetryPolicy, cluster: Partial<ClusterPlan> = {}) => ({
  routes: [to('v1', {}, { retry })],
  clusters: { v1: { of, ...cluster } },
});

/** Bodies in the order in which they came, over all instances. */
let seen: string[] = [];
const app = (name: string, status: (nth: number) => number) => (req: IncomingMessage, res: ServerResponse) => {
  void text(req).then((body) => {
    seen.push(`${name} ${req.method} ${body}`);
    res.writeHead(status(seen.length)).end(name);
  });
};
const good = (name: string) => app(name, () => 200);
const bad = (name: string) => app(name, () => 503);

let world: World;
afterEach(async () => {
  seen = [];
  vi.useRealTimers();
  await world.close();
});

describe('retries', () => {
  it('of a status go to another endpoint, with the body', async () => {
    world = await World.start({ one: bad('one'), two: good('two') }, plan(['one', 'two'], policy(1, '5xx'), { weights: { one: 9 } }));
    for (let i = 0; i < 3; i++) expect(await world.call('/', { method: 'POST' }, 'order')).toMatchObject({ status: 200, body: 'two' });
    expect(seen.filter((line) => line === 'two POST order')).toHaveLength(3);
    expect(seen.filter((line) => line === 'one POST order')).toHaveLength(world.stats.listener.retries);
    expect(world.stats.listener.retries).toBeGreaterThan(0);
    expect(world.stats.listener.status5xx).toBe(0);
  });

  it('end with the last answer', async () => {
    world = await World.start({ one: bad('one') }, plan(['one'], policy(3, 'gateway-error')));
    expect(await world.call('/')).toMatchObject({ status: 503, body: 'one' });
    expect(seen).toHaveLength(4);
    expect(world.stats.listener.retries).toBe(3);
    expect(world.log.lines.filter(({ message }) => message === 'request retried')).toHaveLength(3);
  });

  it('are not made for what the policy does not name, or without one', async () => {
    world = await World.start({ one: bad('one') }, plan(['one'], { ...policy(3, 'retriable-4xx'), onStatusCodes: [500] }));
    expect((await world.call('/')).status).toBe(503);
    await world.configure({ routes: [to('v1')], clusters: { v1: { of: ['one'] } } });
    expect((await world.call('/')).status).toBe(503);
    expect(seen).toHaveLength(2);
  });

  it('of codes that were asked for', async () => {
    const app429 = app('one', (nth) => (nth === 1 ? 429 : 200));
    world = await World.start({ one: app429 }, plan(['one'], { ...policy(1), onStatusCodes: [429] }));
    expect((await world.call('/')).status).toBe(200);
  });

  it('of a connection that broke off before an answer', async () => {
    let times = 0;
    world = await World.start({ one: good('one') }, plan(['one'], policy(2, '5xx')));
    await world.replace('one', (socket) =>
      socket.on('data', () => (times++ < 2 ? socket.destroy() : void socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'))),
    );
    await world.configure(plan(['one'], policy(2, '5xx')));
    expect(await world.call('/', { method: 'POST' }, 'x')).toMatchObject({ status: 200, body: 'ok' });
    expect(times).toBe(3);
  });

  it('of a connection that could not be had', async () => {
    const retry = { ...policy(2), onConnectFailure: true };
    world = await World.start({ one: good('one') }, plan(['dead'], retry));
    const { status, headers } = await world.call('/');
    expect([status, headers['x-mesh-reason']]).toEqual([503, "can't reach payments: 127.0.0.1:1 refused the connection"]);
    expect(world.stats.cluster('v1').connectFailures).toBe(3);
    await world.configure(plan(['dead', 'one'], policy(0)));
    for (let i = 0; i < 3; i++) expect((await world.call('/')).status).toBe(200);
  });

  it('send a body of chunks again, trailers included', async () => {
    world = await World.start({ one: app('one', (nth) => (nth === 1 ? 503 : 200)) }, plan(['one'], policy(1, '5xx')));
    const answer = await send(
      world.at,
      'POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: 1\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(seen).toEqual(['one POST abcde', 'one POST abcde']);
  });

  it('go on with a body that is still coming when the first answer is there', async () => {
    const early = (req: IncomingMessage, res: ServerResponse) => {
      if (seen.push('') === 1) res.writeHead(503).end();
      else void text(req).then((body) => res.end(`got ${body}`));
    };
    world = await World.start({ one: early }, plan(['one'], policy(1, '5xx')));
    const client = await RawClient.connect(world.at);
    client.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab');
    while (world.stats.listener.retries === 0) await new Promise((resolve) => setImmediate(resolve));
    client.write('cd');
    await client.untilText('got abcd');
    client.close();
  });

  it('are not made when the body is longer than what is kept', async () => {
    world = await World.start({ one: bad('one') }, plan(['one'], policy(3, '5xx')));
    expect((await world.call('/', { method: 'POST' }, Buffer.alloc(65_536))).status).toBe(503);
    expect(seen).toHaveLength(4);
    expect((await world.call('/', { method: 'POST' }, Buffer.alloc(65_537))).status).toBe(503);
    expect(seen).toHaveLength(5);
  });

  it('are not made once the client has seen a byte of an answer', async () => {
    world = await World.start({ one: good('one') }, plan(['one'], policy(3, '5xx')));
    await world.replace('one', (socket) =>
      socket.once('data', () => {
        seen.push('');
        socket.end('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n');
      }),
    );
    await world.configure(plan(['one'], policy(3, '5xx')));
    expect(await send(world.at, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 103 [\s\S]*HTTP\/1\.1 503 /,
    );
    expect(seen).toHaveLength(1);
  });

  it('end when the client has left', async () => {
    world = await World.start({ one: bad('one') }, plan(['one'], policy(6, '5xx')));
    const client = await RawClient.connect(world.at);
    client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    while (world.stats.listener.retries < 2) await new Promise((resolve) => setImmediate(resolve));
    client.close();
    while (world.stats.listener.activeConnections > 0) await new Promise((resolve) => setImmediate(resolve));
    const { retries } = world.stats.listener;
    await world.call('/');
    expect(world.stats.listener.retries).toBe(retries + 6);
  });
});

describe('the time of a request', () => {
  const silent = (req: IncomingMessage) => void req.resume();

  it('covers all attempts, and is over with a 504', async () => {
    const action = { timeoutMs: 150, retry: policy(100, '5xx') };
    world = await World.start({ one: bad('one') }, { routes: [to('v1', {}, action)], clusters: { v1: { of: ['one'] } } });
    stopTime();
    const call = world.call('/');
    for (const [retries, longestBackOffMs] of [25, 75].entries()) {
      await eventually(() => world.stats.listener.retries === retries + 1, 'the answer that is retried');
      vi.advanceTimersByTime(longestBackOffMs);
    }
    await eventually(() => world.stats.listener.retries === 3, 'the answer to the third attempt');
    expect(world.stats.listener.timeouts).toBe(0);
    vi.advanceTimersByTime(50);
    const { status, headers } = await call;
    expect([status, headers['x-mesh-reason']]).toEqual([504, 'payments did not answer within 150 ms']);
    expect(world.stats.listener.timeouts).toBe(1);
  });

  it('comes from the resolver, unless the route has its own', async () => {
    const clusters = { v1: { of: ['one'], requestTimeoutMs: 50 } };
    world = await World.start({ one: silent }, { routes: [to('v1')], clusters });
    expect((await world.call('/')).headers['x-mesh-reason']).toBe('payments did not answer within 50 ms');
    await world.configure({ routes: [to('v1', {}, { timeoutMs: 60 })], clusters });
    expect((await world.call('/')).headers['x-mesh-reason']).toBe('payments did not answer within 60 ms');
  });

  it('breaks off a response that is too slow, and is forgotten after one that is not', async () => {
    const slow = (req: IncomingMessage, res: ServerResponse) => (req.url === '/slow' ? void res.write('part') : res.end('whole'));
    world = await World.start({ one: slow }, { routes: [to('v1', {}, { timeoutMs: 400 })], clusters: { v1: { of: ['one'] } } });
    stopTime();
    const client = await RawClient.connect(world.at);
    client.write('GET /slow HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.untilText('part');
    vi.advanceTimersByTime(400);
    await client.rest();
    expect([client.ended, world.stats.listener.timeouts]).toEqual(['reset', 1]);
    const next = await RawClient.connect(world.at);
    next.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await next.untilText('whole');
    vi.advanceTimersByTime(400);
    next.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await next.until(({ text }) => text.split('whole').length === 3);
    expect(world.stats.listener.timeouts).toBe(1);
    for (const one of [client, next]) one.close();
  });

  it('may be bounded by silence, for this request only', async () => {
    const routes = [to('v1', { pathPrefix: '/short' }, { idleTimeoutMs: 50 }), to('v1')];
    const either = (req: IncomingMessage, res: ServerResponse) =>
      req.url === '/short' ? undefined : setTimeout(() => res.end('late'), 120);
    world = await World.start({ one: either }, { routes, clusters: { v1: { of: ['one'] } } });
    const client = await RawClient.connect(world.at);
    client.write('GET /short HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.untilText('HTTP/1.1 504 ');
    client.write('GET /long HTTP/1.1\r\nHost: x\r\n\r\n');
    await client.untilText('late');
    client.close();
  });
});
