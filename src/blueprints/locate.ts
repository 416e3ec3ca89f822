import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { MeshError } from '../base/errors.ts';
import { nearest } from '../base/suggest.ts';
import type { BlueprintRef } from './graph.ts';

export interface LocatedBlueprint extends BlueprintRef {
  /** Folder or file to read. */
  readonly path: string;
  /** How it is shown: `./v2`, `blueprint v2 that comes with mesh`. */
  readonly shown: string;
  readonly shipped: boolean;
}

/**
 * Finds a blueprint: the path as given, `./blueprints/<name>`, then the shipped one of that name. Without an argument, the
 * current folder.
 */
export async function locateBlueprint(argument: string | undefined, options: { cwd: string; shipped: string }): Promise<LocatedBlueprint> {
  const wanted = argument ?? '.';
  const candidates = [resolve(options.cwd, wanted), resolve(options.cwd, 'blueprints', wanted)];
  for (const path of candidates) if (await isBlueprint(path)) return describe(path, options.cwd, false);
  const shipped = join(options.shipped, wanted);
  if (/^[\w.-]+$/.test(wanted) && wanted !== '.' && (await isBlueprint(shipped))) return describe(shipped, options.cwd, true);
  throw await notFound(wanted, options);
}

/** Names of the blueprints that come with the package. */
export async function shippedBlueprints(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.map(async (name) => ((await isBlueprint(join(folder, name))) ? [name] : [])));
  return found.flat().toSorted();
}

async function isBlueprint(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isFile()) return path.endsWith('.hcl');
  return info?.isDirectory() === true && (await readdir(path)).some((name) => name.endsWith('.hcl'));
}

async function describe(path: string, cwd: string, shipped: boolean): Promise<LocatedBlueprint> {
  const id = await realpath(path);
  const name = basename(id, '.hcl');
  const local = relative(cwd, path);
  const shown = shipped ? `the shipped blueprint ${name}` : local === '' ? '.' : local.startsWith('..') ? path : `./${local}`;
  return { id, name, path, shown, shipped };
}

async function notFound(wanted: string, options: { cwd: string; shipped: string }): Promise<MeshError> {
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

async function foldersIn(path: string): Promise<string[]> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => []);
  return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
}
