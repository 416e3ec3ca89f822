import { rm, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { Io } from '../io.ts';

/** Writes the process id for other programs, where that is asked for. Rejects if it can't. */
export async function writePidFile(path: string | undefined, io: Io): Promise<{ remove(): Promise<void> }> {
  if (path === undefined) return { remove: () => Promise.resolve() };
  const file = resolve(io.cwd, path);
  try {
    await writeFile(file, `${io.pid}`, { mode: 0o644 });
  } catch (error) {
    throw new MeshError('environment', `Could not write pid file: ${messageOf(error)}`, { hint: 'choose another place for -pid-file' });
  }
  return { remove: () => rm(file, { force: true }) };
}
