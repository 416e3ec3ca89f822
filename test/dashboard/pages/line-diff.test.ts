import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../../src/dashboard/pages/config/line-diff.ts';

const shown = (before: string, after: string) => lineDiff(before, after).map(({ sign, text }) => `${sign}${text}`);

describe('lineDiff', () => {
  it('shows what goes and what comes where it stands', () => {
    expect(shown('a\nb\nc\n', 'a\nx\nc\nd\n')).toEqual([' a', '-b', '+x', ' c', '+d']);
    expect(shown('', 'a\n')).toEqual(['+a']);
    expect(shown('a\n', 'a\n')).toEqual([' a']);
    expect(shown('Kind = 1\n', 'Kind   = 1\nLonger = 2\n')).toEqual([' Kind   = 1', '+Longer = 2']);
  });

  it('holds both texts whole', () => {
    const text = fc.array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 12 }).map((lines) => lines.map((line) => `${line}\n`).join(''));
    const side = (before: string, after: string, sign: '+' | '-') =>
      lineDiff(before, after)
        .filter((line) => line.sign !== sign)
        .map((line) => `${line.text}\n`)
        .join('');
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect([side(before, after, '+'), side(before, after, '-')]).toEqual([before, after]);
      }),
    );
  });
});
