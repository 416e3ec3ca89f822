import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { userFiles } from '../../../src/app/agent/files.ts';

let folder: string;
const at = (path: string): string => join(folder, path);
const text = (path: string): string => readFileSync(at(path), 'utf8');
const mode = (path: string): number => statSync(at(path)).mode & 0o777;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mesh-files-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

describe('write', () => {
  it('makes the folders, and gives new and old files their mode', async () => {
    await userFiles.write(at('a/b/key.pem'), 'secret', 0o600);
    expect([text('a/b/key.pem'), mode('a/b/key.pem')]).toEqual(['secret', 0o600]);
    await userFiles.write(at('a/b/key.pem'), new Uint8Array([111, 107]), 0o644);
    expect([text('a/b/key.pem'), mode('a/b/key.pem')]).toEqual(['ok', 0o644]);
  });

  it('says which file could not be written', async () => {
    writeFileSync(at('file'), '');
    await expect(userFiles.write(at('file/below'), 'x', 0o644)).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringMatching(new RegExp(`^can't write ${at('file/below')}: `)),
    });
  });
});

describe('copy', () => {
  it('brings a file under another name, into a folder that is there, or into one that is meant', async () => {
    writeFileSync(at('a.txt'), 'a');
    mkdirSync(at('there'));
    expect(await userFiles.copy(at('a.txt'), at('new/b.txt'), undefined)).toEqual([at('new/b.txt')]);
    expect(await userFiles.copy(at('a.txt'), at('there'), undefined)).toEqual([at('there/a.txt')]);
    expect(await userFiles.copy(at('a.txt'), `${at('made')}/`, undefined)).toEqual([at('made/a.txt')]);
    expect(['new/b.txt', 'there/a.txt', 'made/a.txt'].map(text)).toEqual(['a', 'a', 'a']);
  });

  it('brings a folder with all that is in it, and says what it has made', async () => {
    mkdirSync(at('from/deep'), { recursive: true });
    writeFileSync(at('from/a.txt'), 'a');
    writeFileSync(at('from/deep/b.txt'), 'b');
    symlinkSync('a.txt', at('from/link.txt'));
    const copied = await userFiles.copy(at('from'), at('to'), undefined);
    expect(copied.toSorted()).toEqual([at('to/a.txt'), at('to/deep/b.txt'), at('to/link.txt')]);
    expect(['to/a.txt', 'to/deep/b.txt', 'to/link.txt'].map(text)).toEqual(['a', 'b', 'a']);
  });

  it('keeps the mode of files, or gives them another one', async () => {
    writeFileSync(at('run.sh'), '');
    chmodSync(at('run.sh'), 0o755);
    await userFiles.copy(at('run.sh'), at('kept.sh'), undefined);
    await userFiles.copy(at('run.sh'), at('given.sh'), 0o600);
    expect([mode('kept.sh'), mode('given.sh')]).toEqual([0o755, 0o600]);
  });

  it('says what is missing', async () => {
    await expect(userFiles.copy(at('none'), at('to'), undefined)).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining('ENOENT'),
    });
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('read and remove', () => {
  it('give the text of a file, or nothing', async () => {
    writeFileSync(at('a.txt'), 'ä');
    expect([await userFiles.read(at('a.txt')), await userFiles.read(at('b.txt'))]).toEqual(['ä', undefined]);
    await expect(userFiles.read(folder)).rejects.toMatchObject({
      code: 'environment',
      message: expect.stringContaining(`can't read ${folder}`),
    });
  });

  it('take a file away, and leave a folder', async () => {
    writeFileSync(at('a.txt'), '');
    mkdirSync(at('folder'));
    await userFiles.remove(at('a.txt'));
    await userFiles.remove(at('a.txt'));
    expect(existsSync(at('a.txt'))).toBe(false);
    await expect(userFiles.remove(at('folder'))).rejects.toMatchObject({ code: 'environment' });
    expect(existsSync(at('folder'))).toBe(true);
  });
});
