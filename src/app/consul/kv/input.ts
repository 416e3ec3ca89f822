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

export type Base64 = { readonly ok: true; readonly bytes: Buffer } | { readonly ok: false; readonly error: string; readonly bytes: Buffer };

/** As Go's decoder, whose error says where it stopped; `bytes` are what comes before. */
export function decodeBase64(text: string): Base64 {
  const plain = text.replace(/[\r\n]/g, '');
  const wrong = firstWrong(plain);
  if (wrong === -1) return { ok: true, bytes: Buffer.from(plain, 'base64') };
  const error = `illegal base64 data at input byte ${wrong}`;
  return { ok: false, error, bytes: Buffer.from(plain.slice(0, wrong - (wrong % 4)), 'base64') };
}

function firstWrong(text: string): number {
  const end = /^[A-Za-z0-9+/]*/.exec(text)![0].length;
  const rest = text.slice(end);
  const padding = (4 - (end % 4)) % 4;
  if (rest === '' && padding === 0) return -1;
  if (rest === '=' && padding === 1) return -1;
  if (rest === '==' && padding === 2) return -1;
  return rest === '' ? end - (end % 4) : end;
}
