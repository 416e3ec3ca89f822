import { join } from 'node:path';
import { realFiles } from '../../src/app/cli/files.ts';
import { MeshError } from '../../src/base/errors.ts';
import { type LoadResult, loadBlueprint } from '../../src/blueprints/load.ts';
import type { LoadOptions, RunningResource } from '../../src/blueprints/loaded.ts';

export const SHIPPED = join(import.meta.dirname, '../../blueprints');

/** Loads the blueprint of a folder (or file) as `mesh run` there would; `running` are the keys of what runs already. */
export function load(folder: string, running: readonly string[] = [], more: Partial<LoadOptions> = {}): Promise<LoadResult> {
  const blueprint = { id: folder, name: 'test', path: folder, shown: '.', typed: '.', shipped: false };
  return loadBlueprint(blueprint, {
    files: realFiles,
    cwd: folder,
    env: {},
    userHome: '/home/me',
    dataFolder: '/data',
    fetch: (address) => Promise.reject(new MeshError('environment', `${address} can't be fetched here`)),
    running: () => Promise.resolve(runningOf(running.map((key) => ({ key, type: key.split('.', 1)[0]!, spec: SPEC })))),
    ...more,
  });
}

/** As little as a spec may hold that others look at. */
const SPEC = { workload: { names: [] } };

type Running = Pick<RunningResource, 'key' | 'type' | 'spec'> & Partial<RunningResource>;

/** What another blueprint has applied. */
export function runningOf(resources: readonly Running[]): Map<string, RunningResource> {
  const owners = [{ id: '/other', name: 'other' }];
  return new Map(resources.map(({ key, type, spec, ...more }) => [key, { key, type, spec, owners, addresses: [], ...more }]));
}
