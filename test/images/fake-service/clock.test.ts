import { describe, expect, it } from 'vitest';
import { preciseClock } from '../../../src/images/fake-service/clock.ts';

describe('preciseClock', () => {
  it('stays near the wall clock', () => {
    const clock = preciseClock();
    const before = Date.now();
    expect(clock.now()).toBeGreaterThanOrEqual(before - 6);
    expect(clock.now()).toBeLessThanOrEqual(Date.now() + 6);
  });

  it('wakes early, with the reason, when aborted', async () => {
    const stop = new AbortController();
    const sleeping = preciseClock().sleep(3_600_000, stop.signal);
    stop.abort(new Error('enough'));
    await expect(sleeping).rejects.toThrow('enough');
    await expect(preciseClock().sleep(0, stop.signal)).rejects.toThrow('enough');
    await preciseClock().sleep(0);
  });
});
