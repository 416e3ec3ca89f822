import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Diagnostic, hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { consulSyntaxError, decodeConsulText } from '../../src/hcl/hcl1/index.ts';
import { parseHcl2 } from '../../src/hcl/hcl2/parse.ts';

/**
 * Wrong files and what is said about them: `hcl1-` and `json-` as Consul's text (the first line is Consul's own), `hcl2-`
 * as a blueprint. `UPDATE_GOLDEN=1` writes what is said now: read the difference before committing it.
 */
const folder = join(import.meta.dirname, '../golden/hcl');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.in.hcl'))
  .map((file) => file.slice(0, -'.in.hcl'.length));

function read(name: string): { lines: string[]; diagnostics: readonly Diagnostic[] } {
  const source = { name: `${name}.hcl`, text: readFileSync(join(folder, `${name}.in.hcl`), 'utf8') };
  if (name.startsWith('hcl2-')) return { lines: [], diagnostics: parseHcl2(source).diagnostics };
  return { lines: [`Consul: ${consulSyntaxError(source) ?? '(accepts it)'}`, ''], diagnostics: decodeConsulText(source).diagnostics };
}

describe('wrong files', () => {
  it('cover both dialects', () => {
    expect(cases.filter((name) => name.startsWith('hcl1-')).length).toBeGreaterThanOrEqual(10);
    expect(cases.filter((name) => name.startsWith('hcl2-')).length).toBeGreaterThanOrEqual(10);
  });

  it.each(cases)('%s', (name) => {
    const { lines, diagnostics } = read(name);
    expect(hasErrors(diagnostics)).toBe(true);
    const said = `${[...lines, diagnostics.map((d) => renderDiagnostic(d)).join('\n\n')].join('\n')}\n`;
    const file = join(folder, `${name}.out.txt`);
    if (process.env['UPDATE_GOLDEN'] || !existsSync(file)) {
      expect(process.env['UPDATE_GOLDEN'], `${file} is missing; write it with UPDATE_GOLDEN=1`).toBeTruthy();
      writeFileSync(file, said);
    }
    expect(said).toBe(readFileSync(file, 'utf8'));
  });
});
