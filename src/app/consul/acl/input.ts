import { messageOf } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { Failure } from '../command.ts';
import { readInput } from '../files.ts';

/** A value as it stands, the content of a file for `@file`, or standard input for `-`. Rejects with a Failure behind `prefix`. */
export async function textOf(value: string, io: Io, prefix: string): Promise<string> {
  if (value === '-') return io.stdin();
  if (!value.startsWith('@')) return value;
  return readInput(value.slice(1), io).catch((error: unknown) => {
    throw new Failure(`${prefix}: Failed to read file: ${messageOf(error)}`);
  });
}
