import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, systemCode } from '../../base/errors.ts';
import type { Io } from '../io.ts';
import { goErrno } from './go-errors.ts';

/** Reads a text file relative to the user's folder. Rejects with `<prefix>open <path>: <Go's errno text>`. */
export async function readInput(path: string, io: Io, prefix = ''): Promise<string> {
  try {
    return await readFile(resolve(io.cwd, path), 'utf8');
  } catch (error) {
    const code = systemCode(error) ?? '';
    const verb = code === 'EISDIR' ? 'read' : 'open';
    throw new Error(`${prefix}${verb} ${path}: ${goErrno(code) ?? messageOf(error)}`, { cause: error });
  }
}
