import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runConsul } from '../../src/app/consul/top.ts';
import { testIo } from '../commands/io.ts';

/** A folder of files in test/golden/lint, and what `config lint` says of it. UPDATE_GOLDEN=1 writes what is said now. */
const root = join(import.meta.dirname, '../golden/lint');
const cases = readdirSync(root, { withFileTypes: true }).filter((one) => one.isDirectory());

async function lint(cwd: string, ...args: string[]) {
  const io = testIo({ cwd });
  const code = await runConsul(['config', 'lint', ...args], io);
  return { code, ...io.written };
}

describe('config lint', () => {
  it.each(cases.map(({ name }) => name))('of %s', async (name) => {
    const { code, out, err } = await lint(join(root, name), '.');
    const text = `${out}${err}exit ${code}\n`;
    const path = join(root, `${name}.txt`);
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, text);
    expect(text).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
  });

  it('ends with 3 on errors, with 0 or, if told to be strict, 1 on warnings', async () => {
    const exits = (name: string) => Promise.all([[], ['-strict']].map(async (flags) => (await lint(join(root, name), ...flags, '.')).code));
    expect(await exits('clean')).toEqual([0, 0]);
    expect(await exits('alone')).toEqual([0, 1]);
    expect(await exits('workshop')).toEqual([3, 3]);
    expect((await lint(root)).code).toBe(2);
    expect(await lint(root, 'nowhere')).toMatchObject({ code: 1, out: '' });
  });

  it('gives places as JSON, and takes standard input', async () => {
    const { out } = await lint(join(root, 'workshop'), '-json', 'router.hcl', 'resolver.hcl');
    const report = JSON.parse(out) as { valid: boolean; files: number; entries: number; diagnostics: object[] };
    expect(report).toMatchObject({ valid: false, files: 2, entries: 2, errors: 1, warnings: 2, others: [] });
    expect(report.diagnostics[0]).toMatchObject({
      severity: 'error',
      file: 'router.hcl',
      line: 6,
      column: 56,
      path: 'Routes[0].Destination.ServiceSubset',
    });
    const text = 'apiVersion: consul.hashicorp.com/v1alpha1\nkind: ServiceDefaults\nmetadata: { name: web }\nspec: { protcol: http }\n';
    const io = testIo({ stdin: () => Promise.resolve(text) });
    expect(await runConsul(['config', 'lint', '-'], io)).toBe(3);
    expect(io.written.out).toContain('<stdin>:4:9: error: invalid config key "protcol"');
  });
});
