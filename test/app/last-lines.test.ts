import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lastLines, lastLinesOf } from '../../src/app/last-lines.ts';

describe('the last lines of a text', () => {
  it.each([
    ['', []],
    ['\n\n', []],
    ['a', ['a']],
    ['a\nb\n', ['a', 'b']],
    ['a\nb\nc', ['b', 'c']],
    ['a\nb\n\n\n\n', ['a', 'b']],
  ])('%j', (text, lines) => {
    expect(lastLines(text, 2)).toEqual(lines);
  });
});

describe('the last lines of a file', () => {
  it('are whole ones, however long the file is', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'mesh-lines-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    const path = join(folder, 'a.log');
    expect(await lastLinesOf(path, 2)).toEqual([]);
    await writeFile(path, `${'x'.repeat(30_000)}\n${'y'.repeat(12_000)}\nlast`);
    expect(await lastLinesOf(path, 10)).toEqual(['y'.repeat(12_000), 'last']);
  });
});
