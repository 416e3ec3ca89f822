import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { prepareEntry } from '../../src/entries/decode.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { decodeConsulText } from '../../src/hcl/hcl1/index.ts';

/**
 * Wrong config entries in `<name>.in.hcl`; in `<name>.out.txt` what Consul says, and below it what we say, with the place.
 * `UPDATE_GOLDEN=1` writes it: read the difference before committing it.
 */
const folder = join(import.meta.dirname, '../golden/entries');
const cases = readdirSync(folder)
  .filter((file) => file.endsWith('.in.hcl'))
  .map((file) => file.slice(0, -'.in.hcl'.length));

describe('wrong entries', () => {
  it.each(cases)('%s', (name) => {
    const source = { name: `${name}.hcl`, text: readFileSync(join(folder, `${name}.in.hcl`), 'utf8') };
    const { value, diagnostics } = decodeConsulText(source);
    const { problems } = prepareEntry(value);
    const all = [...diagnostics, ...problems];
    expect(hasErrors(all)).toBe(true);
    // All of them say where.
    expect(all.filter(({ subject }) => subject === undefined)).toEqual([]);
    const said = `Consul: ${consulErrorText(problems).trimEnd()}\n\n${all.map((one) => renderDiagnostic(one)).join('\n\n')}\n`;
    const file = join(folder, `${name}.out.txt`);
    if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(file, said);
    expect(said).toBe(existsSync(file) ? readFileSync(file, 'utf8') : undefined);
  });
});
