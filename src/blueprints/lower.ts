import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Diagnostic, errorAt } from '../base/diagnostic.ts';
import { shortDigest } from '../base/digest.ts';
import type { WrittenCall } from '../base/registration.ts';
import { positionOf } from '../base/source.ts';
import { entryPlaceKey } from './graph.ts';
import type { Loaded, LoadOptions, RunningResource } from './loaded.ts';
import { locatePath } from './locate-path.ts';
import { nearestPath } from './nearest-path.ts';
import { shownPath } from './paths.ts';
import { PlannedFiles } from './planned-files.ts';
import type { LowerContext, ResourceType } from './resource-type.ts';
import { resourceTypeOf } from './resources/index.ts';
import { whyUnreadable } from './unreadable.ts';

export interface Lowering {
  readonly running: ReadonlyMap<string, RunningResource>;
  /** By key; lowering adds what it finds out. */
  readonly dependencies: Map<string, string[]>;
  readonly options: LoadOptions;
  readonly report: (...found: Diagnostic[]) => void;
}

/** What has been lowered so far. */
export class Lowered {
  /** By key. */
  readonly specs = new Map<string, unknown>();
  /** What they call, by key of the caller. */
  readonly calls = new Map<string, readonly WrittenCall[]>();
  readonly loaded: Loaded[] = [];
  readonly planned = new PlannedFiles();
  /** Digests of the files that each one read, by key and path. */
  readonly reads = new Map<string, Map<string, string>>();
  /** Where the config entries of each one are written, by key and entry. */
  readonly entryPlaces = new Map<string, Readonly<Record<string, string>>>();

  /**
   * Lowers decoded resources, which come in the order of their dependencies. Those that make files go first, so that the
   * others can read what isn't there yet; who looks at all resources of another type comes after these.
   */
  async add(loaded: readonly Loaded[], lowering: Lowering): Promise<void> {
    this.loaded.push(...loaded);
    for (const resource of loaded.toSorted((a, b) => rank(a) - rank(b)))
      this.specs.set(resource.key, await resource.type.lower(resource.config, lowerContext(resource, this, lowering)));
  }

  /** When all are there: what one means for the specs of others. */
  amend(): void {
    for (const { key, type } of this.loaded) type.amend?.(this.specs.get(key), this.specs);
  }
}

/** Where the ranks of those begin that make no files. */
const OTHERS = 100;

function rank({ type, config }: Loaded): number {
  // Of the first ones, who looks at others comes last.
  return type.lowerFirst?.(config) ? OTHERS + (type.lowerAfter ? 0.5 : 0) : rankOf(type) + (type.lowerOrder?.(config) ?? 0);
}

function rankOf({ makesFiles, lowerAfter = [] }: ResourceType): number {
  return Math.max(makesFiles ? 0 : OTHERS + 1, ...lowerAfter.map((name) => 1 + rankOf(resourceTypeOf(name)!)));
}

function lowerContext(
  resource: Loaded,
  { loaded, specs, calls, planned, reads, entryPlaces }: Lowered,
  { running, dependencies, options, report }: Lowering,
): LowerContext {
  const { files } = options;
  const dependOn = (key: string): void => {
    const known = dependencies.get(resource.key) ?? [];
    if (key !== resource.key && !known.includes(key)) dependencies.set(resource.key, [...known, key]);
  };
  /** Who will make this file, as a dependency of who asks. */
  const plannedAt = (path: string) => {
    const file = planned.get(path);
    if (file) dependOn(file.maker);
    return file;
  };
  return {
    name: resource.name,
    dialect: resource.dialect,
    key: resource.key,
    previous() {
      const record = running.get(resource.key);
      return record?.type === resource.type.type && !record.stale ? record.spec : undefined;
    },
    located: resource.located,
    header: resource.block.headerRange,
    images: options.images ?? [],
    cwd: options.cwd,
    dataFolder: options.dataFolder,
    at: (path) => locatePath(resource.located, path) ?? resource.block.headerRange,
    resolvePath: (path) => (isAbsolute(path) ? path : join(dirname(resource.file), path)),
    async read(path, at) {
      const name = shownPath(path, options.cwd);
      const file = plannedAt(path);
      try {
        const text = file?.text ?? (await files.read(path));
        reads.set(resource.key, (reads.get(resource.key) ?? new Map<string, string>()).set(path, shortDigest(text)));
        return { name, text };
      } catch (error) {
        if (file)
          report(errorAt(at, `can't read ${name}`, { detail: `${file.maker} will make it, but what is in it is not known before that` }));
        else if (await files.exists(path)) report(errorAt(at, `can't read ${name}: ${whyUnreadable(error)}`));
        else {
          const detail = 'paths are relative to the file that they stand in';
          const hint = await nearestPath(path, options.cwd, (folder) => files.list(folder));
          report(errorAt(at, `can't read ${name}`, { detail, ...hint }));
        }
        return undefined;
      }
    },
    async list(path) {
      const made = planned.below(path);
      for (const file of made) dependOn(file.maker);
      const names = await files.list(path);
      return made.length === 0 ? names : [...new Set([...(names ?? []), ...made.map((file) => file.name)])].toSorted();
    },
    exists: async (path) => plannedAt(path) !== undefined || planned.below(path).length > 0 || files.exists(path),
    madeLater(path) {
      const file = plannedAt(path);
      return file !== undefined && file.text === undefined;
    },
    fetch: (address) => options.fetch(address),
    report,
    writes({ Kind, Name }, { source, start }) {
      const place = `${resolve(options.cwd, source.name)}:${positionOf(source, start).line}`;
      entryPlaces.set(resource.key, { ...entryPlaces.get(resource.key), [entryPlaceKey(Kind, Name)]: place });
    },
    calls: (more) => calls.set(resource.key, [...(calls.get(resource.key) ?? []), ...more]),
    config: (key) => loaded.find((other) => other.key === key)?.config,
    spec: (key) => specs.get(key) ?? running.get(key)?.spec,
    resources(type) {
      const own = loaded.filter((other) => other.type.type === type && specs.has(other.key));
      const elsewhere = [...running.values()].filter((other) => other.type === type && !loaded.some(({ key }) => key === other.key));
      return [...own.map(({ key }) => ({ key, spec: specs.get(key) })), ...elsewhere.map(({ key, spec }) => ({ key, spec }))];
    },
    after: () => dependencies.get(resource.key) ?? [],
    dependOn,
    provide: (path, text) => planned.add(path, { maker: resource.key, text }),
  };
}
