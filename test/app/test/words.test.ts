import { expect, it } from 'vitest';
import { wordsOf } from '../../../src/app/test/words.ts';

it.each([
  ['curl -s http://localhost', ['curl', '-s', 'http://localhost']],
  ['  a   b ', ['a', 'b']],
  ["sh -c 'echo a b; exit 3'", ['sh', '-c', 'echo a b; exit 3']],
  ['say "a \\"b\\" c" d', ['say', 'a "b" c', 'd']],
  ['x \'\' ""', ['x', '', '']],
  ["a'b c'd", ['ab cd']],
  ['a\\ b', ['a b']],
  ["'a\\b'", ['a\\b']],
  ['', []],
])('%s', (text, words) => {
  expect(wordsOf(text)).toEqual(words);
});
