import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { manualPage } from '../../src/main/man.ts';
import { everyCommand } from '../commands/every.ts';
import { temporaryFolder } from '../drivers/fixture/folder.ts';

let text: string;
beforeAll(async () => {
  text = await manualPage('1.2.3');
});

describe('the manual page', () => {
  it('has every command with its options, and what concerns all of them', () => {
    const shown = text.replaceAll('\\-', '-');
    for (const { path, command } of everyCommand()) {
      expect(shown).toContain(`\n.SS mesh ${path}\n`);
      for (const { flags } of command.options ?? []) expect(shown).toContain(`\\fB${flags}\\fR`);
    }
    expect(shown).toContain('.SS mesh kv put\n');
    for (const heading of ['NAME', 'SYNOPSIS', 'EXIT STATUS', 'ENVIRONMENT', 'FILES', 'EXAMPLES', 'SEE ALSO'])
      expect(shown).toContain(`\n.SH ${heading}\n`);
  });

  it('is ASCII, and no text of it is taken for a request', () => {
    expect(text).toMatch(/^[\n -~]*$/);
    const requests = [...text.matchAll(/^[.'](\S*)/gm)].map(([, name]) => name!);
    expect([...new Set(requests)].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(['B', 'I', 'PP', 'SH', 'SS', 'TH', 'TP', 'fi', 'nf']);
  });

  it('is read by groff without a warning', ({ skip }) => {
    skip(spawnSync('groff', ['--version']).status !== 0, 'groff is not installed');
    const file = join(temporaryFolder(), 'mesh.1');
    writeFileSync(file, text);
    const { status, stderr } = spawnSync('groff', ['-man', '-ww', '-z', file], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([0, '']);
  });

  it('is what the package installs', () => {
    const { man } = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8')) as { man: string[] };
    expect(man).toEqual(['./dist/man/mesh.1']);
    expect(readFileSync(resolve(import.meta.dirname, '../../dist/man/mesh.1'), 'utf8')).toContain('.SS mesh run\n');
  });
});
