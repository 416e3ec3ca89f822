import fc from 'fast-check';
import { expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/base/duration.ts';

// Values and texts of Go's time.ParseDuration and Duration.String.
it.each([
  ['0', 0],
  ['-0', 0],
  ['0s', 0],
  ['5s', 5e9],
  ['+5s', 5e9],
  ['-1.5s', -1.5e9],
  ['1h30m', 5400e9],
  ['1h15m30.918273645s', 4530918273645],
  ['.5s', 5e8],
  ['1.s', 1e9],
  ['1.001ms', 1001000],
  ['100us', 1e5],
  ['100µs', 1e5],
  ['100μs', 1e5],
  ['1.9ns', 1],
  ['0.9ns', 0],
  ['3ns2ns', 5],
])('%s is %i ns', (text, ns) => {
  expect(parseDuration(text)).toEqual({ ok: true, ns });
});

it.each([
  ['', 'time: invalid duration ""'],
  ['-', 'time: invalid duration "-"'],
  ['.', 'time: invalid duration "."'],
  ['.s', 'time: invalid duration ".s"'],
  ['s', 'time: invalid duration "s"'],
  ['--1s', 'time: invalid duration "--1s"'],
  [' 1s', 'time: invalid duration " 1s"'],
  ['3', 'time: missing unit in duration "3"'],
  ['1h3', 'time: missing unit in duration "1h3"'],
  ['3d', 'time: unknown unit "d" in duration "3d"'],
  ['3S', 'time: unknown unit "S" in duration "3S"'],
  ['1s ', 'time: unknown unit "s " in duration "1s "'],
])('%j is refused as Go refuses it', (text, error) => {
  expect(parseDuration(text)).toEqual({ ok: false, error });
});

it.each([
  [0, '0s'],
  [1, '1ns'],
  [1100, '1.1µs'],
  [2_200_000, '2.2ms'],
  [1_846_600, '1.8466ms'],
  [100_000_000, '100ms'],
  [3_300_000_000, '3.3s'],
  [60e9, '1m0s'],
  [300e9, '5m0s'],
  [3600e9, '1h0m0s'],
  [4530.001e9, '1h15m30.001s'],
  [-1.5e9, '-1.5s'],
])('%i ns is printed %s', (ns, text) => {
  expect(formatDuration(ns)).toBe(text);
});

it('reads what it prints', () => {
  fc.assert(
    fc.property(fc.integer({ min: -(2 ** 45), max: 2 ** 45 }), (ns) => {
      expect(parseDuration(formatDuration(ns))).toEqual({ ok: true, ns });
    }),
  );
});
