import { readdir, readFile, stat } from 'node:fs/promises';
import type { Files } from '../../blueprints/load.ts';

/** The file system, as loading a blueprint sees it. */
export const realFiles: Files = {
  read: (path) => readFile(path, 'utf8'),
  list: (path) =>
    readdir(path).then(
      (names) => names.toSorted(),
      () => undefined,
    ),
  exists: (path) =>
    stat(path).then(
      () => true,
      () => false,
    ),
};
