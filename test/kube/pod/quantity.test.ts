import { expect, it } from 'vitest';
import { parseQuantity } from '../../../src/kube/pod/quantity.ts';

it.each([
  ['1', 1],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['500m', 0.5],
  ['128Mi', 2 ** 27],
  ['2k', 2000],
  ['1e3', 1000],
  ['1E-3', 0.001],
  ['1E', 1e18],
  ['-3', -3],
])('reads %j', (text, value) => {
  expect(parseQuantity(text)).toBeCloseTo(value, 9);
});

it.each(['', 'm', '1 Mi', '1mi', '0x10', '1MiB', 'lots'])('refuses %j', (text) => {
  expect(parseQuantity(text)).toBeUndefined();
});
