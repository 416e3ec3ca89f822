import { closeSync, fstatSync, openSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, extname, join } from 'node:path';
import { writeQuietly } from '../real.ts';

export interface Rotation {
  /** A file of so many bytes is put aside; 0: of any size. */
  readonly maxBytes: number;
  /** One of that age, too. */
  readonly maxAgeMs: number;
  /** How many of those put aside are kept; 0: all, below 0: none. */
  readonly maxFiles: number;
}

/**
 * A log file that is put aside before it grows too large or too old, as `<name>-<nanoseconds>.log`. Only in its name does it
 * differ from Consul's: what is written now always is in the file that was asked for.
 */
export class RotatingFile {
  readonly #path: string;
  readonly #rotation: Rotation;
  readonly #now: () => number;
  #fd: number;
  #bytes = 0;
  #openedAt = 0;
  #lastName = 0n;

  /** Throws the system's error when it can't be written. `now`: milliseconds since the epoch. */
  constructor(path: string, rotation: Rotation, now: () => number) {
    this.#path = path;
    this.#rotation = rotation;
    this.#now = now;
    this.#fd = this.#open();
  }

  write(text: string): void {
    const { maxBytes, maxAgeMs } = this.#rotation;
    if ((maxBytes > 0 && this.#bytes >= maxBytes) || this.#now() - this.#openedAt >= maxAgeMs) this.#rotate();
    writeQuietly(this.#fd, text);
    this.#bytes += Buffer.byteLength(text);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #open(): number {
    const fd = openSync(this.#path, 'a', 0o600);
    this.#bytes = fstatSync(fd).size;
    this.#openedAt = this.#now();
    return fd;
  }

  /** Where that fails, the log goes on as it was. */
  #rotate(): void {
    try {
      const [before, after] = this.#pattern();
      const at = BigInt(Math.floor(this.#now())) * 1_000_000n;
      // Two of the same millisecond have different names.
      this.#lastName = at > this.#lastName ? at : this.#lastName + 1n;
      renameSync(this.#path, join(dirname(this.#path), `${before}${this.#lastName}${after}`));
      const old = this.#fd;
      this.#fd = this.#open();
      closeSync(old);
      this.#prune(before, after);
    } catch {
      // Tried again with the next size or age: not with every line.
      this.#bytes = 0;
      this.#openedAt = this.#now();
    }
  }

  #prune(before: string, after: string): void {
    const { maxFiles } = this.#rotation;
    if (maxFiles === 0) return;
    const folder = dirname(this.#path);
    const aside = readdirSync(folder).filter((name) => isBetween(name, before, after));
    const gone = maxFiles < 0 ? aside : aside.sort().slice(0, Math.max(0, aside.length - maxFiles));
    for (const name of gone) rmSync(join(folder, name), { force: true });
  }

  #pattern(): readonly [before: string, after: string] {
    const name = basename(this.#path);
    const extension = extname(name) || '.log';
    return [`${name.endsWith(extension) ? name.slice(0, -extension.length) : name}-`, extension];
  }
}

const isBetween = (name: string, before: string, after: string): boolean =>
  name.startsWith(before) && name.endsWith(after) && /^\d+$/.test(name.slice(before.length, name.length - after.length));
