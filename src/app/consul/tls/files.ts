import { readFile, stat, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, systemCode } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { Failure } from '../command.ts';
import { goErrno } from '../go-errors.ts';

export const exists = (path: string, io: Io): Promise<boolean> =>
  stat(resolve(io.cwd, path)).then(
    () => true,
    () => false,
  );

/** Writes a new file; a key is for its owner only (Consul: for anybody). Rejects with a Failure when there is one. */
export async function save(path: string, text: string, mode: number, io: Io): Promise<void> {
  try {
    await writeFile(resolve(io.cwd, path), text, { mode, flag: 'wx' });
  } catch (error) {
    throw new Failure(systemCode(error) === 'EEXIST' ? `${path} already exists.` : `Error writing ${path}: ${messageOf(error)}`);
  }
  io.out(`==> Saved ${path}\n`);
}

export async function load(path: string, io: Io, failed: string): Promise<string> {
  return readFile(resolve(io.cwd, path), 'utf8').catch((error: unknown) => {
    throw new Failure(`${failed}: open ${path}: ${goErrno(systemCode(error) ?? '') ?? messageOf(error)}`);
  });
}
