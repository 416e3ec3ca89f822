import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shellWord } from '../../base/shell-word.ts';

/** The command lines that people have in their scripts, and the arguments with which ours is each of them. */
const TOOLS: Readonly<Record<string, readonly string[]>> = { consul: ['consul'], shipyard: [], jumppad: [], mesh: [] };

/** A folder of small scripts that call our command line by the names of the tools that it stands for. */
export class Shims {
  readonly folder: string;
  readonly #mesh: readonly string[];
  #written: Promise<void> | undefined;

  constructor(folder: string, mesh: readonly string[]) {
    this.folder = folder;
    this.#mesh = mesh;
  }

  /** Once in the life of an agent: an upgrade may have moved the program. */
  write(): Promise<void> {
    this.#written ??= this.#writeAll().catch((error: unknown) => {
      this.#written = undefined;
      throw error;
    });
    return this.#written;
  }

  async #writeAll(): Promise<void> {
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    for (const [name, args] of Object.entries(TOOLS)) {
      const words = [...this.#mesh, ...args].map(shellWord).join(' ');
      const path = join(this.folder, name);
      // In one step: somebody may be about to run the one that is there.
      await writeFile(`${path}.new`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
      await rename(`${path}.new`, path);
    }
  }
}

/** An environment in which the tools are found, and lead to this home. */
export function withTools(env: Readonly<Record<string, string>>, folder: string, home: string): Record<string, string> {
  const path = env['PATH'] ?? '/usr/local/bin:/usr/bin:/bin';
  return { ...env, PATH: `${folder}:${path}`, MESH_HOME: home };
}
