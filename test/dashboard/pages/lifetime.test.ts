import { describe, expect, it } from 'vitest';
import { percentOver, relativeTime, urgencyOf } from '../../../src/dashboard/pages/certificates/lifetime.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe('lifetimes', () => {
  it('are told in the largest unit that fits twice', () => {
    expect([3650 * DAY, 72 * HOUR, 47 * HOUR, 90_000, 1000, -2 * HOUR].map(relativeTime)).toEqual([
      'in 9 years',
      'in 3 days',
      'in 47 hours',
      'in 90 seconds',
      'in 1 second',
      '2 hours ago',
    ]);
  });

  it('warn of what is late: a tenth before the end, or a month of what somebody has to renew', () => {
    const leaf = { notBefore: 0, notAfter: 72 * HOUR };
    expect([1, 64, 66, 72].map((hours) => urgencyOf(leaf, hours * HOUR, false))).toEqual(['good', 'good', 'warn', 'bad']);
    const given = { notBefore: 0, notAfter: 90 * DAY };
    expect([1, 61].map((days) => urgencyOf(given, days * DAY, true))).toEqual(['good', 'warn']);
    expect(urgencyOf(given, -1, true)).toBe('bad');
  });

  it('are over in percent', () => {
    expect([-5, 0, 5, 10, 20].map((at) => percentOver({ notBefore: 0, notAfter: 10 }, at))).toEqual([0, 0, 50, 100, 100]);
  });
});
