import { describe, expect, it } from 'vitest';
import { compileRe2, type Re2Options } from '../../src/base/re2.ts';

const matches = (pattern: string, text: string, options?: Re2Options): boolean => {
  const compiled = compileRe2(pattern, options);
  if (!compiled.ok) throw new Error(compiled.error);
  return compiled.value.test(text);
};
const refused = (pattern: string): string | undefined => {
  const compiled = compileRe2(pattern);
  return compiled.ok ? undefined : compiled.error;
};

describe('compileRe2', () => {
  it.each([
    ['a.c', 'xabcx'],
    ['^v[0-9]+$', 'v12'],
    ['(?i)ABC', 'abc'],
    ['(?s)a.b', 'a\nb'],
    ['\\Aab\\z', 'ab'],
    ['(?P<major>\\d+)\\.(?<minor>\\d+)', '1.2'],
    ['[[:alpha:]_]+[^[:digit:]]', 'ab!'],
    ['[]a]+', ']a'],
    ['[^]a]', 'b'],
    ['a{2}', 'aa'],
    ['{x}', '{x}'],
    ['a{,2}', 'a{,2}'],
    ['\\Qa.b(\\E+', 'a.b(('],
    ['\\x41\\x{42}\\103', 'ABC'],
    ['\\p{Greek}\\pL\\p{Lu}', 'αaB'],
    ['\\P{Lu}\\p{^Lu}', 'ab'],
    ['\\/v1\\-\\_x', '/v1-_x'],
    ['[\\w\\-./]+', 'a-b./'],
    ['a\\s[\\s]', 'a \t'],
    ['x*?y', 'xxy'],
  ])('%s matches %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(true);
  });

  it.each([
    ['\\s', '\u00a0'],
    ['\\Aab\\z', 'ab\n'],
    ['a.b', 'a\nb'],
    ['[^[:digit:]]', '7'],
    ['\\QA\\E', 'a'],
  ])('%s does not match %j', (pattern, text) => {
    expect(matches(pattern, text)).toBe(false);
  });

  it('looks anywhere, or at the whole text', () => {
    expect([matches('b|ab', 'abc'), matches('b|ab', 'abc', { whole: true }), matches('b|ab', 'ab', { whole: true })]).toEqual([
      true,
      false,
      true,
    ]);
    expect(matches('/V1', '/v1', { whole: true, ignoreCase: true })).toBe(true);
  });

  it.each([
    ['a(', 'unterminated group'],
    ['[a', 'missing closing ]: `[a`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=a`'],
    ['(?<!a)b', 'invalid or unsupported Perl syntax: `(?<!`'],
    ['a(?i)b', 'invalid or unsupported Perl syntax: `(?i)`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['\\y', 'invalid escape sequence: `\\y`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
    ['[[:nope:]]', 'invalid character class range: `[:nope:]`'],
    ['*', 'nothing to repeat'],
    ['\\x{110000}', 'invalid escape sequence: `\\x{110000}`'],
  ])('refuses %s', (pattern, why) => {
    expect(refused(pattern)).toBe(`error parsing regexp: ${why}`);
  });
});
