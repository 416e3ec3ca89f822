import { describe, expect, it } from 'vitest';
import { bench, container, graphOf, network, output } from './engine-harness.ts';

const v1 = graphOf('v1', network(), container('payments'), container('web', { host: 9090, dependsOn: ['container.payments'] }));
const v2 = graphOf(
  'v2',
  network(),
  container('payments', { message: 'new' }),
  container('web', { host: 9090, dependsOn: ['container.payments'] }),
  output('url', 'container.web'),
);
const replacing = ['/v1'];

describe('a run that takes the place of another blueprint', () => {
  it('brings the new side up, then removes the old one, which hands its port over', async () => {
    const { run, context, state, engine } = bench();
    await run(v1);
    context.log.length = 0;
    await run(v2, { replacing });
    expect(context.log).toEqual([
      'start container.payments~2',
      'start container.web~2',
      'open container.web:9090~2 at 9090',
      'stop container.web',
      'stop container.payments',
    ]);
    expect(state()).toEqual(v2.resources.map(({ key }) => `${key}: created`).toSorted());
    expect([...engine.journal.state.blueprints.keys()]).toEqual(['/v2']);
    expect([...context.exists].filter((what) => what.startsWith('workload')).toSorted()).toEqual([
      'workload container.payments~2',
      'workload container.web~2',
    ]);
  });

  it('shares what is the same in both, and changes nothing when it is asked again', async () => {
    const { run, context, events, engine } = bench();
    await run(v1);
    await run(v2, { replacing });
    expect(engine.journal.state.resources.get('network.local')?.owners).toEqual(['/v2']);
    events.length = 0;
    context.log.length = 0;
    await run(v2, { replacing });
    expect(events).toEqual(['nothing-to-do']);
    expect(context.log).toEqual([]);
  });

  it('is removed like any other', async () => {
    const { run, destroy, context } = bench();
    await run(v1);
    await run(v2, { replacing });
    expect(await destroy()).toEqual(['v2']);
    expect([...context.exists]).toEqual([]);
    expect(context.claimedPorts.size).toBe(0);
  });

  it('leaves the old side serving when the new one does not come up, and can be called again', async () => {
    const { run, context, state, engine } = bench();
    await run(v1);
    context.unstartable.set('container.payments~2', new Error('no such program'));
    await expect(run(v2, { replacing })).rejects.toMatchObject({ code: 'incomplete' });
    expect(context.exists.has('workload container.web')).toBe(true);
    expect([...engine.journal.state.blueprints.keys()]).toEqual(['/v1', '/v2']);
    context.unstartable.clear();
    await run(v2, { replacing });
    expect(state()).toEqual(v2.resources.map(({ key }) => `${key}: created`).toSorted());
    expect([...context.exists].filter((what) => what.startsWith('workload container.web'))).toHaveLength(1);
  });

  it('is gone on with by the next run, named again or not', async () => {
    const { run, context, state, engine } = bench();
    await run(v1);
    context.unstartable.set('container.payments~2', new Error('no such program'));
    await run(v2, { replacing }).catch(() => undefined);
    context.unstartable.clear();
    await run(v2);
    expect(state()).toEqual(v2.resources.map(({ key }) => `${key}: created`).toSorted());
    expect([...engine.journal.state.blueprints.keys()]).toEqual(['/v2']);
    expect([...context.exists].filter((what) => what.startsWith('workload container.web'))).toHaveLength(1);
  });

  it('does not concern the old side, as long as that stays as it is', async () => {
    const { run, context, events } = bench();
    await run(v1);
    context.unstartable.set('container.payments~2', new Error('no such program'));
    await run(v2, { replacing }).catch(() => undefined);
    events.length = 0;
    await run(v1);
    expect(events).toEqual(['nothing-to-do']);
    const changed = graphOf('v1', network(), container('payments', { message: 'other' }), v1.resources[2]!);
    await expect(run(changed)).rejects.toMatchObject({
      message: 'main.hcl:payments: container.payments runs already, defined differently by blueprint v2',
      hint: expect.stringContaining('mesh destroy v2'),
    });
  });

  it('can be taken back: the old side has its names again', async () => {
    const { run, destroy, context, state, events } = bench();
    await run(v1);
    context.unstartable.set('container.payments~2', new Error('no such program'));
    await run(v2, { replacing }).catch(() => undefined);
    expect(await destroy(['/v2'])).toEqual(['v2']);
    expect(state()).toEqual(v1.resources.map(({ key }) => `${key}: created`).toSorted());
    events.length = 0;
    await run(v1);
    expect(events).toEqual(['nothing-to-do']);
  });

  it('refuses what a third blueprint has', async () => {
    const { run } = bench();
    await run(v1);
    await run(graphOf('other', container('frontend', { message: 'theirs' })));
    const mine = graphOf('v2', network(), container('frontend', { message: 'mine' }));
    await expect(run(mine, { replacing })).rejects.toThrow('container.frontend runs already, defined differently by blueprint other');
  });

  it('replaces twice: every generation is told from the others', async () => {
    const { run, context } = bench();
    await run(v1);
    await run(v2, { replacing });
    await run({ ...v1, blueprint: { id: '/v3', name: 'v3' } }, { replacing: ['/v2'] });
    expect([...context.exists].filter((what) => what.startsWith('workload')).toSorted()).toEqual([
      'workload container.payments~3',
      'workload container.web~3',
    ]);
  });

  it('is an ordinary run when the other one is not applied', async () => {
    const { run, context } = bench();
    await run(v2, { replacing });
    expect(context.log[0]).toBe('start container.payments');
  });

  it('can be completed after a crash at any record', async () => {
    const whole = bench();
    await whole.run(v1);
    const before = whole.log.records.length;
    await whole.run(v2, { replacing });
    const length = whole.log.records.length;
    for (let at = before; at < length; at++) {
      const first = bench();
      await first.run(v1);
      first.log.killedAt = at;
      const died = first.run(v2, { replacing }).catch(() => undefined);
      await Promise.race([first.log.killed, died]);
      const next = bench(first.log.records, { world: first.context });
      await next.engine.adopt();
      await next.run(v2, { replacing });
      expect([at, next.state()]).toEqual([at, v2.resources.map(({ key }) => `${key}: created`).toSorted()]);
      await next.destroy();
      expect([at, [...next.context.exists]]).toEqual([at, []]);
    }
  });
});

describe('a tainted resource', () => {
  it('is made anew by the next run, and only by that', async () => {
    const { run, engine, context, events } = bench();
    await run(v1);
    expect(await engine.taint('container.payments')).toBe(true);
    expect(await engine.taint('container.nobody')).toBe(false);
    context.log.length = 0;
    await run(v1);
    expect(context.log).toContain('start container.payments');
    events.length = 0;
    await run(v1);
    expect(events).toEqual(['nothing-to-do']);
  });
});

describe('what another blueprint needs', () => {
  const base = graphOf('base', network());
  const user = graphOf('user', container('web'));

  it('does not go: nothing is changed', async () => {
    const { run, destroy, context, log } = bench();
    await run(base);
    await run(user);
    const { length } = log.records;
    await expect(destroy(['/base'])).rejects.toMatchObject({
      message: 'network.local is needed by container.web of blueprint user; nothing was changed',
      hint: '`mesh destroy user` first, or `mesh destroy` for everything',
    });
    await expect(run(graphOf('v2', output('url')), { replacing: ['/base'] })).rejects.toThrow('is needed by container.web');
    expect(log.records).toHaveLength(length);
    expect(await destroy(['/user', '/base'])).toEqual(['base', 'user']);
    expect([...context.exists]).toEqual([]);
  });
});
