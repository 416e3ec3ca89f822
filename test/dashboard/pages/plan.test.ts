import { describe, expect, it } from 'vitest';
import { failureOf, stepsOf, summaryOf } from '../../../src/dashboard/pages/blueprints/plan.ts';

describe('stepsOf', () => {
  it('lists what happens, of what it builds on first, and why', () => {
    const steps = stepsOf({
      first: [{ blueprint: { name: 'v2' }, changes: [{ action: 'create', key: 'network.local' }] }],
      changes: [
        { action: 'keep', key: 'network.other' },
        { action: 'swap', key: 'container.web', causes: [{ kind: 'attribute', path: 'image.name' }, { kind: 'tainted' }] },
      ],
      deferred: [{ key: 'exec.x', dependsOn: ['random.id'] }],
    });
    expect(steps).toEqual([
      { key: 'network.local', action: 'create', why: '' },
      { key: 'container.web', action: 'replace', why: 'image.name, tainted' },
      { key: 'exec.x', action: 'know later', why: 'it comes after random.id' },
    ]);
    expect(summaryOf(steps)).toBe('1 to create, 1 to replace, 1 to know later');
  });

  it('knows an error from a result', () => {
    expect(failureOf({ error: { message: 'no', hint: 'yes' } })).toEqual({ message: 'no', hint: 'yes' });
    expect([failureOf({ blueprint: {} }), failureOf(undefined)]).toEqual([undefined, undefined]);
  });
});
