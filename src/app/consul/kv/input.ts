import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, systemCode } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { goErrno } from '../go-errors.ts';

/** Data as `kv put` and `kv import` take it: `@file`, `-` for standard input, or the word itself. Rejects with an Error. */
export async function readData(word: string, io: Io): Promise<Buffer> {
  if (word === '-') return io.stdinBytes();
  if (!word.startsWith('@')) return Buffer.from(word);
  const path = word.slice(1);
  try {
    return await readFile(resolve(io.cwd, path));
  } catch (error) {
    const code = systemCode(error) ?? '';
    const verb = code === 'EISDIR' ? 'read' : 'open';
    throw new Error(`Failed to read file: ${verb} ${path}: ${goErrno(code) ?? messageOf(error)}`, { cause: error });
  }
}
