import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { RotatingFile, type Rotation } from '../../../src/app/cli/rotating-file.ts';
import { temporaryFolder } from '../../drivers/fixture/folder.ts';

const NEVER: Rotation = { maxBytes: 0, maxAgeMs: Number.POSITIVE_INFINITY, maxFiles: 0 };

/** Writes these words, one each millisecond from 1000 on; what the folder holds then. */
function written(words: readonly string[], rotation: Partial<Rotation>, name = 'my.log', before: Readonly<Record<string, string>> = {}) {
  const folder = temporaryFolder();
  for (const [other, text] of Object.entries(before)) writeFileSync(join(folder, other), text);
  let now = 1000;
  const file = new RotatingFile(join(folder, name), { ...NEVER, ...rotation }, () => now);
  for (const word of words) {
    file.write(word);
    now++;
  }
  file.close();
  return Object.fromEntries(readdirSync(folder).map((found) => [found, readFileSync(join(folder, found), 'utf8')]));
}

it.each<[what: string, run: () => Record<string, string>, expected: Record<string, string>]>([
  ['goes on with what is there', () => written(['b'], {}, 'my.log', { 'my.log': 'a' }), { 'my.log': 'ab' }],
  ['is put aside when it is full', () => written(['ab', 'cd', 'e'], { maxBytes: 3 }), { 'my-1002000000.log': 'abcd', 'my.log': 'e' }],
  ['is put aside when it is old', () => written(['a', 'b', 'c'], { maxAgeMs: 2 }), { 'my-1002000000.log': 'ab', 'my.log': 'c' }],
  [
    'keeps as many as are wanted, and what is not its own',
    () => written(['a', 'b', 'c', 'd'], { maxBytes: 1, maxFiles: 2 }, 'my.log', { 'my-notes.log': 'x' }),
    { 'my-1002000000.log': 'b', 'my-1003000000.log': 'c', 'my-notes.log': 'x', 'my.log': 'd' },
  ],
  ['keeps none', () => written(['a', 'b'], { maxBytes: 1, maxFiles: -1 }), { 'my.log': 'b' }],
  ['gets an ending if it has none', () => written(['a', 'b'], { maxBytes: 1 }, 'my'), { 'my-1001000000.log': 'a', my: 'b' }],
])('a log file %s', (_what, run, expected) => {
  expect(run()).toEqual(expected);
});
