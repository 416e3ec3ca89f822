import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { MeshError } from '../base/errors.ts';
import { nearest } from '../base/suggest.ts';
import type { BlueprintRef } from './graph.ts';
import { shownPath } from './paths.ts';
import { isRemote } from './remote-address.ts';

export interface LocatedBlueprint extends BlueprintRef {
  /** What names it: as given, or `.`. */
  readonly typed: string;
  /** Folder or file to read. */
  readonly path: string;
  /** How it is shown: `./v2`, `blueprint v2 that comes with mesh`. */
  readonly shown: string;
  readonly shipped: boolean;
}

export interface LocateOptions {
  readonly cwd: string;
  /** Folder of the blueprints that come with the package. */
  readonly shipped: string;
  /** Gets what an address names onto this machine. Rejects with a MeshError. Absent: addresses name nothing. */
  remote?(address: string): Promise<{ readonly folder: string; readonly name: string; readonly shown: string }>;
}

/**
 * Finds a blueprint: the path as given, `./blueprints/<name>`, the shipped one of that name, then what an address names.
 * Without an argument, the current folder.
 */
export async function locateBlueprint(argument: string | undefined, options: LocateOptions): Promise<LocatedBlueprint> {
  const wanted = argument ?? '.';
  const candidates = [resolve(options.cwd, wanted), resolve(options.cwd, 'blueprints', wanted)];
  for (const path of candidates) if (await isBlueprint(path)) return describe(path, wanted, options.cwd, false);
  const shipped = join(options.shipped, wanted);
  if (/^[\w.-]+$/.test(wanted) && wanted !== '.' && (await isBlueprint(shipped))) return describe(shipped, wanted, options.cwd, true);
  if (options.remote && isRemote(wanted)) {
    const { folder, name, shown } = await options.remote(wanted);
    return { id: await realpath(folder), name, path: folder, shown, typed: wanted, shipped: false };
  }
  throw await notFound(wanted, options);
}

/** Names of the blueprints that come with the package. */
export async function shippedBlueprints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map(async (name) => ((await isBlueprint(join(folder, name))) ? [name] : [])));
  return found.flat().toSorted();
}

/** A folder with `*.hcl` files, or such a file. */
export async function isBlueprint(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return path.endsWith('.hcl');
  return info?.isDirectory() === true && (await readdir(path)).some((name) => name.endsWith('.hcl'));
}

async function describe(path: string, typed: string, cwd: string, shipped: boolean): Promise<LocatedBlueprint> {
  const id = await realpath(path);
  const name = basename(id, '.hcl');
  const local = relative(cwd, path);
  const shown = shipped
    ? `the shipped blueprint ${name}`
    : local === ''
      ? '.'
      : local.startsWith('..')
        ? shownPath(path, cwd)
        : `./${local}`;
  return { id, name, path, shown, typed, shipped };
}

async function notFound(wanted: string, options: LocateOptions): Promise<MeshError> {
  const path = resolve(options.cwd, wanted);
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) {
    const hint = `blueprints have *.hcl files; shipped ones: ${(await shippedBlueprints(options.shipped)).join(', ')}`;
    return new MeshError('invalid', wanted === '.' ? 'there is no blueprint in this folder' : `${wanted} holds no *.hcl file`, { hint });
  }
  if (info) return new MeshError('invalid', `${wanted} is not an .hcl file`);
  const known = [
    ...(await foldersIn(dirname(path))),
    ...(await foldersIn(resolve(options.cwd, 'blueprints'))),
    ...(await shippedBlueprints(options.shipped)),
  ];
  const near = nearest(basename(wanted), known);
  const hint =
    near === undefined ? `shipped blueprints: ${(await shippedBlueprints(options.shipped)).join(', ')}` : `did you mean "${near}"?`;
  return new MeshError(
    'invalid',
    `there is no blueprint ${JSON.stringify(wanted)}: no such file or folder here, in ./blueprints or among the shipped ones`,
    { hint },
  );
}

/** Names of the folders in one; of what is none, none. */
export async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
