import { expect, it } from 'vitest';
import { createRandom } from '../../../src/images/fake-service/random.ts';

it('createRandom repeats itself with a seed only', () => {
  const draw = (seed: number | undefined) => {
    const random = createRandom(seed);
    return Array.from({ length: 8 }, () => random.next());
  };
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(draw(undefined)).not.toEqual(draw(undefined));
  expect(draw(-1).every((number) => number >= 0 && number < 1)).toBe(true);
});
