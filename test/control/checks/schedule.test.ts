import { describe, expect, it } from 'vitest';
import { Schedule } from '../../../src/control/checks/schedule.ts';
import { judge, NO_STREAK } from '../../../src/control/checks/thresholds.ts';
import { ManualClock } from '../harness.ts';

describe('schedule', () => {
  it('rings each alarm when it is due, on one sleep of the clock', async () => {
    const clock = new ManualClock(0);
    const schedule = new Schedule(clock);
    const rung: string[] = [];
    const ring = (name: string) => () => void rung.push(name);
    for (const [name, ms] of [
      ['d', 40],
      ['a', 10],
      ['c', 30],
      ['b', 20],
    ] as const)
      schedule.in(name, ms, ring(name));
    expect(clock.sleeping).toBe(1);
    schedule.cancel('b');
    schedule.in('c', 100, ring('c, later'));
    await clock.advanceTo(50);
    expect(rung).toEqual(['a', 'd']);
    await clock.advanceTo(100);
    expect(rung).toEqual(['a', 'd', 'c, later']);
    expect([schedule.has('a'), clock.sleeping]).toEqual([false, 0]);
  });

  it('lets an alarm cancel another, and set itself again', async () => {
    const clock = new ManualClock(0);
    const schedule = new Schedule(clock);
    let rung = 0;
    schedule.in('first', 10, () => {
      rung++;
      schedule.cancel('second');
      schedule.in('first', 10, () => rung++);
    });
    schedule.in('second', 10, () => (rung += 100));
    await clock.advanceTo(10);
    await clock.advanceTo(20);
    expect(rung).toBe(2);
    schedule.in('never', 5, () => rung++);
    schedule.close();
    expect(clock.sleeping).toBe(0);
  });

  it('keeps the order of many', async () => {
    const clock = new ManualClock(0);
    const schedule = new Schedule(clock);
    const rung: number[] = [];
    for (let i = 0; i < 200; i++) schedule.in(String(i), (i * 77) % 200, () => rung.push((i * 77) % 200));
    for (let i = 0; i < 200; i += 3) schedule.cancel(String(i));
    await clock.advanceTo(200);
    expect(rung).toEqual([...rung].sort((a, b) => a - b));
    expect(rung).toHaveLength(133);
  });

  it('keeps the order, and the latest time of each, when most were set again', async () => {
    const clock = new ManualClock(0);
    const schedule = new Schedule(clock);
    const rung: string[] = [];
    for (let round = 1; round <= 100; round++)
      for (let i = 0; i < 10; i++) schedule.in(`${i}`, 1000 * round - i, () => rung.push(`${i}, ${round}`));
    schedule.cancel('3');
    await clock.advanceTo(99_980);
    expect(rung).toEqual([]);
    await clock.advanceTo(100_000);
    expect(rung).toEqual([9, 8, 7, 6, 5, 4, 2, 1, 0].map((i) => `${i}, 100`));
    expect(clock.sleeping).toBe(0);
  });
});

describe('thresholds', () => {
  const play = (run: object, ...found: ('passing' | 'warning' | 'critical')[]) => {
    let streak = NO_STREAK;
    return found.map((status) => {
      const judged = judge(streak, run, status);
      streak = judged.streak;
      return judged.show;
    });
  };

  it('shows every result without any', () => {
    expect(play({}, 'critical', 'passing', 'warning')).toEqual(['critical', 'passing', 'warning']);
  });

  it('waits for enough in a row', () => {
    expect(play({ SuccessBeforePassing: 2 }, 'passing', 'critical', 'passing', 'passing')).toEqual([
      undefined,
      'critical',
      undefined,
      'passing',
    ]);
    expect(play({ FailuresBeforeCritical: 2 }, 'critical', 'critical')).toEqual([undefined, 'critical']);
    expect(play({ FailuresBeforeWarning: 1, FailuresBeforeCritical: 3 }, 'critical', 'critical', 'critical')).toEqual([
      'warning',
      'warning',
      'critical',
    ]);
  });
});
