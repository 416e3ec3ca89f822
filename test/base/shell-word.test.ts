import { expect, it } from 'vitest';
import { shellWord } from '../../src/base/shell-word.ts';

it.each([
  ['v1', 'v1'],
  ['~/shop/v1.hcl', '~/shop/v1.hcl'],
  ['my shop', "'my shop'"],
  ["it's", `'it'\\''s'`],
  ['$HOME', "'$HOME'"],
  ['', "''"],
])('%j is %j', (text, word) => {
  expect(shellWord(text)).toBe(word);
});
