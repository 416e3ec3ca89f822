import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import type { Files } from '../../blueprints/loaded.ts';

/**
 * The file system, as loading a blueprint sees it. Nothing else goes on in a process that loads one, so that each call waits:
 * handing 50 small files to Node's threads and back takes as long as parsing them.
 */
export const realFiles: Files = {
  read: async (path) => readFileSync(path, 'utf8'),
  list(path) {
    try {
      return Promise.resolve(readdirSync(path).toSorted());
    } catch {
      return Promise.resolve(undefined);
    }
  },
  exists: (path) => Promise.resolve(existsSync(path)),
  readNow: (path) => readFileSync(path, 'utf8'),
  existsNow: existsSync,
  makeFolder(path, mode, force = false) {
    mkdirSync(path, { recursive: true, mode });
    // What mkdir makes lacks the bits of the umask.
    if (force) chmodSync(path, mode);
  },
};
