import { describe, expect, it } from 'vitest';
import { isHostOrIp } from '../../src/entries/hostname.ts';

describe('isHostOrIp', () => {
  it.each(['1.2.3.4', '::1', '2001:db8::1', 'example.com', 'a', 'x-1.y'])('%s is one', (text) => {
    expect(isHostOrIp(text)).toBe(true);
  });

  it.each(['', '1.2.3', '1.2.3.256', ':::', 'a b', '*.example.com', '-a', 'a.', 'http://x', `${'a'.repeat(64)}.com`])(
    '%j is none',
    (text) => {
      expect(isHostOrIp(text)).toBe(false);
    },
  );
});
