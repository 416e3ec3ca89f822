import { expect, it } from 'vitest';
import { type Counted, NOTHING_COUNTED } from '../../src/api/rates.ts';
import { ago, bytes, count, duration, inShort, percent, short } from '../../src/dashboard/texts/numbers.ts';

it.each([
  [0, '0'],
  [0.04, '0'],
  [0.25, '0.3'],
  [9.94, '9.9'],
  [9.96, '10'],
  [999.4, '999'],
  [999.6, '1k'],
  [1340, '1.3k'],
  [2_500_000, '2.5M'],
])('%d is %s', (value, text) => expect(short(value)).toBe(text));

it('times, shares, sizes and ages are short', () => {
  expect([duration(0.42), duration(12.4), duration(999.7), duration(2500)]).toEqual(['0.4 ms', '12 ms', '1 s', '2.5 s']);
  expect([percent(1), percent(0.9999), percent(0.5), percent(0)]).toEqual(['100 %', '99.9 %', '50.0 %', '0.0 %']);
  expect([bytes(999), bytes(1500)]).toEqual(['999 B', '1.5kB']);
  expect([ago(-5), ago(12_000), ago(600_000), ago(3 * 3_600_000)]).toEqual(['now', '12 s ago', '10 min ago', '3 h ago']);
  expect([count(1, 'service'), count(0, 'service')]).toEqual(['1 service', '0 services']);
});

it('what flows is said in short', () => {
  const counted = (more: Partial<Counted>): string => inShort({ ...NOTHING_COUNTED, ms: 2000, ...more }, [1, 10]);
  expect(counted({})).toBe('idle');
  expect(counted({ requests: 20, latency: [20, 0, 0] })).toBe('10 rps · 100 % · p95 0.9 ms');
  expect(counted({ requests: 20, failed: 1, latency: [0, 20, 0] })).toBe('10 rps · 95.0 % · p95 9.5 ms');
  expect(counted({ connections: { begun: 4, failed: 1, active: 2 } })).toBe('2 conn/s · 75.0 %');
  expect(counted({ connections: { begun: 0, failed: 0, active: 2 } })).toBe('2 open');
});
