import { expect, it } from 'vitest';
import { didYouMean, nearest } from '../../src/base/suggest.ts';

it.each([
  ['verson', ['name', 'version'], 'version'],
  ['VERSION', ['version'], 'version'],
  ['nmae', ['name', 'none'], 'name'],
  ['v3', ['v1', 'v2'], 'v1'],
  ['contaner', ['network', 'container', 'cotainer'], 'container'],
  ['x', ['payments'], undefined],
  ['payments', ['network'], undefined],
  ['abc', [], undefined],
  ['', ['a'], 'a'],
  ['ab-payments', ['ba-payments'], 'ba-payments'],
  ['payments-ab', ['payments-ba', 'payments-xx'], 'payments-ba'],
])('%j among %j: %s', (word, candidates, near) => {
  expect(nearest(word, candidates)).toBe(near);
  expect(didYouMean(word, candidates)).toEqual(near === undefined ? {} : { hint: `did you mean "${near}"?` });
});
