import { describe, expect, it } from 'vitest';
import { renewAt, validity } from '../../src/pki/validity.ts';

describe('validity', () => {
  it('is in whole seconds', () => expect(validity(1_500, 2_999)).toEqual({ notBefore: 1_000, notAfter: 3_000 }));
});

describe('renewAt', () => {
  it('lies between 60 % and 90 % of the lifetime', () => {
    const at = (next: number) => renewAt(1_000, 101_000, { next: () => next });
    expect(at(0)).toBe(61_000);
    expect(at(0.5)).toBe(76_000);
    expect(at(0.999_999_9)).toBeLessThan(91_000);
  });
});
