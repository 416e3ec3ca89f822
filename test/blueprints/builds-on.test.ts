import { describe, expect, it } from 'vitest';
import type { DesiredGraph, DesiredResource } from '../../src/blueprints/graph.ts';
import { type Bench, bench, container, graphOf, network, output } from './engine-harness.ts';

/** A blueprint that builds on others. */
function above(names: readonly string[], name: string, ...resources: readonly DesiredResource[]): DesiredGraph {
  const graph = graphOf(name, ...resources);
  return { ...graph, blueprint: { ...graph.blueprint, buildsOn: names.map((base) => ({ id: `/${base}`, name: base })) } };
}

const ground = graphOf('ground', network());
const shop = above(['ground'], 'shop', container('web'));
const canary = above(['shop'], 'canary', output('url', 'container.web'));
const nextDoor = above(['ground'], 'next door', output('door'));

async function all(): Promise<Bench> {
  const town = bench();
  for (const graph of [ground, shop, canary, nextDoor]) await town.run(graph);
  return town;
}

describe('a blueprint that builds on another', () => {
  it('is refused where that does not run, before anything is done', async () => {
    const { run, log } = bench();
    await expect(run(above(['ground'], 'shop', network()))).rejects.toMatchObject({
      code: 'invalid',
      message: 'shop builds on ground, which is not running',
      hint: 'mesh run ground',
    });
    expect(log.records).toEqual([]);
  });

  it('keeps it from being destroyed: says why, and what to type in which order', async () => {
    const { destroy, state } = await all();
    const before = state();
    await expect(destroy(['/ground'])).rejects.toMatchObject({
      code: 'failed',
      message: 'ground stays: shop builds on it; nothing was changed',
      hint: "`mesh destroy 'next door'`, then `mesh destroy canary`, then `mesh destroy shop` first, or `mesh destroy` for everything",
    });
    await expect(destroy(['/shop'])).rejects.toMatchObject({ hint: '`mesh destroy canary` first, or `mesh destroy` for everything' });
    expect(state()).toEqual(before);
    for (const id of ['/next door', '/canary', '/shop', '/ground']) await destroy([id]);
    expect(state()).toEqual([]);
  });

  it('goes before it when all is destroyed', async () => {
    const { destroy, state, events } = await all();
    events.length = 0;
    expect((await destroy()).toSorted()).toEqual(['canary', 'ground', 'next door', 'shop']);
    expect(events.filter((event) => event.startsWith('destroyed'))).toEqual([
      'destroyed output.door',
      'destroyed output.url',
      'destroyed container.web',
      'destroyed network.local',
    ]);
    expect(state()).toEqual([]);
  });

  it('can take the place of others, and not of that', async () => {
    const { run, engine } = await all();
    const refused = run(shop, { replacing: ['/ground'] });
    await expect(refused).rejects.toMatchObject({ message: "shop builds on ground, and can't take its place" });
    await expect(run(graphOf('other', network()), { replacing: ['/ground'] })).rejects.toMatchObject({
      message: 'ground stays: shop builds on it; nothing was changed',
    });
    await run(above(['ground'], 'door 2', output('door')), { replacing: ['/next door'] });
    expect([...engine.journal.state.blueprints.values()].map(({ name }) => name)).toEqual(['ground', 'shop', 'canary', 'door 2']);
  });

  it('is remembered by the agent that comes next', async () => {
    const { log } = await all();
    await expect(bench(log.records).destroy(['/ground'])).rejects.toThrow('ground stays: shop builds on it');
  });
});

describe('the plan of what builds on others', () => {
  const plan = ({ engine }: Bench, graph: DesiredGraph, after: readonly DesiredGraph[]) =>
    engine.plan(graph, { after, ports: 'fixed', signal: new AbortController().signal, emit: () => undefined });

  it('has theirs before it, each as if those before it had been applied; nothing is done', async () => {
    const town = bench();
    const { first, blueprint, changes } = await plan(town, canary, [ground, shop]);
    const told = [...first, { blueprint, changes }].map((one) => [
      one.blueprint.name,
      one.changes.map(({ action, key }) => `${action} ${key}`),
    ]);
    expect(told).toEqual([
      ['ground', ['create network.local']],
      ['shop', ['create container.web']],
      ['canary', ['create output.url']],
    ]);
    expect(town.log.records).toEqual([]);
  });

  it('shares, changes and removes what they have', async () => {
    const town = bench();
    await town.run(graphOf('ground', network(), container('web', { message: 'before' }), output('old')));
    const renewed = graphOf('ground', network(), container('web', { message: 'now' }));
    const top = above(['ground'], 'top', network(), container('web', { message: 'now' }), output('old'));
    const { first, changes } = await plan(town, top, [renewed]);
    expect(first[0]!.changes.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'destroy output.old',
      'keep network.local',
      'replace container.web',
    ]);
    expect(changes.map(({ action, key }) => `${action} ${key}`)).toEqual([
      'share network.local',
      'share container.web',
      'create output.old',
    ]);
  });
});
