import { describe, expect, it } from 'vitest';
import { formatLocalTime, requestDurationNs, type Timing } from '../../../src/images/fake-service/timing.ts';

const MS = 1e6;
const timing: Timing = { p50Ns: 10 * MS, p90Ns: 20 * MS, p99Ns: 30 * MS, variancePercent: 0 };
const numbers = (...values: number[]) => ({ next: () => values.shift() ?? 0 });

describe('requestDurationNs', () => {
  it.each([
    [0, 10],
    [0.899, 10],
    [0.9, 20],
    [0.989, 20],
    [0.99, 30],
  ])('at rank %d is %d ms', (rank, ms) => expect(requestDurationNs(timing, numbers(rank))).toBe(ms * MS));

  it('falls back to the lower percentile', () => {
    expect(requestDurationNs({ ...timing, p90Ns: 0, p99Ns: 0 }, numbers(0.99))).toBe(10 * MS);
    expect(requestDurationNs({ ...timing, p99Ns: 0 }, numbers(0.99))).toBe(20 * MS);
  });

  it('varies upwards, by whole per cents', () => {
    expect(requestDurationNs({ ...timing, variancePercent: 50 }, numbers(0.999, 0))).toBe(14.9 * MS);
  });
});

describe('formatLocalTime', () => {
  it('has microseconds and no zone', () => {
    expect(formatLocalTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime() + 0.25)).toBe('2026-01-02T03:04:05.006250');
  });
});
