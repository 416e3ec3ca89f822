import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fmt } from '../../../src/app/cli/fmt.ts';
import type { Input } from '../../../src/commands/command.ts';
import { workspace } from '../../blueprints/workspace.ts';
import { testIo } from '../../commands/io.ts';

const UGLY = 'network "local" {\nsubnet="10.5.0.0/16"\n}\n';
const PRETTY = 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n';

async function call(cwd: string, input: Partial<Input> = {}, stdin = '') {
  const io = testIo({ cwd, stdin: () => Promise.resolve(stdin) });
  const outcome = await fmt({ args: [], options: {}, ...input }, io).then(
    (code) => ({ code, error: undefined }),
    (error: unknown) => ({ code: undefined, error }),
  );
  return { ...outcome, ...io.written };
}

const read = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('mesh fmt', () => {
  it('formats what is HCL here and below, and names what has changed', async () => {
    const files = { 'a.hcl': UGLY, 'b.hcl': PRETTY, 'c.vars': 'a=1\n', 'd/e.hcl': 'Kind="x",\n', 'x.txt': UGLY, '.git/a.hcl': UGLY };
    const cwd = workspace(files);
    expect(await call(cwd)).toEqual({ code: 0, error: undefined, out: 'a.hcl\nc.vars\nd/e.hcl\n', err: '' });
    expect([read(cwd, 'a.hcl'), read(cwd, 'c.vars'), read(cwd, 'd/e.hcl')]).toEqual([PRETTY, 'a = 1\n', 'Kind = "x",\n']);
    expect([read(cwd, 'x.txt'), read(cwd, '.git/a.hcl')]).toEqual([UGLY, UGLY]);
    expect(readdirSync(cwd).toSorted()).toEqual(['.git', 'a.hcl', 'b.hcl', 'c.vars', 'd', 'x.txt']);
    expect((await call(cwd)).out).toBe('');
  });

  it('keeps modes, and links', async () => {
    const cwd = workspace({ 'real.hcl': UGLY });
    chmodSync(join(cwd, 'real.hcl'), 0o640);
    symlinkSync('real.hcl', join(cwd, 'link.hcl'));
    expect((await call(cwd, { args: ['link.hcl'] })).out).toBe('link.hcl\n');
    expect(read(cwd, 'real.hcl')).toBe(PRETTY);
    expect(statSync(join(cwd, 'real.hcl')).mode & 0o777).toBe(0o640);
    expect(lstatSync(join(cwd, 'link.hcl')).isSymbolicLink()).toBe(true);
  });

  it('changes nothing with --check, and fails if it would', async () => {
    const cwd = workspace({ 'a.hcl': UGLY });
    expect(await call(cwd, { options: { check: true } })).toMatchObject({ code: 1, out: 'a.hcl\n' });
    expect(read(cwd, 'a.hcl')).toBe(UGLY);
    const diff = '--- a.hcl\n+++ a.hcl\n@@ -1,3 +1,3 @@\n network "local" {\n-subnet="10.5.0.0/16"\n+  subnet = "10.5.0.0/16"\n }\n';
    expect(await call(cwd, { options: { check: true, diff: true } })).toMatchObject({ code: 1, out: diff });
    expect(await call(workspace({ 'a.hcl': PRETTY }), { options: { check: true } })).toMatchObject({ code: 0, out: '' });
  });

  it('leaves alone what can not be read, says why, and formats the others', async () => {
    const cwd = workspace({ 'a.hcl': 'a = "x\n', 'b.hcl': UGLY });
    const said = await call(cwd);
    expect(said).toMatchObject({ out: 'b.hcl\n', error: { code: 'invalid', message: "1 file can't be formatted" } });
    expect(said.err).toContain('a.hcl:1:5: error: this string is never closed');
    expect(read(cwd, 'a.hcl')).toBe('a = "x\n');
  });

  it('prints all of it as JSON', async () => {
    const said = await call(workspace({ 'a.hcl': 'a = "x\n', 'b.hcl': UGLY, 'c.hcl': PRETTY }), { options: { json: true } });
    expect(said).toMatchObject({ code: 3, err: '' });
    expect(JSON.parse(said.out)).toMatchObject({
      files: [
        { path: 'a.hcl', changed: false, diagnostics: [{ severity: 'error', line: 1, column: 5 }] },
        { path: 'b.hcl', changed: true },
        { path: 'c.hcl', changed: false },
      ],
    });
  });

  it('formats standard input', async () => {
    const cwd = workspace({});
    expect(await call(cwd, { args: ['-'] }, UGLY)).toMatchObject({ code: 0, out: PRETTY });
    expect(await call(cwd, { args: ['-'], options: { check: true } }, UGLY)).toMatchObject({ code: 1, out: '' });
    expect((await call(cwd, { args: ['-'] }, 'a =')).error).toMatchObject({ code: 'invalid' });
    expect((await call(cwd, { args: ['-', 'a.hcl'] })).error).toMatchObject({ code: 'usage' });
  });

  it('fails for what is not there', async () => {
    expect((await call(workspace({}), { args: ['nowhere'] })).error).toMatchObject({ code: 'failed' });
  });
});
