import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runConsul } from '../../../src/app/consul/top.ts';
import { testIo } from '../../commands/io.ts';

describe('installing', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'mesh-complete-'));
  });
  afterEach(() => rm(home, { recursive: true }));

  async function consul(...argv: string[]) {
    const io = testIo({ env: { HOME: home } });
    const code = await runConsul(argv, io, 'consul');
    return { code, ...io.written };
  }
  const fails = (text: string) => ({ code: 1, out: '', err: `Error executing CLI: 1 error occurred:\n\t* ${text}\n\n` });
  const OK = { code: 0, out: '', err: '' };

  it('adds a line to what the shell reads, once, and takes it out again', async () => {
    const rc = join(home, '.bashrc');
    await writeFile(rc, 'export A=1');
    expect(await consul('-autocomplete-install')).toEqual(OK);
    expect(await readFile(rc, 'utf8')).toBe('export A=1\ncomplete -C mesh mesh consul\n');
    expect(await consul('-autocomplete-install', 'kv')).toEqual(fails(`already installed in ${rc}`));
    expect(await consul('-autocomplete-uninstall')).toEqual(OK);
    expect(await readFile(rc, 'utf8')).toBe('export A=1\n');
    expect(await consul('-autocomplete-uninstall')).toEqual(fails(`does not installed in ${rc}`));
  });

  it('needs a shell that it knows', async () => {
    expect(await consul('-autocomplete-install')).toEqual(fails('Did not find any shells to install'));
  });
});
