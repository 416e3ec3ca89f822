import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { complete } from '../../../src/app/consul/complete.ts';
import { runConsul } from '../../../src/app/consul/top.ts';
import { COMMANDS } from '../../../src/commands/table.ts';
import { testIo } from '../../commands/io.ts';

async function nextWords(line: string, point?: number): Promise<string[]> {
  const io = testIo({ env: { COMP_LINE: line, ...(point === undefined ? {} : { COMP_POINT: String(point) }) } });
  expect(await complete(io, COMMANDS)).toBe(0);
  expect(io.written.err).toBe('');
  return io.written.out.split('\n').slice(0, -1);
}

describe('what may come next', () => {
  it.each([
    ['consul kv ', ['delete', 'export', 'get', 'import', 'put']],
    ['consul kv ex', ['export']],
    ['consul key', ['keygen', 'keyring']],
    ['consul operator autopilot s', ['set-config', 'state']],
    ['consul -v', ['-version']],
    ['consul kv get -det', ['-detailed']],
    ['consul kv get -http', ['-http-addr']],
    ['/usr/local/bin/consul catalog nodes -serv', ['-service']],
    ['consul nosuch ', []],
    ['consul kv get ', []],
    ['mesh consul kv ex', ['export']],
    ['mesh kv ex', ['export']],
    ['mesh agent st', ['stop']],
    ['mesh val', ['validate']],
    ['mesh status --js', ['--json']],
    ['mesh help nosuch ', []],
  ])('%s', async (line, words) => {
    expect(await nextWords(line)).toEqual(words);
  });

  it('is all commands at first, and looks at nothing behind the cursor', async () => {
    expect(await nextWords('mesh ')).toEqual([...COMMANDS.map(({ name }) => name), 'help'].toSorted());
    expect(await nextWords('consul kv export', 'consul k'.length)).toEqual(['keygen', 'keyring', 'kv']);
  });
});

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
