import { describe, expect, it } from 'vitest';
import { eventually, failureOf, StepFailure } from '../../../src/app/test/failure.ts';
import { MeshError } from '../../../src/base/errors.ts';

describe('eventually', () => {
  it('looks until it is so', async () => {
    let looks = 0;
    await eventually(new AbortController().signal, () => Promise.resolve(++looks < 3 ? new StepFailure('not yet') : undefined));
    expect(looks).toBe(3);
  });

  it('throws what it saw last when the time is over', async () => {
    let looks = 0;
    await expect(eventually(AbortSignal.timeout(60), () => Promise.resolve(new StepFailure(`look ${++looks}`)))).rejects.toThrow(
      /look [1-9]/,
    );
    expect(looks).toBeGreaterThan(1);
  });

  it('prefers what it saw to a look that was cut off', async () => {
    const stop = new AbortController();
    let looks = 0;
    const look = (): Promise<StepFailure> => {
      if (++looks === 2) stop.abort();
      return Promise.resolve(new StepFailure(looks === 2 ? 'cut off' : 'seen'));
    };
    await expect(eventually(stop.signal, look)).rejects.toThrow('seen');
  });

  it('ends at once with what a look rejects with', async () => {
    await expect(eventually(new AbortController().signal, () => Promise.reject(new StepFailure('never')))).rejects.toThrow('never');
  });
});

describe('failureOf', () => {
  it('keeps what a step found', () => {
    expect(failureOf(new StepFailure('no', { expected: '1', found: '2' }), 'ignored')).toEqual({
      message: 'no',
      expected: '1',
      found: '2',
    });
  });

  it('tells a wrong blueprint from a failure, with what was printed', () => {
    expect(failureOf(new MeshError('invalid', 'the blueprint has 1 error', { hint: 'x' }), 'web.hcl:1:1: error\n\n  1 | a\n')).toEqual({
      message: 'the blueprint has 1 error',
      hint: 'x',
      invalid: true,
      details: ['web.hcl:1:1: error', '  1 | a'],
    });
    expect(failureOf(new Error('boom'))).toEqual({ message: 'boom' });
  });
});
