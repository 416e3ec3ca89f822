import { expect, it } from 'vitest';
import { until, Watchable } from '../../src/base/watch.ts';

it('tells each listener of each change until it leaves, also in the middle of a change', () => {
  const watch = new Watchable(0);
  const log: string[] = [];
  const leave = watch.subscribe((value) => {
    log.push(`a${value}`);
    if (value === 2) leave();
  });
  watch.subscribe((value) => log.push(`b${value}`));
  for (const value of [1, 2, 3]) watch.set(value);
  expect(watch.value).toBe(3);
  expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'b3']);
});

it('waits for a value: the present one, a later one, or the end', async () => {
  const watch = new Watchable(1);
  expect(await until(watch, (value) => value === 1, AbortSignal.abort())).toBe(1);
  const later = until(watch, (value) => value > 2);
  for (const value of [2, 3, 4]) watch.set(value);
  expect(await later).toBe(3);
  await expect(until(watch, () => false, AbortSignal.abort(new Error('early')))).rejects.toThrow('early');
  const cancel = new AbortController();
  const never = until(watch, () => false, cancel.signal);
  cancel.abort(new Error('enough'));
  await expect(never).rejects.toThrow('enough');
});

it('leaves no listener behind', async () => {
  const watch = new Watchable(0);
  let asked = 0;
  const waiting = until(watch, (value) => {
    asked++;
    return value === 1;
  });
  watch.set(1);
  await waiting;
  const before = asked;
  watch.set(2);
  expect(asked).toBe(before);
});
