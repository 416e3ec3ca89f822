import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

/**
 * One mistake that people make in each `<name>.in.hcl`, and in `<name>.out.txt` all that is said about it: one message from
 * which the fix is obvious. `UPDATE_GOLDEN=1` writes what is said now: read the difference before committing it.
 */
const folder = join(import.meta.dirname, '../golden/mistakes');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.in.hcl'))
  .map((file) => file.slice(0, -'.in.hcl'.length));

describe('mistakes', () => {
  it.each(cases)('%s', async (name) => {
    const text = readFileSync(join(folder, `${name}.in.hcl`), 'utf8');
    const { diagnostics } = await load(workspace({ [`${name}.hcl`]: text }));
    expect(hasErrors(diagnostics)).toBe(true);
    const said = `${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n\n')}\n`;
    const file = join(folder, `${name}.out.txt`);
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, said);
    expect(existsSync(file), `${file} is missing; write it with UPDATE_GOLDEN=1`).toBe(true);
    expect(said).toBe(readFileSync(file, 'utf8'));
  });

  it('are many', () => {
    expect(cases.length).toBeGreaterThanOrEqual(80);
  });
});
