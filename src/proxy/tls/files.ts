import { readFile, stat } from 'node:fs/promises';

/** What is in some files: read again only when somebody has written to one of them, or put another in its place. */
export class Files {
  #state = '';
  #contents: readonly Buffer[] = [];

  /** Rejects with the system's error, which names the file. */
  async read(paths: readonly string[]): Promise<readonly Buffer[]> {
    const state = (await Promise.all(paths.map(stateOf))).join('\n');
    if (state !== this.#state) {
      this.#contents = await Promise.all(paths.map((path) => readFile(path)));
      this.#state = state;
    }
    return this.#contents;
  }
}

async function stateOf(path: string): Promise<string> {
  const { ino, mtimeMs, size } = await stat(path);
  return `${path} ${ino} ${mtimeMs} ${size}`;
}
