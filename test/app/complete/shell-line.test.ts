import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoted, takeApart } from '../../../src/app/complete/shell-line.ts';

describe('a line before the cursor', () => {
  it.each([
    ['mesh', [], 'mesh', ''],
    ['mesh ', ['mesh'], '', ''],
    ['mesh  kv get', ['mesh', 'kv'], 'get', ''],
    ['mesh kv get a\\ b\\', ['mesh', 'kv', 'get'], 'a b\\', ''],
    ['mesh kv get "a b', ['mesh', 'kv', 'get'], 'a b', '"'],
    [`mesh kv get 'a "b' "it's"`, ['mesh', 'kv', 'get', 'a "b'], "it's", ''],
    ['mesh kv get "" ', ['mesh', 'kv', 'get', ''], '', ''],
    ['mesh kv get "\\n\\$x', ['mesh', 'kv', 'get'], '\\n$x', '"'],
    ["mesh kv get '\\", ['mesh', 'kv', 'get'], '\\', "'"],
    ['mesh kv get x"y z"w', ['mesh', 'kv', 'get'], 'xy zw', ''],
  ])('%s', (line, words, last, quote) => {
    expect(takeApart(line)).toEqual({ words, last, quote });
  });

  it.each(['', '"', "'"])('reads back what was quoted behind %s', (quote) => {
    // What a shell may show and take: no control characters, which are never offered.
    const names = fc.string({ unit: 'grapheme' }).filter((text) => !/[\p{Cc}\p{Cs}]/u.test(text));
    fc.assert(
      fc.property(names, (name) => {
        const { words, last } = takeApart(`mesh ${quote}${quoted(name, quote)}${quote}`);
        expect(words).toEqual(['mesh']);
        expect(last).toBe(name);
      }),
    );
  });
});
