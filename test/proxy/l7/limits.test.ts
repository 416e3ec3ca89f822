import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { connect } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type Answer, EntryWorld, type EntryWorldOptions, type Instance } from './entry-world.ts';

/** Answers when it is told to. */
class Holding {
  readonly open: ServerResponse[] = [];
  readonly app: RequestListener = (_req, res) => void this.open.push(res);

  /** So many requests have come. */
  come(count: number): Promise<void> {
    return vi.waitFor(() => expect(this.open).toHaveLength(count), { timeout: 5_000, interval: 5 });
  }

  answer(): void {
    for (const res of this.open.splice(0)) res.end('done');
  }
}

let world: EntryWorld;
let holding: Holding;
afterEach(async () => {
  holding.answer();
  await world.close();
});

async function start(Limits: object, more: Partial<EntryWorldOptions> = {}): Promise<void> {
  holding = new Holding();
  world = await EntryWorld.start({ instances: { one: { of: 'payments', app: holding.app } }, upstreams: ['payments'], ...more });
  await limit(Limits);
}
const limit = (Limits: object) => world.write('service-defaults', 'web', { Protocol: 'http', UpstreamConfig: { Defaults: { Limits } } });
const ask = (): Promise<Answer> => world.call('payments');
const refusalOf = ({ status, headers }: Answer) => [status, headers['x-envoy-overloaded'], headers['x-mesh-reason']];
const OVERFLOWS = () => world.cluster('payments.default.default.dc1').overflows;

describe('MaxConcurrentRequests', () => {
  it('refuses what is too much at once, with the limit and its entry, and no more when there is room again', async () => {
    await start({ MaxConcurrentRequests: 2 });
    const held = [ask(), ask()];
    await holding.come(2);
    expect(refusalOf(await ask())).toEqual([503, 'true', 'payments: overflow, MaxConcurrentRequests 2 of service-defaults web is reached']);
    expect(OVERFLOWS()).toBe(1);
    holding.answer();
    await Promise.all(held);
    const next = ask();
    await holding.come(1);
    holding.answer();
    expect((await next).status).toBe(200);
  });

  it('counts what is under way across a change of the configuration', async () => {
    await start({ MaxConcurrentRequests: 5 });
    const held = [ask(), ask()];
    await holding.come(2);
    await limit({ MaxConcurrentRequests: 2 });
    expect((await ask()).status).toBe(503);
    await limit({ MaxConcurrentRequests: 3 });
    const third = ask();
    await holding.come(3);
    expect((await ask()).status).toBe(503);
    holding.answer();
    for (const answer of await Promise.all([...held, third])) expect(answer.status).toBe(200);
  });

  it('counts a conversation that has left HTTP as long as it goes on', async () => {
    const app: RequestListener = (req, res) => {
      if (req.headers.upgrade === undefined) res.end('plain');
      else req.socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n');
    };
    await start({ MaxConcurrentRequests: 1 }, { instances: { one: { of: 'payments', app } } });
    const chat = connect(world.at('payments').port, '127.0.0.1');
    chat.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: chat\r\n\r\n');
    const [answer] = (await once(chat, 'data')) as [Buffer];
    expect(answer.toString()).toContain('101 ');
    expect((await ask()).status).toBe(503);
    expect(OVERFLOWS()).toBe(1);
    chat.destroy();
    await vi.waitFor(async () => expect((await ask()).body).toBe('plain'), { timeout: 5_000, interval: 20 });
  });

  it('of the registration of the sidecar', async () => {
    await start(
      {},
      {
        upstreams: [
          {
            DestinationType: 'service',
            DestinationName: 'payments',
            Datacenter: '',
            LocalBindAddress: '127.0.0.1',
            LocalBindPort: 9_100,
            Config: { limits: { max_concurrent_requests: 1 } },
          },
        ],
      },
    );
    const held = ask();
    await holding.come(1);
    expect(refusalOf(await ask())[2]).toBe(
      'payments: overflow, MaxConcurrentRequests 1 of the registration of web-sidecar-proxy is reached',
    );
    holding.answer();
    await held;
  });
});

describe('MaxConnections', () => {
  it('lets requests wait for a connection, as many as may', async () => {
    await start({ MaxConnections: 1, MaxPendingRequests: 1 });
    const first = ask();
    await holding.come(1);
    const second = ask();
    // The second waits: nothing is to be seen of it but that there is no room for a third.
    await vi.waitFor(async () => expect((await Promise.race([ask(), second])).status).toBe(503), { timeout: 5_000, interval: 5 });
    expect(holding.open).toHaveLength(1);
    holding.answer();
    await first;
    await holding.come(1);
    holding.answer();
    expect((await second).status).toBe(200);
    expect(world.cluster('payments.default.default.dc1').connects).toBe(1);
  });

  it('gives the place of one that waits no longer to the next', async () => {
    await start({ MaxConnections: 1, MaxPendingRequests: 2 });
    const first = ask();
    await holding.come(1);
    const leaving = connect(world.at('payments').port, '127.0.0.1', () => leaving.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    await vi.waitFor(() => expect(world.outbound('payments').requests).toBe(2), { timeout: 5_000, interval: 5 });
    const third = ask();
    await vi.waitFor(() => expect(world.outbound('payments').requests).toBe(3), { timeout: 5_000, interval: 5 });
    leaving.destroy();
    await vi.waitFor(() => expect(world.outbound('payments').brokenResponses).toBe(1), { timeout: 5_000, interval: 5 });
    holding.answer();
    await first;
    await holding.come(1);
    holding.answer();
    expect((await third).status).toBe(200);
  });

  it('is for all instances together: an idle connection to one gives way to one to another', async () => {
    const app =
      (name: string): RequestListener =>
      (_req, res) =>
        void res.end(name);
    await start(
      { MaxConnections: 1 },
      {
        instances: { one: { of: 'payments', app: app('one') }, two: { of: 'payments', app: app('two') } },
      },
    );
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push((await ask()).body);
    expect(seen).toEqual(['one', 'two', 'one', 'two']);
    expect(world.cluster('payments.default.default.dc1').connects).toBe(4);
  });

  it('holds for connections of HTTP/2 too, of which one without exchanges gives way', async () => {
    const http2 =
      (name: string): Instance['http2'] =>
      (stream) => {
        stream.respond({ ':status': 200 });
        stream.end(name);
      };
    await start(
      { MaxConnections: 1 },
      { protocol: 'http2', instances: { one: { of: 'payments', http2: http2('one') }, two: { of: 'payments', http2: http2('two') } } },
    );
    const seen: string[] = [];
    for (let i = 0; i < 4; i++) seen.push((await ask()).body);
    expect(seen).toEqual(['one', 'two', 'one', 'two']);
    expect(world.cluster('payments.default.default.dc1').connects).toBe(4);
  });

  it('of HTTP/2: who leaves while it waits does not take the others with it', async () => {
    const streams: ServerHttp2Stream[] = [];
    const held: Instance['http2'] = (stream) => {
      stream.respond({ ':status': 200 });
      streams.push(stream);
    };
    const quick: Instance['http2'] = (stream) => {
      stream.respond({ ':status': 200 });
      stream.end('two');
    };
    await start(
      { MaxConnections: 1 },
      { protocol: 'http2', instances: { one: { of: 'payments', http2: held }, two: { of: 'payments', http2: quick } } },
    );
    const first = ask();
    await vi.waitFor(() => expect(streams).toHaveLength(1), { timeout: 5_000, interval: 5 });
    const leaving = connect(world.at('payments').port, '127.0.0.1', () => leaving.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n'));
    await vi.waitFor(() => expect(world.outbound('payments').requests).toBe(2), { timeout: 5_000, interval: 5 });
    // Its turn is one's, whose connection is shared; the fourth waits with the second for one to two.
    const third = ask();
    await vi.waitFor(() => expect(streams).toHaveLength(2), { timeout: 5_000, interval: 5 });
    const fourth = ask();
    await vi.waitFor(() => expect(world.outbound('payments').requests).toBe(4), { timeout: 5_000, interval: 5 });
    leaving.destroy();
    await vi.waitFor(() => expect(world.outbound('payments').brokenResponses).toBe(1), { timeout: 5_000, interval: 5 });
    for (const stream of streams) stream.end('one');
    expect([(await first).body, (await third).body, (await fourth).body]).toEqual(['one', 'one', 'two']);
  });

  it('refuses a byte pipe, which could not be told to wait', async () => {
    await start({ MaxConnections: 1 }, { protocol: 'tcp' });
    await world.write('service-defaults', 'web', { UpstreamConfig: { Defaults: { Limits: { MaxConnections: 1 } } } });
    const { port } = world.at('payments');
    const first = connect(port, '127.0.0.1');
    first.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await holding.come(1);
    const second = connect(port, '127.0.0.1').on('error', () => undefined);
    await new Promise((resolve) => second.resume().on('close', resolve));
    expect(OVERFLOWS()).toBe(1);
    expect(world.log.lines).toContainEqual(
      expect.objectContaining({
        message: 'connection failed',
        fields: expect.objectContaining({ reason: 'payments: overflow, MaxConnections 1 of service-defaults web is reached' }),
      }),
    );
    first.destroy();
  });
});
