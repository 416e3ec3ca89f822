import { expect, it } from 'vitest';
import { parsePortRange } from '../../src/blueprints/port-range.ts';

it.each([
  ['8500-8502', [8500, 8501, 8502]],
  [' 80 - 80 ', [80]],
  ['65535-65535', [65535]],
  ['9090', undefined],
  ['9092-9090', undefined],
  ['0-3', undefined],
  ['65535-65536', undefined],
  ['1-1001', undefined],
  ['a-b', undefined],
  ['', undefined],
])('%j: %j', (text, ports) => {
  expect(parsePortRange(text)).toEqual(ports);
});

it('takes a thousand', () => {
  expect(parsePortRange('1-1000')).toHaveLength(1000);
});
