import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { type LoadResult, loadBlueprint } from '../../blueprints/load.ts';
import type { RunningResource } from '../../blueprints/loaded.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
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
    files: options.files ?? realFiles,
    cwd: io.cwd,
    env: io.env,
    userHome: io.env['HOME'] || homedir(),
    dataFolder: home.shipyardDir,
    running: () => runningIn(home),
    replacing: new Set(options.replacing),
    fetch: async (address) => (await fetched(address, home, io, options)).folder,
    ...(io.images ? { images: io.images } : {}),
    ...(options.given ? { given: options.given } : {}),
  });
}

async function runningIn(home: Home): Promise<Map<string, RunningResource>> {
  // Most often there is neither an agent nor what one has left: then the code that asks them is not even loaded.
  if (!existsSync(home.agentSocket) && !existsSync(home.journalPath)) return new Map();
  const { applied } = await import('./applied.ts');
  return new Map((await applied(home)).resources.map((resource) => [resource.key, resource]));
}
