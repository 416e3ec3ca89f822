import { homedir } from 'node:os';
import { type LoadResult, loadBlueprint } from '../../blueprints/load.ts';
import type { RunningResource } from '../../blueprints/loaded.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isUnreachable } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { realFiles } from './files.ts';
import { fetched, type ReadOptions } from './locate.ts';
import { savedState } from './saved-state.ts';

/** Reads and checks a blueprint, as `mesh run` does before anything starts. */
export function load(blueprint: LocatedBlueprint, home: Home, io: Io, options: ReadOptions = {}): Promise<LoadResult> {
  return loadBlueprint(blueprint, {
    files: realFiles,
    cwd: io.cwd,
    env: io.env,
    userHome: io.env['HOME'] || homedir(),
    dataFolder: home.shipyardDir,
    running: () => running(home),
    fetch: async (address) => (await fetched(address, home, io, options)).folder,
    ...(options.given ? { given: options.given } : {}),
  });
}

/** What is applied: as the agent says, or as one that is gone has left it for the next. */
async function running(home: Home): Promise<ReadonlyMap<string, RunningResource>> {
  const resources = await call(home.agentSocket, 'resources', {}, { version: VERSION }).catch(async (error: unknown) => {
    if (!isUnreachable(error)) throw error;
    const { resources: saved } = await savedState(home);
    return Array.from(saved.values(), ({ resource: { key, type, spec } }) => ({ key, type, spec }));
  });
  return new Map(resources.map((resource) => [resource.key, resource]));
}
