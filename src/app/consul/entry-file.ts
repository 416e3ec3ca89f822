import { readdir } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { messageOf } from '../../base/errors.ts';
import type { Source } from '../../base/source.ts';
import { nearest } from '../../base/suggest.ts';
import type { Io } from '../io.ts';
import { Failure } from './command.ts';
import { readInput } from './files.ts';

/** A text, with the absolute path of its file if it has one. */
export interface EntrySource extends Source {
  readonly path?: string;
}

/**
 * The text of a file as typed, of standard input for `-`, or, when there is no such file, of the shipped blueprint's file of
 * that path, which is said. Rejects with a Failure in Consul's words.
 */
export async function loadEntryFile(path: string, io: Io): Promise<EntrySource> {
  if (path === '-') return { name: '<stdin>', text: await io.stdin() };
  try {
    return { name: path, path: resolve(io.cwd, path), text: await readInput(path, io) };
  } catch (error) {
    const shipped = await loadShipped(path, io);
    if (shipped) return shipped;
    const line = `Failed to load data: Failed to read file: ${messageOf(error)}`;
    const near = io.diagnostics ? await nearFile(path, io) : undefined;
    throw new Failure(near === undefined ? line : `${line}\n  hint: did you mean ${near}?`);
  }
}

async function loadShipped(path: string, io: Io): Promise<EntrySource | undefined> {
  const inside = normalize(path);
  if (isAbsolute(path) || inside.startsWith('..')) return undefined;
  try {
    const shipped = join(io.shippedBlueprints, inside);
    const text = await readInput(shipped, io);
    io.err(`${path} is not in this folder: taking the one of the shipped blueprint ${inside.split('/', 1)[0]}\n`);
    return { name: path, path: shipped, text };
  } catch {
    return undefined;
  }
}

async function nearFile(path: string, io: Io): Promise<string | undefined> {
  const folder = dirname(path);
  const names = await readdir(resolve(io.cwd, folder)).catch(() => []);
  const near = nearest(basename(path), names);
  return near === undefined ? undefined : join(folder, near);
}
