import { homedir } from 'node:os';
import { type LoadResult, loadBlueprint } from '../../blueprints/load.ts';
import type { GivenValues, RunningResource } from '../../blueprints/loaded.ts';
import { type LocatedBlueprint, locateBlueprint } from '../../blueprints/locate.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isUnreachable } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { realFiles } from './files.ts';

export interface ReadOptions {
  /** `--var` and `--vars-file`. */
  readonly given?: GivenValues;
  /** `--force-update`: fetch what was fetched before. */
  readonly update?: boolean;
  /** False: what is not on this machine is not there. */
  readonly fetch?: boolean;
  /** Says what takes a while. */
  readonly doing?: (text: string) => void;
}

/** Finds the blueprint that an argument names, fetching it if it is an address. */
export function locate(argument: string | undefined, home: Home, io: Io, options: ReadOptions = {}): Promise<LocatedBlueprint> {
  return locateBlueprint(argument, {
    cwd: io.cwd,
    shipped: io.shippedBlueprints,
    remote: (address) => fetched(address, home, io, options),
  });
}

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

async function running(home: Home): Promise<ReadonlyMap<string, RunningResource>> {
  try {
    const resources = await call(home.agentSocket, 'resources', {}, { version: VERSION });
    return new Map(resources.map((resource) => [resource.key, resource]));
  } catch (error) {
    if (isUnreachable(error)) return new Map();
    throw error;
  }
}

/** Loaded only for an address: what fetches is of no use to most runs. */
async function fetched(
  text: string,
  home: Home,
  io: Io,
  { update = false, fetch = true, doing }: ReadOptions,
): Promise<{ folder: string; name: string; shown: string }> {
  const { parseRemote } = await import('../../blueprints/remote-address.ts');
  const { fetchRemote } = await import('../../blueprints/remote.ts');
  const address = parseRemote(text);
  const folder = await fetchRemote(address, {
    cache: home.blueprintsDir,
    when: update ? 'always' : fetch ? 'missing' : 'never',
    env: io.env,
    signal: io.signal,
    onFetch: ({ shown }) => doing?.(`Fetching ${shown}`),
  });
  return { folder, name: address.name, shown: address.shown };
}
