import { describe, expect, it } from 'vitest';
import { applyRecord, emptyState, type JournalRecord, stateToRecords } from '../../src/blueprints/state.ts';
import { type Bench, bench, container, graphOf, network } from './engine-harness.ts';

const { signal } = new AbortController();
const quiet = { signal, emit: () => undefined };
const shop = graphOf('shop', network(), container('web'));
const pay = graphOf('pay', network(), container('payments'));

const pause = async ({ engine }: Bench, ...ids: string[]) => (await engine.pause(ids, quiet)).map(({ name }) => name);
const resume = async ({ engine }: Bench, ...ids: string[]) =>
  (await engine.resume(ids, { ...quiet, timeoutMs: 60_000, ports: 'fixed' })).map(({ name }) => name);

describe('a blueprint that is paused', () => {
  it('keeps everything but its workloads, until it is resumed', async () => {
    const test = bench();
    await test.run(shop);
    const before = new Set(test.context.exists);
    expect(await pause(test, '/shop')).toEqual(['shop']);
    expect([...test.context.paused].toSorted()).toEqual(['container.web', 'network.local']);
    expect(test.context.exists).toEqual(before);
    expect(test.engine.journal.state.blueprints.get('/shop')?.paused).toBe(true);
    expect(await pause(test, '/shop')).toEqual([]);
    expect(await resume(test, '/shop')).toEqual(['shop']);
    expect([...test.context.paused]).toEqual([]);
    expect(test.engine.journal.state.blueprints.get('/shop')).not.toHaveProperty('paused');
    expect(await resume(test, '/shop')).toEqual([]);
  });

  it('leaves what others share with it alone', async () => {
    const test = bench();
    await test.run(shop);
    await test.run(pay);
    await pause(test, '/shop');
    expect([...test.context.paused]).toEqual(['container.web']);
    await test.destroy(['/pay']);
    expect([...test.context.paused].toSorted()).toEqual(['container.web', 'network.local']);
  });

  it('is still paused for the next agent, which starts nothing of it', async () => {
    const first = bench();
    await first.run(shop);
    await pause(first, '/shop');
    const next = bench(first.log.records, { world: first.context });
    next.context.paused = new Set();
    await next.engine.adopt();
    expect([...next.context.paused].toSorted()).toEqual(['container.web', 'network.local']);
    // Before anything is taken over.
    expect(next.context.log.lastIndexOf('pause container.web')).toBeLessThan(next.context.log.indexOf('adopt container.web'));
  });

  it('runs again when it is run, changed or not', async () => {
    const test = bench();
    await test.run(shop);
    await pause(test, '/shop');
    test.events.length = 0;
    await test.run(shop);
    expect([...test.context.paused]).toEqual([]);
    expect(test.events).toEqual(['resumed']);
    await pause(test, '/shop');
    await test.run(graphOf('shop', network(), container('web', { message: 'new' })));
    expect([...test.context.paused]).toEqual([]);
  });

  it('can be destroyed', async () => {
    const test = bench();
    await test.run(shop);
    await pause(test, '/shop');
    expect(await test.destroy()).toEqual(['shop']);
    expect([...test.context.exists]).toEqual([]);
    expect([...test.context.paused]).toEqual([]);
  });

  it('is named to those that need it', async () => {
    const test = bench();
    await test.run(pay);
    await pause(test, '/pay');
    const needy = graphOf('shop', network(), container('web', { dependsOn: ['container.payments'] }));
    await expect(test.run(needy)).rejects.toMatchObject({
      code: 'invalid',
      message: 'container.web needs container.payments of pay, which is paused',
      hint: 'mesh resume pay',
    });
  });

  it('that does not get ready again fails its resume', async () => {
    const test = bench();
    await test.run(shop);
    await pause(test, '/shop');
    test.context.giveUp('container.web');
    await expect(resume(test, '/shop')).rejects.toMatchObject({ code: 'incomplete', message: 'container.web was given up' });
    expect(test.state()).toContain('container.web: created');
  });
});

it('the state knows who is paused, in few records too', () => {
  const records: JournalRecord[] = [
    { type: 'blueprint', blueprint: { id: '/a', name: 'a' }, since: 1 },
    { type: 'paused', id: '/a', paused: true },
    { type: 'paused', id: '/gone', paused: true },
  ];
  const state = records.reduce(applyRecord, emptyState);
  expect([...state.blueprints.values()]).toEqual([{ id: '/a', name: 'a', since: 1, paused: true }]);
  expect(stateToRecords(state).reduce(applyRecord, emptyState)).toEqual(state);
  expect(applyRecord(state, { type: 'paused', id: '/a', paused: false }).blueprints.get('/a')).toEqual({ id: '/a', name: 'a', since: 1 });
});
