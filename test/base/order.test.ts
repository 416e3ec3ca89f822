import { expect, it } from 'vitest';
import { hostPort } from '../../src/base/host-port.ts';
import { compareTexts, sortedByKey, sortedEntries } from '../../src/base/order.ts';

it('puts keys in order, whatever they are called', () => {
  const record = JSON.parse('{ "b": 1, "__proto__": 2, "B": 3 }') as Record<string, number>;
  const sorted = [
    ['B', 3],
    ['__proto__', 2],
    ['b', 1],
  ];
  expect(sortedEntries(record)).toEqual(sorted);
  expect(Object.entries(sortedByKey(record))).toEqual(sorted);
  expect(['b', 'a', 'b', 'Z'].sort(compareTexts)).toEqual(['Z', 'a', 'b', 'b']);
});

it('writes an address of IPv6 in brackets', () => {
  expect([hostPort('localhost', 80), hostPort('::1', '80')]).toEqual(['localhost:80', '[::1]:80']);
});
