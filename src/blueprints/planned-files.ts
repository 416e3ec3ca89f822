import { sep } from 'node:path';

export interface PlannedFile {
  /** Key of the resource that will make it. */
  readonly maker: string;
  /** Undefined: not known before it is made. */
  readonly text: string | undefined;
}

/** Files that resources of a blueprint will make: there for whoever reads the blueprint, not yet on the disk. */
export class PlannedFiles {
  readonly #files = new Map<string, PlannedFile>();

  add(path: string, file: PlannedFile): void {
    this.#files.set(path, file);
  }

  get(path: string): PlannedFile | undefined {
    return this.#files.get(path);
  }

  /** What a folder will hold: the first part of each path below it. */
  below(folder: string): (PlannedFile & { readonly name: string })[] {
    const prefix = folder.endsWith(sep) ? folder : folder + sep;
    return [...this.#files].flatMap(([path, file]) =>
      path.startsWith(prefix) ? [{ ...file, name: path.slice(prefix.length).split(sep, 1)[0]! }] : [],
    );
  }
}
