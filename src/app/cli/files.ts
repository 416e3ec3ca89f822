import { chmodSync, mkdirSync, readFileSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import type { Files } from '../../blueprints/loaded.ts';

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
  readNow: (path) => readFileSync(path, 'utf8'),
  makeFolder(path, mode, force = false) {
    mkdirSync(path, { recursive: true, mode });
    // What mkdir makes lacks the bits of the umask.
    if (force) chmodSync(path, mode);
  },
};
