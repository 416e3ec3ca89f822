import type { Files, GivenValues } from '../../blueprints/loaded.ts';
import { type LocatedBlueprint, locateBlueprint } from '../../blueprints/locate.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';

export interface ReadOptions {
  /** `--var` and `--vars-file`. */
  readonly given?: GivenValues;
  /** `--force-update`: fetch what was fetched before. */
  readonly update?: boolean;
  /** False: what is not on this machine is not there. */
  readonly fetch?: boolean;
  /** What is read with; by default the files of this machine. */
  readonly files?: Files;
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

/** What an address names, on this machine. The code for it is loaded only here: most runs have no use for it. */
export async function fetched(
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
