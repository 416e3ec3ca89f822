import { expect, it } from 'vitest';
import { inParallel } from '../../../src/images/fake-service/workers.ts';

it('inParallel keeps its limit and gives results as they come', async () => {
  let running = 0;
  let most = 0;
  const open: (() => void)[] = [];
  const work = async (item: string) => {
    most = Math.max(most, ++running);
    await new Promise<void>((resolve) => open.push(resolve));
    running--;
    return item;
  };
  const done = inParallel(['a', 'b', 'c'], 2, work);
  open[1]!();
  await new Promise(setImmediate);
  open[2]!();
  await new Promise(setImmediate);
  open[0]!();
  expect(await done).toEqual(['b', 'c', 'a']);
  expect(most).toBe(2);
});
