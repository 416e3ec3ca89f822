import { readFile } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { messageOf, systemCode } from '../../../base/errors.ts';
import type { Io } from '../../io.ts';
import { Failure } from '../command.ts';
import { isOldConsul } from '../compat.ts';
import { goErrno } from '../go-errors.ts';
import { type Archive, readArchive, type SnapshotMeta } from './archive.ts';

/** The one argument. Throws a Failure. */
export function fileArgument(args: readonly string[]): string {
  const [file] = args;
  if (file === undefined) throw new Failure('Missing FILE argument');
  if (args.length > 1) throw new Failure(`Too many arguments (expected 1, got ${args.length})`);
  return file;
}

/** The bytes of a file. Rejects with a Failure; a folder can be opened, and not read: `whenFolder` begins that message. */
export async function openSnapshot(file: string, io: Io, whenFolder: () => Promise<string>): Promise<Buffer> {
  try {
    return await readFile(resolve(io.cwd, file));
  } catch (error) {
    const code = systemCode(error) ?? '';
    const why = goErrno(code) ?? messageOf(error);
    throw new Failure(
      code === 'EISDIR' ? `${await whenFolder()}: read ${file}: ${why}` : `Error opening snapshot file: open ${file}: ${why}`,
    );
  }
}

/** An archive, or the `state.bin` of a server's folder with the `meta.json` beside it. Rejects with a Failure. */
export async function loadSnapshot(file: string, io: Io): Promise<Archive> {
  const failing = `Error ${isOldConsul(io) ? 'verifying' : 'reading'} snapshot`;
  const bytes = await openSnapshot(file, io, () => Promise.resolve(`${failing}: failed to decompress snapshot`));
  if (basename(file).toLowerCase() === 'state.bin') {
    const beside = join(dirname(file), 'meta.json');
    const failed = 'from internal snapshot dir';
    const text = await readFile(resolve(io.cwd, beside), 'utf8').catch((error: unknown) => {
      const why = goErrno(systemCode(error) ?? '') ?? messageOf(error);
      throw new Failure(`Error reading meta.json ${failed}: open ${beside}: ${why}`);
    });
    try {
      const meta = JSON.parse(text) as SnapshotMeta;
      return { meta, metaJson: meta, state: bytes };
    } catch (error) {
      throw new Failure(`Error parsing meta.json ${failed}: ${messageOf(error)}`);
    }
  }
  try {
    return readArchive(bytes);
  } catch (error) {
    throw new Failure(`${failing}: ${messageOf(error)}`);
  }
}
