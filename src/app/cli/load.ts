import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import type { Base, DesiredGraph } from '../../blueprints/graph.ts';
import { type LoadResult, loadBlueprint } from '../../blueprints/load.ts';
import type { LoadOptions, RunningResource } from '../../blueprints/loaded.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import { resourceTypeOf } from '../../blueprints/resources/index.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { realFiles } from './files.ts';
import { fetched, type ReadOptions } from './locate.ts';

/** How a blueprint is read, besides where it is. */
export interface LoadSettings extends ReadOptions {
  /** Ids of blueprints that go when it runs. */
  readonly replacing?: readonly string[];
  /** Applied blueprints that it builds on. */
  readonly bases?: readonly Base[];
  /** Blueprints that will run by then. */
  readonly assumed?: readonly DesiredGraph[];
}

/** Reads and checks a blueprint, as `mesh run` does before anything starts. */
export function load(blueprint: LocatedBlueprint, home: Home, io: Io, settings: LoadSettings = {}): Promise<LoadResult> {
  return loadBlueprint(blueprint, loadOptionsOf(home, io, settings));
}

export function loadOptionsOf(home: Home, io: Io, settings: LoadSettings = {}): LoadOptions {
  const { assumed = [], bases } = settings;
  return {
    files: settings.files ?? realFiles,
    cwd: io.cwd,
    env: io.env,
    userHome: io.env['HOME'] || homedir(),
    dataFolder: home.shipyardDir,
    running: async () => new Map([...assumed.flatMap(assumedOf), ...(await runningIn(home))]),
    replacing: new Set(settings.replacing),
    fetch: async (address) => (await fetched(address, home, io, settings)).folder,
    ...(io.images ? { images: io.images } : {}),
    ...(settings.given ? { given: settings.given } : {}),
    ...(bases ? { bases } : {}),
  };
}

/** The resources of a blueprint as if they had been applied. What only that gives is not known. */
function assumedOf({ blueprint: { id, name }, resources }: DesiredGraph): [string, RunningResource][] {
  const owners = [{ id, name }];
  return resources.map(({ key, type, spec }) => {
    const addresses = resourceTypeOf(type)?.fixedAddresses?.(spec) ?? [];
    return [key, { key, type, spec, owners, addresses }];
  });
}

async function runningIn(home: Home): Promise<Map<string, RunningResource>> {
  // Most often there is neither an agent nor what one has left: then the code that asks them is not even loaded.
  if (!existsSync(home.agentSocket) && !existsSync(home.journalPath)) return new Map();
  const { applied } = await import('./applied.ts');
  return new Map((await applied(home)).resources.map((resource) => [resource.key, resource]));
}
