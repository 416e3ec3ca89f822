import { join } from 'node:path';
import { realFiles } from '../../src/app/cli/files.ts';
import { type LoadResult, loadBlueprint } from '../../src/blueprints/load.ts';
import { PURE_FUNCTIONS } from '../../src/hcl/hcl2/index.ts';

export const SHIPPED = join(import.meta.dirname, '../../blueprints');

/** Loads the blueprint of a folder as `mesh run` in that folder would; `running` are the keys of what runs already. */
export function load(folder: string, running: readonly string[] = []): Promise<LoadResult> {
  const blueprint = { id: folder, name: 'test', path: folder, shown: '.', shipped: false };
  const scope = { variables: new Map(), functions: PURE_FUNCTIONS };
  return loadBlueprint(blueprint, {
    files: realFiles,
    cwd: folder,
    scope,
    dataFolder: '/data',
    running: () => Promise.resolve(new Map(running.map((key) => [key, { key, type: key.split('.', 1)[0]!, spec: {} }]))),
  });
}
