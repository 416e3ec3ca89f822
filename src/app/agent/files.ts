import { chmod, copyFile, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { MeshError, messageOf, systemCode } from '../../base/errors.ts';
import type { FilePort } from '../../blueprints/context.ts';

/** Files of the user, as resources make and remove them. */
export const userFiles: FilePort = {
  async write(path, content, mode) {
    await orExplain(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, content, { mode });
      // The mode above counts only for a new file.
      await chmod(path, mode);
    });
  },

  copy: (source, destination, mode) => orExplain(destination, () => copyAll(source, destination, mode)),

  async read(path) {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw new MeshError('environment', `can't read ${path}: ${messageOf(error)}`);
    }
  },

  remove: (path) => orExplain(path, () => rm(path, { force: true })),
};

async function copyAll(source: string, destination: string, mode: number | undefined): Promise<string[]> {
  if ((await stat(source)).isDirectory()) {
    await mkdir(destination, { recursive: true });
    const copied: string[] = [];
    for (const name of await readdir(source)) copied.push(...(await copyAll(join(source, name), join(destination, name), mode)));
    return copied;
  }
  const isFolder = await stat(destination).then(
    (info) => info.isDirectory(),
    () => destination.endsWith('/'),
  );
  const target = isFolder ? join(destination, basename(source)) : destination;
  await mkdir(dirname(target), { recursive: true });
  await copyFile(source, target);
  if (mode !== undefined) await chmod(target, mode);
  return [target];
}

async function orExplain<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new MeshError('environment', `can't write ${path}: ${messageOf(error)}`);
  }
}
