import { realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { MeshError, messageOf } from '../../base/errors.ts';

/** Gives a file another content, all of it or nothing; its mode stays, and a link goes on to lead to it. */
export async function replaceFile(path: string, text: string, pid: number): Promise<void> {
  const target = await realpath(path);
  const temporary = `${target}.${pid}.tmp`;
  try {
    const { mode } = await stat(target);
    await writeFile(temporary, text, { mode, flag: 'wx' });
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new MeshError('environment', `can't write ${path}: ${messageOf(error)}`);
  }
}
