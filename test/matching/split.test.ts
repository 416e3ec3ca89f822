import { describe, expect, it } from 'vitest';
import { drawWeighted } from '../../src/matching/split.ts';
import { seeded } from '../proxy/l7/world.ts';

const DRAWS = 10_000;

describe('drawWeighted', () => {
  it.each([[[50, 50]], [[90, 10]], [[66.67, 33.33]], [[33.34, 33.33, 33.33]], [[99.99, 0.01]], [[0, 25, 75]]])(
    'gives %j their shares',
    (weights) => {
      const random = seeded(7);
      const choices = weights.map((weight, i) => ({ weight, i }));
      const seen = weights.map(() => 0);
      for (let n = 0; n < DRAWS; n++) seen[drawWeighted(choices, random())!.i]!++;
      let chiSquare = 0;
      for (const [i, weight] of weights.entries()) {
        const expected = (DRAWS * weight) / 100;
        if (expected === 0) expect(seen[i]).toBe(0);
        else chiSquare += (seen[i]! - expected) ** 2 / expected;
      }
      // 99.9 % quantile for two degrees of freedom; the seed is fixed, so this can't fail by chance.
      expect(chiSquare).toBeLessThan(13.8);
    },
  );

  it('gives each hundredth of a percent to exactly one', () => {
    const choices = [
      { weight: 33.33, name: 'a' },
      { weight: 66.66, name: 'b' },
      { weight: 0.01, name: 'c' },
    ];
    const drawn = Array.from({ length: 10_000 }, (_, i) => drawWeighted(choices, (i + 0.5) / 10_000)!.name).join('');
    expect(['a', 'b', 'c'].map((name) => drawn.split(name).length - 1)).toEqual([3333, 6666, 1]);
    expect([drawWeighted(choices, 0)!.name, drawWeighted(choices, 1 - 2 ** -32)!.name]).toEqual(['a', 'c']);
  });

  it('has nothing to draw from nothing', () => {
    expect(drawWeighted([{ weight: 0 }], 0)).toBeUndefined();
    expect(drawWeighted([], 0)).toBeUndefined();
  });
});
