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

describe('an agent that comes after a crash', () => {
  it('adopts what was created, and marks what it can not take over', async () => {
    const first = bench();
    await first.run(v2);
    const second = bench(first.log.records, { world: first.context });
    first.context.log.length = 0;
    first.context.unstartable.set('container.payments', new Error('gone'));
    await second.engine.adopt();
    expect(first.context.log).toEqual(['adopt container.payments', 'adopt container.web', 'open container.web:9090 at 9090']);
    expect(second.state()).toContain('container.payments: failed');
    first.context.unstartable.clear();
    await second.run(v2);
    expect(second.state().every((line) => line.endsWith(': created'))).toBe(true);
  });

  const changed = graphOf('v2', network(), container('payments', { message: 'new' }), container('extra'));
  /** Records that a run of v2, then one of `changed`, then a destroy write. */
  const LENGTH = 40;

  it.each(Array.from({ length: LENGTH }, (_, i) => i))(
    'goes on with a run, or leaves nothing with a destroy, wherever it was: record %i',
    async (cut) => {
      for (const then of ['run', 'destroy'] as const) {
        const first = bench();
        first.log.killedAt = cut;
        const lived = first
          .run(v2)
          .then(() => first.run(changed))
          .then(() => first.destroy());
        await Promise.race([lived, first.log.killed]);
        await settle();
        const second = bench(first.log.records, { world: first.context });
        await second.engine.adopt();
        if (then === 'run') {
          await second.run(v2);
          expect(second.state()).toEqual(v2.resources.map(({ key }) => `${key}: created`).toSorted());
          expect([...first.context.exists].filter((thing) => thing.startsWith('workload')).toSorted()).toEqual([
            'workload container.payments',
            'workload container.web',
          ]);
        }
        await second.destroy();
        expect([...first.context.exists, ...second.state()]).toEqual([]);
      }
    },
  );

  it('was tried at every record', async () => {
    const { run, destroy, log } = bench();
    await run(v2);
    await run(changed);
    await destroy();
    expect(log.records.length).toBeLessThanOrEqual(LENGTH);
  });
});
