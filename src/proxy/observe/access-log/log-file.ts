import { type FileHandle, open, stat } from 'node:fs/promises';
import { messageOf } from '../../../base/errors.ts';
import type { Log } from '../../../base/ports.ts';

const FLUSH_MS = 200;
/** Characters that wait for the disk; lines that come above that are dropped and counted. */
const MAX_WAITING = 4 * 1024 * 1024;
/** A file that was moved away is opened anew this long after, at the latest. */
const LOOK_MS = 1_000;

/** Appends lines to a file, off the path of requests. Whoever rotates it may move it away, or cut it. */
export class LogFile {
  readonly path: string;
  readonly #log: Log;
  #lines: string[] = [];
  #waiting = 0;
  #dropped = 0;
  #file: FileHandle | undefined;
  #lookedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  #failed = false;

  constructor(path: string, log: Log) {
    this.path = path;
    this.#log = log;
  }

  write(line: string): void {
    if (this.#waiting + line.length > MAX_WAITING) {
      this.#dropped++;
      return;
    }
    this.#lines.push(line);
    this.#waiting += line.length;
    this.#timer ??= setTimeout(() => void this.flush(), FLUSH_MS);
  }

  /** Resolves when all that was written before is in the file. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#writing;
    if (this.#lines.length === 0) return;
    this.#writing = this.#append();
    await this.#writing;
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#file?.close();
    this.#file = undefined;
  }

  async #append(): Promise<void> {
    const text = this.#lines.join('');
    this.#lines = [];
    try {
      const file = await this.#opened();
      await file.appendFile(text);
      this.#failed = false;
    } catch (error) {
      // Said once, not with each flush.
      if (!this.#failed) this.#log.log('warn', 'access log not written', { path: this.path, reason: messageOf(error) });
      this.#failed = true;
    }
    this.#waiting -= text.length;
    if (this.#dropped > 0) this.#log.log('warn', 'lines of an access log dropped', { path: this.path, dropped: this.#dropped });
    this.#dropped = 0;
  }

  async #opened(): Promise<FileHandle> {
    const now = performance.now();
    if (this.#file && now - this.#lookedAt > LOOK_MS && !(await isAt(this.#file, this.path))) {
      await this.#file.close();
      this.#file = undefined;
    }
    this.#lookedAt = now;
    this.#file ??= await open(this.path, 'a', 0o600);
    return this.#file;
  }
}

async function isAt(file: FileHandle, path: string): Promise<boolean> {
  const [open, there] = await Promise.all([file.stat(), stat(path).catch(() => undefined)]);
  return there?.ino === open.ino && there.dev === open.dev;
}
