import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { HttpError } from '../../../src/control/http/answer.ts';
import { ClientCounter, RateLimiter } from '../../../src/control/http/limits.ts';
import { ManualClock, openTestPlane } from '../harness.ts';
import { openTestApi } from './api.ts';

describe('a client counter', () => {
  it('lets in as many of each client as may', () => {
    const counter = new ClientCounter(2);
    expect([counter.enter('a'), counter.enter('a'), counter.enter('a'), counter.enter('b')]).toEqual([true, true, false, true]);
    counter.leave('a');
    expect([counter.enter('a'), counter.enter('a')]).toEqual([true, false]);
  });
});

describe('a rate limiter', () => {
  it('lets a burst in, then as many as the time gives back', async () => {
    const clock = new ManualClock(0);
    const limiter = new RateLimiter(4, clock);
    const taken = (client = 'a'): boolean => {
      try {
        limiter.take(client);
        return true;
      } catch (error) {
        if (error instanceof HttpError && error.status === 429 && error.headers['Retry-After'] === '1') return false;
        throw error;
      }
    };
    expect([1, 2, 3, 4, 5].map(() => taken())).toEqual([true, true, true, true, false]);
    expect(taken('b')).toBe(true);
    await clock.advanceTo(500);
    expect([taken(), taken(), taken()]).toEqual([true, true, false]);
  });
});

describe('limits of a listener', () => {
  it('answer 429 to a client that asks too often', async () => {
    await using api = await openTestApi({ settings: { limits: { requestsPerSecond: 0.001 } } });
    expect((await api.call('/v1/status/leader')).status).toBe(200);
    const { status, text } = await api.call('/v1/status/leader');
    expect([status, text]).toEqual([429, 'rate limit exceeded, try again later or against a different server']);
  });

  it('answer 429 to blocking queries too many, and count those that have ended', async () => {
    await using api = await openTestApi({ settings: { limits: { blockingPerClient: 1 } } });
    const path = '/v1/config/service-defaults?index=1000';
    const aborted = new AbortController();
    const first = api.call(`${path}&wait=10m`, { signal: aborted.signal }).catch(() => 'gone');
    let second = await api.call(`${path}&wait=1ms`);
    // Whichever came first waits.
    while (second.status === 200) second = await api.call(`${path}&wait=1ms`);
    expect([second.status, second.text]).toEqual([429, 'too many blocking queries are waiting for this client']);
    expect((await api.call('/v1/config/service-defaults')).status).toBe(200);
    aborted.abort();
    expect(await first).toBe('gone');
    while (second.status === 429) second = await api.call(`${path}&wait=1ms`);
    expect(second.status).toBe(200);
  });

  it('tell a connection too many why it is closed', async () => {
    await using api = await openTestApi({ settings: { limits: { connectionsPerClient: 1 } } });
    const [host, port] = api.address.split(':');
    const held = connect(Number(port), host);
    held.write('GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await new Promise((resolve) => held.once('data', resolve));
    let text = '';
    for await (const chunk of connect(Number(port), host)) text += String(chunk);
    expect(text).toBe(
      'HTTP/1.1 429 Too Many Requests\r\nContent-Type: text/plain\r\nContent-Length: 81\r\nConnection: close\r\n\r\nYour IP is issuing too many concurrent connections, please rate limit your calls\n',
    );
    held.destroy();
  });

  it('may change while it listens', async () => {
    await using test = await openTestPlane();
    await using listener = await test.plane.listenHttp({ host: '127.0.0.1', port: 0 });
    const first = connect(listener.port, listener.host);
    const leader = async (socket: Socket): Promise<string> => {
      socket.write('GET /v1/status/leader HTTP/1.1\r\nHost: localhost\r\n\r\n');
      const [answer] = (await once(socket, 'data')) as [Buffer];
      return answer.toString();
    };
    expect(await leader(first)).toMatch(/^HTTP\/1.1 200 OK/);
    listener.configure({ limits: { connectionsPerClient: 1 }, headers: { 'X-Site': 'lab' } });
    const [refused] = (await once(connect(listener.port, listener.host), 'data')) as [Buffer];
    expect(refused.toString()).toMatch(/^HTTP\/1.1 429 /);
    expect(await leader(first)).toMatch(/^X-Site: lab/m);
    listener.configure({});
    const second = connect(listener.port, listener.host);
    expect(await leader(second)).toMatch(/^HTTP\/1.1 200 OK/);
    for (const socket of [first, second]) socket.destroy();
  });

  it('answer 431 to headers too large', async () => {
    await using api = await openTestApi({ settings: { limits: { headerBytes: 1000 } } });
    const large = await api.call('/v1/status/leader', { headers: { 'X-Large': 'x'.repeat(2000) } });
    expect([large.status, large.text]).toEqual([431, '431 Request Header Fields Too Large']);
  });
});
