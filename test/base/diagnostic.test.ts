import { describe, expect, it } from 'vitest';
import { diagnosticToJson, errorAt, hasErrors, renderBriefly, renderDiagnostic, warningAt } from '../../src/base/diagnostic.ts';
import { rangeOf, type Source } from '../../src/base/source.ts';

/** The range of `word`, in a source of this text. */
function at(text: string, word: string, name = 'a.hcl') {
  const source: Source = { name, text };
  const start = text.indexOf(word);
  return rangeOf(source, start, start + word.length);
}

const excerpt = (text: string, word: string): string[] => renderDiagnostic(errorAt(at(text, word), 'no')).split('\n');

describe('the excerpt', () => {
  it.each<[string, string, string, string[]]>([
    ['one line', 'a = 1\nverson = 2\n', 'verson', ['a.hcl:2:1: error: no', '  2 | verson = 2', '    | ^^^^^^']],
    ['the last line without a break', 'a = bad', 'bad', ['a.hcl:1:5: error: no', '  1 | a = bad', '    |     ^^^']],
    ['tabs', '\tx =\tbad', 'bad', ['a.hcl:1:6: error: no', '  1 | \tx =\tbad', '    | \t   \t^^^']],
    ['Windows line ends', 'a\r\nbad\r\nc\r\n', 'bad', ['a.hcl:2:1: error: no', '  2 | bad', '    | ^^^']],
    ['characters of several bytes', 'é = "日本", bad', 'bad', ['a.hcl:1:11: error: no', '  1 | é = "日本", bad', '    |           ^^^']],
    ['characters of two code units', '😀😀 bad', 'bad', ['a.hcl:1:4: error: no', '  1 | 😀😀 bad', '    |    ^^^']],
    ['several lines: the first one', 'a {\n  b\n}', '{\n  b\n}', ['a.hcl:1:3: error: no', '  1 | a {', '    |   ^']],
    ['nothing, at the end', 'a\n', '', ['a.hcl:1:1: error: no', '  1 | a', '    | ^']],
    ['a line break', 'a =\r\n', '\r\n', ['a.hcl:1:4: error: no', '  1 | a =', '    |    ^']],
    ['an empty file', '', '', ['a.hcl:1:1: error: no', '  1 | ', '    | ^']],
  ])('of %s', (_what, text, word, lines) => {
    expect(excerpt(text, word)).toEqual(lines);
  });

  it('of a long line shows what is around the place', () => {
    const [head, line, carets] = excerpt(`${'x'.repeat(1000)}bad${'y'.repeat(1000)}`, 'bad');
    expect(head).toBe('a.hcl:1:1001: error: no');
    expect(line!.length).toBeLessThan(180);
    expect(line!.slice(carets!.indexOf('^'), carets!.lastIndexOf('^') + 1)).toBe('bad');
  });

  it('of something longer than the line is cut with it', () => {
    const [, line, carets] = excerpt('b'.repeat(500), 'b'.repeat(500));
    expect(carets!.length).toBe(line!.length);
  });

  it('keeps its margin with line numbers of several digits', () => {
    expect(excerpt(`${'\n'.repeat(99)}bad`, 'bad').slice(1)).toEqual(['  100 | bad', '      | ^^^']);
  });
});

it('says everything that is known, in this order', () => {
  const text = 'a = 1\na = 2\n';
  const related = { range: at(text, 'a = 1'), message: 'first given here' };
  const values = [{ name: 'var.a', value: '2' }];
  const all = { ...errorAt(at(text, '2'), 'given twice', { detail: 'one\ntwo', hint: 'take one away', related, values }), path: 'X.a' };
  expect(renderDiagnostic(all).split('\n')).toEqual([
    'a.hcl:2:5: error: given twice',
    '  2 | a = 2',
    '    |     ^',
    '  var.a is 2',
    '  one',
    '  two',
    '  a.hcl:1:1: first given here',
    '  1 | a = 1',
    '    | ^^^^^',
    '  hint: take one away',
  ]);
  expect(diagnosticToJson(all)).toEqual({
    severity: 'error',
    summary: 'given twice',
    detail: 'one\ntwo',
    hint: 'take one away',
    path: 'X.a',
    values,
    file: 'a.hcl',
    line: 2,
    column: 5,
    endLine: 2,
    endColumn: 6,
    startByte: 10,
    endByte: 11,
    excerpt: 'a = 2',
    related: {
      file: 'a.hcl',
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 6,
      startByte: 0,
      endByte: 5,
      excerpt: 'a = 1',
      message: 'first given here',
    },
  });
});

it('counts columns in characters, and bytes as the file has them', () => {
  const json = diagnosticToJson(errorAt(at('é = "日本", bad', 'bad'), 'no'));
  expect(json).toMatchObject({ line: 1, column: 11, endColumn: 14, startByte: 15, endByte: 18 });
});

it('says the point on one line, with the nearest name but no other advice', () => {
  const text = 'a = 1\nreplicsa = 2\n';
  const hint = 'did you mean "replicas"?';
  expect(renderBriefly(warningAt(at(text, 'replicsa'), 'unknown attribute', { detail: 'a\nb', hint }))).toBe(
    'a.hcl:2:1: warning: unknown attribute; did you mean "replicas"?',
  );
  expect(renderBriefly(warningAt(undefined, 'odd', { hint: 'known here: a, b' }))).toBe('warning: odd');
});

it('does without a place', () => {
  expect(renderDiagnostic(warningAt(undefined, 'odd'))).toBe('warning: odd');
  expect(diagnosticToJson(warningAt(undefined, 'odd'))).toEqual({ severity: 'warning', summary: 'odd' });
});

it('tells errors from warnings', () => {
  expect(hasErrors([warningAt(undefined, 'odd')])).toBe(false);
  expect(hasErrors([warningAt(undefined, 'odd'), errorAt(undefined, 'no')])).toBe(true);
});
