import fc from 'fast-check';
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
    ['^a(?i)b(?-i:c)d$', 'aBcD'],
    ['(?U)a+\\n(?m:^b$)', 'xa\nb\nc'],
    ['^(?:|a|bc){2,3}$', 'bca'],
    ['^(a*)*b$', 'aab'],
    ['\\bf(?:o\\Bo)\\b.', 'a foo b'],
    ['(?i)[^x-z]ÄΣ', 'aäσ'],
    ['^[[:^digit:]\\D\\pN]{3}$', 'a1²'],
    ['^.$', '😀'],
    ['^\\x{1F600}\\07\\.$', '😀\u0007.'],
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
    ['a(', 'missing closing ): `a(`'],
    ['a)', 'unexpected ): `a)`'],
    ['[a', 'missing closing ]: `[a`'],
    ['(?=a)', 'invalid or unsupported Perl syntax: `(?=`'],
    ['(?x)a', 'invalid or unsupported Perl syntax: `(?x)`'],
    ['(?<!a)b', 'invalid named capture: `(?<!a)b`'],
    ['(a)\\1', 'invalid escape sequence: `\\1`'],
    ['\\y', 'invalid escape sequence: `\\y`'],
    ['a{1001}', 'invalid repeat count: `{1001}`'],
    ['a\\', 'trailing backslash at end of expression: ``'],
    ['[[:nope:]]', 'invalid character class range: `[:nope:]`'],
    ['*', 'missing argument to repetition operator: `*`'],
    ['(?i)*', 'missing argument to repetition operator: `*`'],
    ['a|+', 'missing argument to repetition operator: `+`'],
    ['a**', 'invalid nested repetition operator: `**`'],
    ['a{3,2}', 'invalid repeat count: `{3,2}`'],
    ['[b-a]', 'invalid character class range: `b-a`'],
    ['\\p{Nope}', 'invalid character class range: `\\p{Nope}`'],
    ['(a{1000}){1000}', 'expression too large'],
    [`${'('.repeat(300)}a${')'.repeat(300)}`, `expression nests too deeply: \`${'('.repeat(300)}a${')'.repeat(300)}\``],
    ['\\x{110000}', 'invalid escape sequence: `\\x{110000}`'],
  ])('refuses %s', (pattern, why) => {
    expect(refused(pattern)).toBe(`error parsing regexp: ${why}`);
  });

  it.each(['(a+)+', '(a|a)*', '(a|aa)+', '([a-z]+)*', '(.*a){12}', 'a*a*a*a*a*'])(
    '%s takes no longer for a text made against it',
    (pattern) => {
      expect(matches(pattern, `${'a'.repeat(20_000)}!`, { whole: true })).toBe(false);
    },
  );

  it('judges as JavaScript does what both understand', () => {
    const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '^', '$', '(?:a|b)', '(?:ab|)');
    const pattern = fc
      .array(fc.tuple(atom, fc.constantFrom('', '', '*', '+', '?', '{2}', '{0,2}', '|')), { maxLength: 6 })
      // Neither engine repeats nothing the same way, and a repeated assertion is none in the other.
      .map((parts) => parts.map(([text, operator]) => `(?:${text})${operator}`).join(''));
    fc.assert(
      fc.property(pattern, fc.stringMatching(/^[ab \n]{0,6}$/), fc.boolean(), (expression, text, whole) => {
        const expected = whole ? new RegExp(`^(?:${expression})$`, 'u') : new RegExp(expression, 'u');
        expect(matches(expression, text, { whole })).toBe(expected.test(text));
      }),
      { numRuns: 1_000 },
    );
  });
});
