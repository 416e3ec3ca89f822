import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileFinder } from '../../../src/base/re2/find.ts';

function find(pattern: string, text: string, from?: number): readonly number[] | undefined {
  const compiled = compileFinder(pattern);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value.find(text, from);
}

describe('compileFinder', () => {
  it.each<[pattern: string, text: string, from: number, places: number[] | undefined]>([
    ['b', 'abc', 0, [1, 2]],
    ['b', 'abcb', 2, [3, 4]],
    ['^b', 'ab', 1, undefined],
    ['\\bb', 'ab', 1, undefined],
    ['', 'ab', 2, [2, 2]],
    ['(a+)(b)?', 'xaac', 0, [1, 3, 1, 3, -1, -1]],
    ['(?:a|ab)(c|bcd)(d*)', 'abcd', 0, [0, 4, 1, 4, 4, 4]],
    ['(a{2,3}?)(a*)', 'aaaa', 0, [0, 4, 0, 2, 2, 4]],
    ['(.)', '😀x', 0, [0, 2, 0, 2]],
    ['(a*?)$', 'baa', 0, [1, 3, 1, 3]],
  ])('%s in %s from %i', (pattern, text, from, places) => {
    expect(find(pattern, text, from)).toEqual(places);
  });

  it('finds what Perl finds, for what both languages have', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '(a|b)', '(ab|a)', '(?:a|)', '^', '$', '\\b');
    const piece = fc.tuple(atom, fc.constantFrom('', '*', '+', '?', '*?', '+?', '??', '{1,2}', '{2}?')).map(([a, b]) => {
      return /^(?:\^|\$|\\b|\(\?:a\|\))$/.test(a) ? a : a + b;
    });
    const pattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map((pieces) => pieces.join(''));
    const text = fc.array(fc.constantFrom('a', 'b', ' '), { maxLength: 8 }).map((characters) => characters.join(''));
    fc.assert(
      fc.property(pattern, text, (written, subject) => {
        const match = new RegExp(written, 'd').exec(subject);
        const groups = match?.indices?.flatMap((place) => place ?? [-1, -1]);
        expect(find(written, subject)).toEqual(groups);
      }),
      { numRuns: 2000 },
    );
  });

  it('takes no time for what backtracks', () => {
    expect(find('(a+)+$', `${'a'.repeat(2000)}b`)).toBeUndefined();
  });

  it('has the names of the groups, and the errors of Go', () => {
    const compiled = compileFinder('(?P<x>a)((?:b))(?<y>c)');
    expect(compiled.ok && compiled.value.names).toEqual(['x', undefined, 'y']);
    expect(compileFinder('a)')).toEqual({ ok: false, error: 'error parsing regexp: unexpected ): `a)`' });
  });
});
