import { describe, expect, it } from 'vitest';
import { parseFilter } from '../../src/filter/grammar.ts';

const parse = (text: string) => {
  const parsed = parseFilter(text);
  if (!parsed.ok) throw new Error(parsed.error);
  return parsed.value;
};
const match = (selector: string, operator: string, value = '') => ({ type: 'match', selector: selector.split('.'), operator, value });

describe('what a filter says', () => {
  it.each([
    ['foo == 3', match('foo', 'Equal', '3')],
    ['foo!=xyz', match('foo', 'Not Equal', 'xyz')],
    ['list is empty', match('list', 'Is Empty')],
    ['list is not empty', match('list', 'Is Not Empty')],
    ['foo in bar', match('bar', 'In', 'foo')],
    ['foo not in bar', match('bar', 'Not In', 'foo')],
    ['bar contains foo', match('bar', 'In', 'foo')],
    ['bar not contains "f o"', match('bar', 'Not In', 'f o')],
    ['foo matches `^a\\.b$`', match('foo', 'Matches', '^a\\.b$')],
    ['foo not matches "a\\tb"', match('foo', 'Not Matches', 'a\tb')],
    ['foo == -0.2', match('foo', 'Equal', '-0.2')],
    ['foo == a.b["c"]', match('foo', 'Equal', 'a.b.c')],
    ['`environment` in foo.bar["meta"].tags[\t`ENV` ]', match('foo.bar.meta.tags.ENV', 'In', 'environment')],
    ['x in foo["abc-def ghi åß∂ƒ"]', { ...match('foo', 'In', 'x'), selector: ['foo', 'abc-def ghi åß∂ƒ'] }],
    ['not is empty', match('not', 'Is Empty')],
    ['not not foo == 3', match('foo', 'Equal', '3')],
    ['not foo == 3', { type: 'not', operand: match('foo', 'Equal', '3') }],
    ['\t\r\n ( \n foo \n == \t x ) \n', match('foo', 'Equal', 'x')],
    ['foo == "\\x41\\u00e9\\101\\\\"', match('foo', 'Equal', 'AéA\\')],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  it('binds not before and before or', () => {
    const [x, str, list] = [match('foo', 'In', 'x'), match('str', 'Equal', 's'), match('list', 'Is Empty')];
    expect(parse('x in foo and not str == s or list is empty')).toEqual({
      type: 'or',
      left: { type: 'and', left: x, right: { type: 'not', operand: str } },
      right: list,
    });
    expect(parse('x in foo and not (str == s or list is empty)')).toEqual({
      type: 'and',
      left: x,
      right: { type: 'not', operand: { type: 'or', left: str, right: list } },
    });
  });

  it('takes time in proportion to its length', () => {
    const deep = `${'('.repeat(150)}a == b${')'.repeat(150)}`;
    expect(parse(deep)).toEqual(match('a', 'Equal', 'b'));
    expect(parse(Array.from({ length: 2000 }, (_, i) => `a == ${i}`).join(' or '))).toMatchObject({ type: 'or' });
  });
});

describe('what Consul says of what it cannot read', () => {
  it.each([
    ['x ==', '1:5 (4): no match found, expected: "-", "0", "\\"", "`", [ \\t\\r\\n], [1-9] or [a-zA-Z]'],
    ['foo == "12x', '1:12 (11): rule "string": Unterminated string literal'],
    ['foo == `12x', '1:12 (11): rule "string": Unterminated string literal'],
    ['foo == 3x', '1:9 (8): rule "number": Invalid number literal'],
    ['foo[3] == abc', '1:5 (4): rule "index": Invalid index'],
    ['x in foo["abc"', '1:15 (14): rule "index": Unclosed index expression'],
    ['foo["abc" == 3', '1:11 (10): rule "index": Unclosed index expression'],
    ['x in 32', '1:6 (5): rule "match": Invalid selector'],
    ['32 == 32', '1:4 (3): no match found, expected: "in", "not" or [ \\t\\r\\n]'],
    ['32 is empty', '1:4 (3): no match found, expected: "in", "not" or [ \\t\\r\\n]'],
    ['x in foo abc', '1:10 (9): no match found, expected: "and", "or", [ \\t\\r\\n] or EOF'],
    ['x in foo and ', '1:14 (13): no match found, expected: "(", "-", "0", "\\"", "`", "not", [ \\t\\r\\n], [1-9] or [a-zA-Z]'],
    [
      'x in foo or not ',
      '1:17 (16): no match found, expected: "!=", "(", "-", "0", "==", "\\"", "`", "contains", "in", "is", "matches", "not", [ \\t\\r\\n], [1-9] or [a-zA-Z]',
    ],
    ['(foo == 4', '1:10 (9): rule "grouping": Unmatched parentheses'],
    ['é', '1:1 (0): no match found, expected: "(", "-", "0", "\\"", "`", "not", [ \\t\\r\\n], [1-9] or [a-zA-Z]'],
    ['a == b\n  or "é" is', '2:10 (17): no match found, expected: "in", "not" or [ \\t\\r\\n]'],
    ['a == "\\y"', '1:6 (5): rule "string": invalid syntax'],
    ['('.repeat(300), '1:202 (201): more than 200 levels of parentheses and negations'],
  ])('%s', (text, message) => {
    const parsed = parseFilter(text);
    expect(parsed.ok ? undefined : parsed.error).toBe(message);
  });
});
