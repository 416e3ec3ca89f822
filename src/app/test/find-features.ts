import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import type { Source } from '../../base/source.ts';
import { nearest } from '../../base/suggest.ts';
import { shownPath } from '../../blueprints/paths.ts';
import { locate } from '../cli/locate.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import type { Target } from './world.ts';

/** A feature file that is to be run, as a text. */
export interface FoundFeature {
  readonly source: Source;
  readonly target: Target;
  /** `v2.feature:12`: only the scenarios there. */
  readonly lines?: readonly number[];
}

export interface FindOptions {
  /** As typed: a blueprint, feature files, or both. */
  readonly args: readonly string[];
  /** Relative to the blueprint. */
  readonly testFolder: string;
  readonly update: boolean;
}

/**
 * All feature files in the test folder of a blueprint, or those that are named. Without a blueprint, that of a named file is
 * the folder above its own. Rejects with a MeshError when there are none.
 */
export async function findFeatures({ args, testFolder, update }: FindOptions, io: Io): Promise<FoundFeature[]> {
  const named = args.filter((arg) => FEATURE.test(arg));
  const others = args.filter((arg) => !FEATURE.test(arg));
  if (others.length > 1)
    throw new MeshError('usage', `one blueprint at a time, found ${others.join(' and ')}`, { hint: 'feature files end in .feature' });
  const blueprint = others.length === 0 && named.length > 0 ? undefined : await locate(others[0], homeOf(io.env, io.cwd), io, { update });
  const folder = blueprint && (await folderOf(blueprint.path));
  if (named.length > 0)
    return Promise.all(named.map((arg) => namedFeature(arg, blueprint && { blueprint: blueprint.path, folder: folder! }, io)));
  const tests = resolve(folder!, testFolder);
  const files = await readdir(tests, { recursive: true }).catch(() => undefined);
  const features = (files ?? []).filter((file) => file.endsWith('.feature')).toSorted();
  if (features.length === 0) {
    const shown = shownPath(tests, io.cwd);
    throw new MeshError('invalid', files ? `there is no *.feature file in ${shown}` : `there is no folder ${shown}`, {
      hint: 'write one (`mesh test --steps` shows all steps), or name a folder with --test-folder, or feature files',
    });
  }
  return Promise.all(
    features.map(async (file) => ({
      source: await read(join(tests, file), io),
      target: targetOf(blueprint!.path, folder!, join(tests, file)),
    })),
  );
}

const FEATURE = /\.feature(?::\d+)*$/;

async function namedFeature(arg: string, blueprint: { blueprint: string; folder: string } | undefined, io: Io): Promise<FoundFeature> {
  const [, typed = '', lines = ''] = /^(.*?\.feature)((?::\d+)*)$/.exec(arg) ?? [];
  const path = resolve(io.cwd, typed);
  const folder = blueprint?.folder ?? dirname(dirname(path));
  return {
    source: await read(path, io),
    target: targetOf(blueprint?.blueprint ?? folder, folder, path),
    ...(lines === '' ? {} : { lines: lines.slice(1).split(':').map(Number) }),
  };
}

const targetOf = (blueprint: string, folder: string, path: string): Target => ({ blueprint, folder, testFolder: dirname(path) });

const folderOf = async (path: string): Promise<string> => ((await stat(path)).isDirectory() ? path : dirname(path));

async function read(path: string, io: Io): Promise<Source> {
  try {
    return { name: shownPath(path, io.cwd), text: await readFile(path, 'utf8') };
  } catch {
    const near = nearest(basename(path), await readdir(dirname(path)).catch(() => []));
    throw new MeshError(
      'invalid',
      `there is no file ${shownPath(path, io.cwd)}`,
      near === undefined ? {} : { hint: `did you mean "${near}"?` },
    );
  }
}
