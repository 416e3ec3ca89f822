import { existsSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { DesiredResource } from '../../src/blueprints/graph.ts';
import { load, runningOf } from './fixture.ts';

/**
 * Blueprints as they were written for the versions of Shipyard, and what is made of them: the resources with what each of
 * them waits for, and what is said. `UPDATE_GOLDEN=1` writes it: read the difference before committing it.
 */
const SHAPES = join(import.meta.dirname, '../e2e/shapes');
const WORKSHOP = join(import.meta.dirname, '../e2e/workshop');
const GOLDEN = join(import.meta.dirname, '../golden/shapes');

const data = realpathSync(mkdtempSync(join(tmpdir(), 'mesh-shapes-')));
afterAll(() => rmSync(data, { recursive: true, force: true }));

const folders = (path: string) => readdirSync(path, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
const shapes = folders(SHAPES).flatMap((dialect) => folders(join(SHAPES, dialect)).map((name) => `${dialect}/${name}`));

/** `running`: what was applied before; what is loaded joins it. */
async function describeShape(folder: string, running: DesiredResource[] = []): Promise<string> {
  const { graph, diagnostics } = await load(folder, [], {
    dataFolder: data,
    running: () => Promise.resolve(runningOf(running)),
  });
  const said = diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));
  expect(hasErrors(diagnostics), said.join('\n\n')).toBe(false);
  running.push(...graph!.resources);
  const resources = graph!.resources.map(({ key, dependsOn }) => [key, ...dependsOn.toSorted()].join(' < ')).toSorted();
  return `${[resources.join('\n'), ...said].join('\n\n')}\n`.replaceAll(data, '<data>');
}

function check(name: string, actual: string): void {
  const path = join(GOLDEN, `${name.replaceAll('/', '-')}.txt`);
  if (process.env['UPDATE_GOLDEN'] !== undefined) writeFileSync(path, actual);
  expect(existsSync(path), `${path} is missing; write it with UPDATE_GOLDEN=1`).toBe(true);
  expect(actual).toBe(readFileSync(path, 'utf8'));
}

describe('blueprints of all versions of Shipyard load', () => {
  it.each(shapes)('%s', async (name) => {
    check(name, await describeShape(join(SHAPES, name)));
  });

  it('the workshop of 2020, each folder on those before it', async () => {
    const running: DesiredResource[] = [];
    for (const name of ['.', 'azure', 'v1']) {
      check(`workshop-${name === '.' ? 'root' : name}`, await describeShape(join(WORKSHOP, name), running));
    }
    const withoutV1 = running.filter(({ key }) => !/\.(web|payments)$/.test(key));
    for (const name of ['v2', 'v3', 'v4']) check(`workshop-${name}`, await describeShape(join(WORKSHOP, name), withoutV1));
  });
});
