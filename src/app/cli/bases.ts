import { dirname, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { Base, DesiredGraph } from '../../blueprints/graph.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import { isBlueprint, type LocatedBlueprint } from '../../blueprints/locate.ts';
import { readMetadata } from '../../blueprints/metadata.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { Applied } from '../applied.ts';
import type { Home } from '../home.ts';
import type { Io } from '../io.ts';
import { load, loadOptionsOf } from './load.ts';
import { locate, type ReadOptions } from './locate.ts';

/** A blueprint and what reading it gave. */
export interface Read {
  readonly blueprint: LocatedBlueprint;
  /** What it builds on itself. */
  readonly bases: readonly Base[];
  readonly loaded: LoadResult;
}

/** A blueprint with all that has to be applied for it. */
export interface ReadWithBases extends Read {
  /** Those it builds on, directly or not, that don't run: in the order in which they are applied. */
  readonly before: readonly Read[];
  /** Set when it can't be read yet: values of this one, which it builds on, are known only when that runs. */
  readonly later?: string;
}

type Options = ReadOptions & { readonly replacing?: readonly string[] };

/**
 * Reads a blueprint, and those that it builds on and that don't run: it is checked as if they did. When one of them is wrong, its
 * diagnostics are those of the whole.
 */
export async function readWithBases(blueprint: LocatedBlueprint, home: Home, io: Io, options: Options = {}): Promise<ReadWithBases> {
  const names = await baseNames(blueprint, home, io, options);
  if (names.length === 0) return { blueprint, bases: [], before: [], loaded: await load(blueprint, home, io, options) };
  const { applied } = await import('./applied.ts');
  const search = new Search(await applied(home), home, io, options);
  const bases = await search.basesOf(blueprint, [blueprint]);
  const before: Read[] = [];
  const assumed: DesiredGraph[] = [];
  for (const { blueprint: base, bases: below } of search.missing) {
    // Values are given to the blueprint that was named: others may not have such variables.
    const { given: _, replacing: __, ...reading } = options;
    const loaded = await load(base, home, io, { ...reading, bases: below, assumed });
    before.push({ blueprint: base, bases: below, loaded });
    if (!loaded.graph) return { blueprint, bases, before, loaded: { diagnostics: loaded.diagnostics } };
    assumed.push(loaded.graph);
  }
  const unknown = before.find(({ loaded }) => loaded.graph?.deferred);
  if (unknown) return { blueprint, bases, before, later: unknown.blueprint.typed, loaded: { diagnostics: [] } };
  return { blueprint, bases, before, loaded: await load(blueprint, home, io, { ...options, bases, assumed }) };
}

/** The same for who can't wait until the others run. Throws when it has to. */
export async function readNow(blueprint: LocatedBlueprint, home: Home, io: Io, options: Options = {}): Promise<ReadWithBases> {
  const read = await readWithBases(blueprint, home, io, options);
  if (read.later === undefined) return read;
  throw new MeshError('invalid', `${blueprint.name} can be read only when ${read.later} runs, since values of that are known only then`, {
    hint: `mesh run ${shellWord(read.later)}`,
  });
}

/** Graphs of what comes first. */
export const graphsBefore = ({ before }: ReadWithBases): DesiredGraph[] => before.flatMap(({ loaded }) => loaded.graph ?? []);

/** What a blueprint says that it builds on, as written. */
export async function baseNames(
  { path }: Pick<LocatedBlueprint, 'path'>,
  home: Home,
  io: Io,
  options: ReadOptions = {},
): Promise<readonly string[]> {
  // What is wrong with it is reported when the blueprint is loaded.
  const metadata = await readMetadata(path, loadOptionsOf(home, io, options), () => undefined);
  return metadata?.buildsOn ?? [];
}

/** Finds what blueprints build on, and notes what of it has to be run. */
class Search {
  readonly missing: { readonly blueprint: LocatedBlueprint; readonly bases: readonly Base[] }[] = [];
  readonly #applied: Applied;
  readonly #home: Home;
  readonly #io: Io;
  readonly #options: Options;

  constructor(applied: Applied, home: Home, io: Io, options: Options) {
    this.#applied = applied;
    this.#home = home;
    this.#io = io;
    this.#options = options;
  }

  /** `path`: the blueprints that lead to this one, and itself. */
  async basesOf(blueprint: LocatedBlueprint, path: readonly LocatedBlueprint[]): Promise<Base[]> {
    const bases: Base[] = [];
    for (const name of await baseNames(blueprint, this.#home, this.#io, this.#options)) {
      const base = await this.#locate(name, blueprint);
      const at = path.findIndex(({ id }) => id === base.id);
      if (at !== -1) {
        const circle = [...path.slice(at), base].map((one) => one.name).join(' -> ');
        throw new MeshError('invalid', `blueprints build on each other in a circle: ${circle}`);
      }
      const running = this.#runningAs(base);
      bases.push(running ?? { id: base.id, name: base.name });
      if (running || this.missing.some((one) => one.blueprint.id === base.id)) continue;
      const below = await this.basesOf(base, [...path, base]);
      this.missing.push({ blueprint: base, bases: below });
    }
    return bases;
  }

  /** A folder beside the blueprint; or what `mesh run` finds under that name. */
  async #locate(name: string, blueprint: LocatedBlueprint): Promise<LocatedBlueprint> {
    const beside = resolve(dirname(blueprint.path), name);
    const isBeside = !blueprint.shipped && (await isBlueprint(beside));
    try {
      return await locate(isBeside ? shownPath(beside, this.#io.cwd) : name, this.#home, this.#io, this.#options);
    } catch (error) {
      if (!(error instanceof MeshError)) throw error;
      throw new MeshError(
        error.code,
        `${blueprint.name} builds on ${name}: ${error.message}`,
        error.hint === undefined ? {} : { hint: error.hint },
      );
    }
  }

  /** The applied blueprint that is meant: that of its folder or, from wherever it came, of its name. Not one that needs another run. */
  #runningAs({ id, name }: LocatedBlueprint): Base | undefined {
    const { blueprints, resources } = this.#applied;
    const found = blueprints.find((one) => one.id === id) ?? blueprints.find((one) => one.name === name);
    const isWhole = !resources.some(({ owners, stale }) => stale && owners.some((owner) => owner.id === found?.id));
    return found && isWhole ? { id: found.id, name: found.name } : undefined;
  }
}
