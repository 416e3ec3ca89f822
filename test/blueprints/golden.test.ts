import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/app/cli/files.ts';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { Files } from '../../src/blueprints/loaded.ts';
import { load, SHIPPED } from './fixture.ts';

/**
 * `<case>/` (or `<case>/main/`) holds a blueprint, and `<case>/diagnostics.txt` what is said about it. Cases named `warning-…` are accepted all the
 * same. `UPDATE_GOLDEN=1` writes what is said now: read the difference before committing it.
 */
const folder = join(import.meta.dirname, '../golden/blueprints');
const cases = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));

/** Cases know nothing of each other; one that needs a neighbourhood has its blueprint in `main/`. */
const alone: Files = { ...realFiles, list: (path) => (path === folder ? Promise.resolve([]) : realFiles.list(path)) };

function blueprintOf(name: string): string {
  const inner = join(folder, name, 'main');
  return existsSync(inner) ? inner : join(folder, name);
}

function check(path: string, actual: string): void {
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, actual);
  expect(existsSync(path), `${path} is missing; write it with UPDATE_GOLDEN=1`).toBe(true);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

describe('wrong blueprints', () => {
  it.each(cases)('%s', async (name) => {
    const { graph, diagnostics } = await load(blueprintOf(name), [], { files: alone });
    expect(hasErrors(diagnostics)).toBe(!name.startsWith('warning-'));
    expect(graph !== undefined).toBe(name.startsWith('warning-'));
    check(join(folder, name, 'diagnostics.txt'), `${diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n\n')}\n`);
  });

  it('are of many kinds', () => {
    expect(cases.length).toBeGreaterThanOrEqual(25);
  });
});

describe('shipped blueprints', () => {
  it.each(['v1', 'v2'])('%s is lowered as intended', async (name) => {
    const { graph, diagnostics } = await load(join(SHIPPED, name));
    expect(hasErrors(diagnostics)).toBe(false);
    const portable = JSON.stringify(graph?.resources, undefined, 2).replaceAll(join(SHIPPED, name), `<${name}>`);
    check(join(folder, `${name}.graph.json`), `${portable}\n`);
  });
});
