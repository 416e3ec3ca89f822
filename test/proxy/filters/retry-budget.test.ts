import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { RetryBudget } from '../../../src/proxy/outbound/retry-budget.ts';
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
});
