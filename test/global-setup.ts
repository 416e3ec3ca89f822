import { execFileSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/**
 * Tests that start `bin/mesh.js` need the bundles: built once for a run, and only if a source is newer than they are. With
 * MESH_TEST_BUILD=no they are taken as they are: for tests that start nothing, while a source elsewhere does not build.
 */
export function setup(): void {
  if (process.env['MESH_TEST_BUILD'] === 'no') return;
  const built = timeOf(join(root, 'dist/main.js'));
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' }).map((file) => join(root, 'src', file));
  const newest = Math.max(...[...sources, join(root, 'scripts/build.mjs'), join(root, 'package.json')].map(timeOf));
  if (newest < built) return;
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
}

function timeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
