import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ServerHttp2Stream } from 'node:http2';
import { afterEach, describe, expect, it } from 'vitest';
import { RetryBudget } from '../../../src/proxy/outbound/retry-budget.ts';
import { Http2Client } from '../fixture/http2.ts';
import { eventually } from '../fixture/sockets.ts';
import { EntryWorld } from '../l7/entry-world.ts';

describe('a retry budget', () => {
  it.each([
    [0, 0, 10, false],
    [1, 0, 0, true],
    [0, 20, 4, false],
    [0, 20, 5, true],
  ])('of at least %i, %i percent, with %i requests under way', (minConcurrency, percent, active, open) => {
    expect(new RetryBudget({ percent, minConcurrency }, () => active).open).toBe(open);
  });

  it('is used up by retries until they end, and counts them through changes', () => {
    const budget = new RetryBudget({ percent: 20, minConcurrency: 1 }, () => 9);
    budget.began();
    expect(budget.open).toBe(false);
    budget.update({ percent: 20, minConcurrency: 2 });
    expect(budget.open).toBe(true);
    budget.ended();
    budget.update(undefined);
    expect(budget.open).toBe(true);
  });
});

describe('retries of a service that is down', () => {
  let world: EntryWorld;
  afterEach(() => world.close());
  const waiting: ServerResponse[] = [];
  const failAll = () => {
    for (const res of waiting.splice(0)) res.writeHead(503).end();
  };

  it('stay within its budget', async () => {
    const app = (_req: IncomingMessage, res: ServerResponse) => void waiting.push(res);
    world = await EntryWorld.start({ instances: { one: { of: 'payments', app } }, upstreams: ['payments'] });
    await world.write('service-router', 'payments', { Routes: [{ Destination: { NumRetries: 1, RetryOn: ['5xx'] } }] });
    await world.write('service-defaults', 'payments', {
      Protocol: 'http',
      Meta: { 'mesh.retry-budget/percent': '0', 'mesh.retry-budget/min-concurrency': '2' },
    });
    const calls = Array.from({ length: 6 }, () => world.call('payments'));
    await eventually(() => waiting.length === 6, 'all requests have come');
    failAll();
    await eventually(() => waiting.length === 2, 'two retries have come');
    failAll();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(6).fill(503));
    expect(world.outbound('payments').retries).toBe(2);
    // They are over: others may be retried again.
    const later = world.call('payments');
    await eventually(() => waiting.length === 1, 'another request');
    failAll();
    await eventually(() => waiting.length === 1, 'its retry');
    failAll();
    expect((await later).status).toBe(503);
    expect(world.outbound('payments').retries).toBe(3);
  });

  it('stay within it on one connection of HTTP/2, too', async () => {
    const streams: ServerHttp2Stream[] = [];
    const refuseAll = () => {
      for (const stream of streams.splice(0)) stream.respond({ ':status': 503 }, { endStream: true });
    };
    const instances = { one: { of: 'payments', http2: (stream: ServerHttp2Stream) => void streams.push(stream) } };
    world = await EntryWorld.start({ instances, upstreams: ['payments'], protocol: 'http2' });
    await world.write('service-router', 'payments', { Routes: [{ Destination: { NumRetries: 1, RetryOn: ['5xx'] } }] });
    await world.write('service-defaults', 'payments', {
      Protocol: 'http2',
      Meta: { 'mesh.retry-budget/percent': '75', 'mesh.retry-budget/min-concurrency': '0' },
    });
    const client = new Http2Client(world.at('payments'));
    const calls = Array.from({ length: 4 }, () => client.call({ ':path': '/' }));
    await eventually(() => streams.length === 4, 'all requests have come');
    refuseAll();
    // 3 of 4 might be, then 2 of the 3 that are under way meanwhile, but not a third beside these.
    await eventually(() => streams.length === 2, 'two have come again');
    refuseAll();
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual(Array(4).fill(503));
    expect(world.outbound('payments').retries).toBe(2);
    client.close();
  });
});
