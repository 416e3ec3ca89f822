import { dirname, relative } from 'node:path';
import type { Files } from '../../blueprints/loaded.ts';
import { realFiles } from './files.ts';

/** What was looked at on the way to something: when one of it changes, that may change. */
export class SeenFiles {
  /** Read, or looked for. */
  readonly paths = new Set<string>();
  /** Whose names were listed. */
  readonly folders = new Set<string>();

  /** The files of this machine, with a note of each look. */
  get files(): Files {
    return {
      ...realFiles,
      read: (path) => {
        this.paths.add(path);
        return realFiles.read(path);
      },
      readNow: (path) => {
        this.paths.add(path);
        return realFiles.readNow(path);
      },
      exists: (path) => {
        this.paths.add(path);
        return realFiles.exists(path);
      },
      list: async (path) => {
        const names = await realFiles.list(path);
        if (names) this.folders.add(path);
        else this.paths.add(path);
        return names;
      },
    };
  }

  /** Folders above a blueprint are listed for hints only: what comes and goes there is no change of it. */
  without(blueprint: string): this {
    for (const folder of this.folders) {
      const below = relative(folder, blueprint);
      if (below !== '' && !below.startsWith('..')) this.folders.delete(folder);
    }
    return this;
  }

  /** Whether something that has this path is meant. */
  has(path: string): boolean {
    return this.paths.has(path) || this.folders.has(path) || this.folders.has(dirname(path));
  }

  /** Folders in which everything lies that was looked at. */
  get places(): string[] {
    return [...new Set([...this.folders, ...Array.from(this.paths, (path) => dirname(path))])].toSorted();
  }
}
