import { homedir } from 'node:os';
import { type LoadResult, loadBlueprint } from '../../blueprints/load.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { applied } from './applied.ts';
import { realFiles } from './files.ts';
import { fetched, type ReadOptions } from './locate.ts';

/** Reads and checks a blueprint, as `mesh run` does before anything starts. `replacing`: ids of blueprints that go then. */
export function load(
  blueprint: LocatedBlueprint,
  home: Home,
  io: Io,
  options: ReadOptions & { readonly replacing?: readonly string[] } = {},
): Promise<LoadResult> {
  return loadBlueprint(blueprint, {
    files: realFiles,
    cwd: io.cwd,
    env: io.env,
    userHome: io.env['HOME'] || homedir(),
    dataFolder: home.shipyardDir,
    running: async () => new Map((await applied(home)).resources.map((resource) => [resource.key, resource])),
    replacing: new Set(options.replacing),
    fetch: async (address) => (await fetched(address, home, io, options)).folder,
    ...(io.images ? { images: io.images } : {}),
    ...(options.given ? { given: options.given } : {}),
  });
}
