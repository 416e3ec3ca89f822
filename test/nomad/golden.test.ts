import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import { outputsOf } from './jobs.ts';

/**
 * `<case>.in.hcl` or `.in.json` -> `<case>.out.json` (the interpretation; absent when there are errors) and `<case>.out.txt`
 * (the diagnostics; absent when there are none). UPDATE_GOLDEN=1 rewrites the outputs.
 */
const folder = join(import.meta.dirname, '../golden/nomad');
const inputs = readdirSync(folder).filter((file) => /\.in\.(hcl|json)$/.test(file));
const nameOf = (file: string): string => file.replace(/\.(in\.(hcl|json)|out\.(json|txt))$/, '');

function check(path: string, actual: string | undefined): void {
  if (process.env['UPDATE_GOLDEN'] !== undefined) {
    if (actual === undefined) rmSync(path, { force: true });
    else writeFileSync(path, actual);
  }
  expect(actual).toBe(existsSync(path) ? readFileSync(path, 'utf8') : undefined);
}

describe('job files as intended', () => {
  it.each(inputs)('%s', (file) => {
    const {
      calls: _,
      diagnostics,
      ...plain
    } = outputsOf([{ name: file.replace('.in.', '.'), text: readFileSync(join(folder, file), 'utf8') }]);
    const json = hasErrors(diagnostics) ? undefined : `${JSON.stringify(plain, undefined, 2)}\n`;
    const txt = diagnostics.length === 0 ? undefined : `${diagnostics.map((d) => renderDiagnostic(d)).join('\n')}\n`;
    check(join(folder, `${nameOf(file)}.out.json`), json);
    check(join(folder, `${nameOf(file)}.out.txt`), txt);
  });

  it('has no output without its input', () => {
    const known = new Set(inputs.map(nameOf));
    expect(readdirSync(folder).filter((file) => !known.has(nameOf(file)))).toEqual([]);
  });

  it('covers the kinds of rejected and warned input', () => {
    expect(inputs.filter((name) => /^(rejected|warned)-/.test(name)).length).toBeGreaterThanOrEqual(20);
  });
});
