import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readTar, writeTar } from '../../src/base/tar.ts';
import { temporaryFolder } from '../drivers/fixture/folder.ts';

const sizes = [0, 1, 511, 512, 513, 2000].map((size) => ({ name: `f${size}`, content: Buffer.alloc(size, 'x') }));

it('holds files of any size', () => {
  expect(readTar(writeTar(sizes, 0))).toEqual({ files: sizes, isWhole: true });
});

it('is read up to where it ends too early', () => {
  const bytes = writeTar(sizes, 0);
  expect(readTar(bytes.subarray(0, -1500))).toEqual({ files: sizes.slice(0, -1), isWhole: false });
  expect(readTar(bytes.subarray(0, -512))).toEqual({ files: sizes, isWhole: true });
  expect(readTar(Buffer.from('hello'))).toEqual({ files: [], isWhole: false });
});

it('is read only as far as its headers are sound', () => {
  const bytes = writeTar(sizes.slice(0, 2), 0);
  bytes[512] = 0x62;
  expect(readTar(bytes)).toEqual({ files: sizes.slice(0, 1), isWhole: false });
});

it('is what tar reads', () => {
  const cwd = temporaryFolder();
  const content = Buffer.from('x'.repeat(700));
  const files = [
    { name: 'd/a.txt', content },
    { name: 'd/b.txt', content: Buffer.alloc(0) },
  ];
  writeFileSync(join(cwd, 'a.tar'), writeTar(files, 1_700_000_000_000));
  expect(execFileSync('tar', ['tf', 'a.tar'], { cwd }).toString()).toBe('d/a.txt\nd/b.txt\n');
  expect(execFileSync('tar', ['xOf', 'a.tar', 'd/a.txt'], { cwd })).toEqual(content);
  expect(() => writeTar([{ name: 'x'.repeat(101), content }], 0)).toThrow(RangeError);
});
