import { describe, expect, it } from 'vitest';
import { settle } from '../drivers/supervise/manual-clock.ts';
import { bench, container, graphOf, network, output } from './engine-harness.ts';

const v2 = graphOf(
  'v2',
  network(),
  container('payments'),
  container('web', { host: 9090, dependsOn: ['container.payments'] }),
  output('url', 'container.web'),
);

describe('run', () => {
  it('creates dependencies first, and records each action before and after', async () => {
    const { run, context, log, events, state } = bench();
    await run(v2);
    expect(context.log).toEqual(['start container.payments', 'start container.web', 'open container.web:9090 at 9090']);
    expect(state()).toEqual(v2.resources.map(({ key }) => `${key}: created`).toSorted());
    expect(events.filter((event) => event.startsWith('created'))).toHaveLength(4);
    const told = log.records.flatMap((record) =>
      record.type === 'resource' ? [`${record.record.resource.key} ${record.record.status}`] : [record.type],
    );
    expect(told[0]).toBe('blueprint');
    for (const { key } of v2.resources) expect(told.indexOf(`${key} creating`)).toBeLessThan(told.indexOf(`${key} created`));
  });

  it('does nothing the second time', async () => {
    const { run, context, events } = bench();
    await run(v2);
    const { length } = context.log;
    events.length = 0;
    await run(v2);
    expect(events).toEqual(['nothing-to-do']);
    expect(context.log).toHaveLength(length);
  });

  it('starts what is independent side by side', async () => {
    const { run, context } = bench();
    let open: () => void = () => undefined;
    context.gates.set(
      'container.a',
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    const running = run(graphOf('x', network(), container('a'), container('b'), container('after-a', { dependsOn: ['container.a'] })));
    await settle();
    expect(context.log).toEqual(['start container.b']);
    open();
    await running;
    expect(context.log).toEqual(['start container.b', 'start container.a', 'start container.after-a']);
  });

  it('replaces what changed together with what depends on it, dependents first to go', async () => {
    const { run, context, events } = bench();
    await run(v2);
    context.log.length = 0;
    events.length = 0;
    const changed = graphOf('v2', network(), container('payments', { message: 'new' }), ...v2.resources.slice(2));
    await run(changed);
    expect(context.log).toEqual([
      'stop container.web',
      'stop container.payments',
      'start container.payments',
      'start container.web',
      'open container.web:9090 at 9090',
    ]);
    expect(events.filter((event) => event.startsWith('replacing'))).toEqual([
      'replacing container.payments',
      'replacing container.web',
      'replacing output.url',
    ]);
  });

  it('removes what the blueprint does not ask for any more', async () => {
    const { run, context, state } = bench();
    await run(v2);
    await run(graphOf('v2', ...v2.resources.slice(0, 2)));
    expect(state()).toEqual(['container.payments: created', 'network.local: created']);
    expect([...context.exists].filter((thing) => thing.includes('web'))).toEqual([]);
  });

  it('makes anew what has given up since', async () => {
    const { run, context } = bench();
    await run(v2);
    context.giveUp('container.web');
    context.log.length = 0;
    await run(v2);
    expect(context.log).toEqual(['stop container.web', 'start container.web', 'open container.web:9090 at 9090']);
  });

  it('refuses what needs a resource that does not run, before anything is done', async () => {
    const { run, log } = bench();
    await expect(run(graphOf('x', container('web')))).rejects.toMatchObject({
      code: 'invalid',
      message: 'main.hcl:web: container.web needs network.local, which is not running',
    });
    expect(log.records).toEqual([]);
  });
});

describe('two blueprints', () => {
  it('share what both define alike; it goes with the last one', async () => {
    const { run, destroy, context, state } = bench();
    await run(graphOf('a', network(), container('web')));
    await run(graphOf('b', network(), container('api')));
    expect(await destroy(['/a'])).toEqual(['a']);
    expect(state()).toEqual(['container.api: created', 'network.local: created']);
    expect(await destroy(['/b'])).toEqual(['b']);
    expect([...context.exists]).toEqual([]);
  });

  it('do not take from each other what they define differently', async () => {
    const { run, log } = bench();
    await run(graphOf('a', network(), container('web')));
    const { length } = log.records;
    await expect(run(graphOf('b', network(), container('web', { message: 'mine' })))).rejects.toMatchObject({
      code: 'invalid',
      message: 'main.hcl:web: container.web runs already, defined differently by blueprint a',
      hint: 'mesh destroy a, or `mesh run b --replace a` to put this one in its place without a gap',
    });
    expect(log.records).toHaveLength(length);
  });

  it('are named as they can be typed: this one as it was, another one of its name by its folder', async () => {
    const { run } = bench();
    const app = (folder: string, message: string) => ({
      ...graphOf('app', network(), container('web', { message })),
      blueprint: { id: `${folder}/app`, name: 'app' },
      typed: `..${folder}/app`,
    });
    await run(app('/o1', 'first'));
    await expect(run(app('/o2', 'second'))).rejects.toMatchObject({
      hint: 'mesh destroy /o1/app, or `mesh run ../o2/app --replace /o1/app` to put this one in its place without a gap',
    });
  });

  it('are applied one after the other', async () => {
    const { run, context, events } = bench();
    let open: () => void = () => undefined;
    context.gates.set(
      'container.a',
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    const first = run(graphOf('a', network(), container('a')));
    const second = run(graphOf('b', network(), container('b')));
    await settle();
    expect(context.log).toEqual([]);
    expect(events).toContain('queued');
    open();
    await Promise.all([first, second]);
    expect(context.log).toEqual(['start container.a', 'start container.b']);
  });
});

describe('a run in rounds', () => {
  const first = {
    ...graphOf('v2', network(), container('payments'), container('other')),
    deferred: [{ key: 'container.web', dependsOn: ['container.payments'] }],
  };

  it('waits only for what later rounds need, and for the rest in the last one', async () => {
    const { run, context, events, state } = bench();
    context.unready.add('container.other');
    await run(first);
    expect(events).toContain('created container.payments');
    expect(events).not.toContain('created container.other');
    expect(state()).toEqual(['container.other: created', 'container.payments: created', 'network.local: created']);
    context.unready.delete('container.other');
    await run(graphOf('v2', ...first.resources, container('web', { dependsOn: ['container.payments'] })));
    expect(events).toContain('created container.other');
    expect(events).toContain('created container.web');
    expect(events).not.toContain('nothing-to-do');
  });

  it('keeps what waits and runs already, until its turn comes', async () => {
    const { run, context } = bench();
    await run(v2);
    context.log.length = 0;
    await run({ ...graphOf('v2', ...v2.resources.slice(0, 2)), deferred: [{ key: 'container.web', dependsOn: ['container.payments'] }] });
    expect(context.log).toEqual([]);
    expect(context.exists.has('workload container.web')).toBe(true);
  });

  it('does not remove the blueprint whose place it takes before the last one', async () => {
    const { run, state } = bench();
    await run(graphOf('v1', network(), container('old')));
    await run(
      { ...graphOf('v2', network(), container('new')), deferred: [{ key: 'output.late', dependsOn: ['container.new'] }] },
      { replacing: ['/v1'] },
    );
    expect(state()).toContain('container.old: created');
    await run(graphOf('v2', network(), container('new'), output('late', 'container.new')), { replacing: ['/v1'] });
    expect(state()).not.toContain('container.old: created');
  });
});

describe('host ports', () => {
  const wants = (name: string) => graphOf(name, network(), container(name, { host: 9090 }));

  it('of another resource are refused with its name and blueprint', async () => {
    const { run, log } = bench();
    await run(wants('a'));
    const { length } = log.records;
    await expect(run(wants('b'))).rejects.toMatchObject({
      code: 'environment',
      message: 'container.b needs port 9090 of 127.0.0.1, which container.a holds',
      hint: 'mesh destroy a',
    });
    expect(log.records).toHaveLength(length);
  });

  it('of a stranger are refused with its description, or move when they may', async () => {
    const { run, context } = bench();
    context.holders.set(9090, 'pid 42 (nginx)');
    await expect(run(wants('a'))).rejects.toMatchObject({
      code: 'environment',
      message: 'container.a needs port 9090 of 127.0.0.1, which pid 42 (nginx) holds',
      hint: 'stop it, or change the host port at main.hcl:a',
    });
    await run(wants('a'), { ports: 'auto' });
    expect(context.log).toContain('open container.a:9090 at 40000');
  });

  it('may go from a resource that leaves to one that comes', async () => {
    const { run, context } = bench();
    await run(graphOf('x', network(), container('old', { host: 9090 })));
    context.holders.set(9090, 'ourselves');
    await run(graphOf('x', network(), container('new', { host: 9090 })));
    expect(context.log).toContain('open container.new:9090 at 9090');
  });

  it('are any free one when given as 0', async () => {
    const { run, context } = bench();
    await run(graphOf('x', network(), container('a', { host: 0 }), container('b', { host: 0 })));
    expect(context.log).toContain('open container.a:0 at 40000');
  });
});

describe('a failure', () => {
  const graph = graphOf('x', network(), container('bad'), container('needs-bad', { dependsOn: ['container.bad'] }), container('good'));

  it('of a start stops only what depends on it, and is saved', async () => {
    const { run, context, state, events, engine } = bench();
    context.unstartable.set('container.bad', new Error('no such program'));
    await expect(run(graph)).rejects.toMatchObject({
      code: 'incomplete',
      message: 'container.bad: no such program\nnot started because of that: container.needs-bad',
      hint: expect.stringContaining('mesh run x'),
    });
    expect(events).toContain('skipped container.needs-bad');
    expect(engine.journal.state.resources.get('container.needs-bad')?.error).toBe('not started, since container.bad is missing');
    expect(state()).toEqual(['container.bad: failed', 'container.good: created', 'container.needs-bad: failed', 'network.local: created']);
    context.unstartable.clear();
    await run(graph);
    expect(state().every((line) => line.endsWith(': created'))).toBe(true);
  });

  it('of an address stops only what depends on it, keeps its code, and leaves nothing behind', async () => {
    const { run, destroy, context, state } = bench();
    context.addressless.add('container.bad');
    await expect(run(graph)).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('container.bad: no address is left in 10.5.0.0/16'),
    });
    expect(state()).toContain('container.good: created');
    expect(context.log).toEqual(['start container.good']);
    await destroy();
    expect([...context.exists]).toEqual([]);
  });

  it('ends the wait of the others a second later', async () => {
    const { run, context, clock, state } = bench();
    context.unstartable.set('container.bad', new Error('no such program'));
    context.unready.add('container.good');
    const running = run(graph);
    const refused = expect(running).rejects.toMatchObject({ message: expect.stringContaining('container.bad: no such program') });
    await settle();
    await clock.advance(1000);
    await refused;
    expect(state()).toContain('container.good: creating');
    expect(clock.waiting).toBe(0);
  });

  it('by time names all that was waited for, and why', async () => {
    const { run, context, clock, engine } = bench();
    context.unready.add('container.bad').add('container.good');
    context.troubles.set('container.bad', 'it waits for Godot');
    await expect(run(graph, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'incomplete',
      message: expect.stringMatching(
        /^container\.\S+: not ready after 0\.05 s, still waiting for: bad: ready \(it waits for Godot\); good: ready \(and 1 more\)$/,
      ),
    });
    // The record of each says only what keeps itself.
    const errors = Object.fromEntries([...engine.journal.state.resources].map(([key, { error }]) => [key, error]));
    expect(errors).toMatchObject({
      'container.bad': 'not ready after 0.05 s, still waiting for: bad: ready (it waits for Godot)',
      'container.good': 'not ready after 0.05 s, still waiting for: good: ready',
    });
    expect(clock.waiting).toBe(0);
  });
});

describe('cancelling', () => {
  it('starts nothing more, and the next run goes on', async () => {
    const { run, context, state } = bench();
    const cancel = new AbortController();
    context.onAct = (what) => {
      if (what === 'start container.payments') cancel.abort(new Error('Ctrl-C'));
    };
    await expect(run(v2, { signal: cancel.signal })).rejects.toThrow('Ctrl-C');
    expect(context.log).toEqual(['start container.payments']);
    expect(state()).toContain('container.web: creating');
    await run(v2);
    expect(state().every((line) => line.endsWith(': created'))).toBe(true);
  });

  it('in the middle of a destroy keeps the rest, and the next destroy goes on', async () => {
    const { run, destroy, context, state } = bench();
    await run(v2);
    const cancel = new AbortController();
    context.onAct = () => cancel.abort(new Error('Ctrl-C'));
    await expect(destroy('all', cancel.signal)).rejects.toThrow('Ctrl-C');
    expect(state()).toContain('container.payments: created');
    expect(await destroy()).toEqual(['v2']);
    expect([...context.exists, ...state()]).toEqual([]);
  });

  it('in the queue leaves it at once', async () => {
    const { run, context } = bench();
    let open: () => void = () => undefined;
    context.gates.set(
      'container.payments',
      new Promise<void>((resolve) => {
        open = resolve;
      }),
    );
    const first = run(v2);
    const cancel = new AbortController();
    const second = run(graphOf('x', network(), container('x')), { signal: cancel.signal });
    cancel.abort(new Error('Ctrl-C'));
    await expect(second).rejects.toThrow('Ctrl-C');
    open();
    await first;
    expect(context.log).not.toContain('start container.x');
  });
});

describe('destroy', () => {
  it('takes dependents first, and leaves nothing', async () => {
    const { run, destroy, context, state, events } = bench();
    await run(v2);
    events.length = 0;
    expect(await destroy()).toEqual(['v2']);
    expect(events.filter((event) => event.startsWith('destroyed'))).toEqual([
      'destroyed output.url',
      'destroyed container.web',
      'destroyed container.payments',
      'destroyed network.local',
    ]);
    expect([...context.exists, ...state()]).toEqual([]);
  });

  it('of what does not run is no error', async () => {
    expect(await bench().destroy(['/v2'])).toEqual([]);
  });
});
