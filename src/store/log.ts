import { constants } from 'node:fs';
import { type FileHandle, open, readFile, rename, stat, unlink, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { dirname } from 'node:path';
import { MeshError, messageOf, systemCode } from '../base/errors.ts';
import { type Mark, readMark, removeMark, writeMark } from './mark.ts';
import { type ByteRange, encodeHeader, encodeRecord, type Scan, scan } from './record.ts';

export interface LogOptions {
  /** Flush to the disk before acknowledging. Off only for state that may be lost with the machine. */
  readonly sync: boolean;
}

/** What was lost of a file that is not what was written to it. */
export interface Damage {
  readonly message: string;
  /** Where the file was put aside, unchanged; absent when there was none. */
  readonly keptAt?: string;
  readonly ranges: readonly ByteRange[];
}

/**
 * An append-only file of checksummed JSON records, the only thing in this program that writes state.
 * A resolved `append` is on the disk. Appends that arrive while one is being flushed share the next flush.
 */
export interface RecordLog<T> extends AsyncDisposable {
  /** What was in the file when it was opened, until `forget`. */
  readonly records: readonly T[];
  /** Lets go of `records`, which may be much larger than what their reader has made of them. */
  forget(): void;
  readonly damage?: Damage;
  /** Size of the file in bytes, to decide when to compact. */
  readonly size: number;
  /** Rejects with a MeshError that names the file; the log then holds what it held before and stays usable. */
  append(record: T): Promise<void>;
  /** Replaces the whole content in one step: a crash leaves either the old file or the new one. */
  rewrite(records: readonly T[]): Promise<void>;
  /** Waits for what was begun. Idempotent. */
  close(): Promise<void>;
}

/**
 * Opens a log, creating it with mode 0600. A torn tail is cut. Damage, which is also what is missing of what was there for
 * certain: the original is kept as `<path>.damaged-<n>`, every record that still has its checksum goes on in a new file, and
 * `damage` says so. Throws MeshError('environment') if the file can't be used, without changing it.
 */
export async function openLog<T>(path: string, options: LogOptions): Promise<RecordLog<T>> {
  const [content, mark] = await Promise.all([readIfPresent(path), readMark(path)]);
  const found = scan(content ?? Buffer.alloc(0));
  if (found.newerVersion !== undefined) {
    throw new MeshError('environment', `${path} was written by a newer version of mesh (log format ${found.newerVersion})`, {
      hint: 'use that version, or another MESH_HOME',
    });
  }
  const records = found.records as readonly T[];
  try {
    const lost = [...found.damaged, ...cutOff(found, content, mark)];
    const isWhole = content !== undefined && lost.length === 0 && found.goodBytes > 0 && found.goodBytes === content.length;
    if (isWhole && !found.outdated)
      return new FileLog<T>(
        path,
        options,
        { file: await open(path, flagsOf(constants.O_RDWR, options)), size: found.goodBytes, first: found.first },
        records,
      );
    const damage = lost.length === 0 ? undefined : await keepAside(path, content, lost);
    const opened = await writeBeside(path, records, options.sync);
    await takePlace(path, options.sync, opened);
    return new FileLog<T>(path, options, opened, records, damage);
  } catch (error) {
    throw storeError(path, 'open', error);
  }
}

/** What was there for certain, and is not. A file gets its name with its header in it; without a mark it may never have had more. */
function cutOff(found: Scan, content: Buffer | undefined, mark: Mark | undefined): ByteRange[] {
  if (found.damaged.length > 0) return [];
  const length = content?.length ?? 0;
  const isSame = mark && (found.first === undefined || found.first === mark.first);
  const least = isSame ? mark.size : content ? encodeHeader().length : 0;
  return found.goodBytes < least ? [{ start: found.goodBytes, end: Math.max(least, length) }] : [];
}

/** The mark follows when the file has grown by this much, and when the log is closed. */
const MARK_BYTES = 256 * 1024;

interface Waiter {
  readonly bytes: Buffer;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class FileLog<T> implements RecordLog<T> {
  #records: readonly T[];
  readonly damage?: Damage;
  readonly #path: string;
  readonly #options: LogOptions;
  #file: FileHandle;
  #size: number;
  #first: string | undefined;
  /** Size that the mark tells of. */
  #marked = 0;
  /** The file may hold bytes behind `#size`: an append failed and so did cutting it off. */
  #dirty = false;
  /** Appends that will share the next flush; undefined when none is queued behind the last step. */
  #group: Waiter[] | undefined;
  #tail: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(path: string, options: LogOptions, opened: OpenFile, records: readonly T[], damage?: Damage) {
    this.#path = path;
    this.#options = options;
    this.#file = opened.file;
    this.#size = opened.size;
    this.#first = opened.first;
    this.#records = records;
    if (damage) this.damage = damage;
  }

  get size(): number {
    return this.#size;
  }

  get records(): readonly T[] {
    return this.#records;
  }

  forget(): void {
    this.#records = [];
  }

  append(record: T): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`append to the closed log ${this.#path}`));
    return new Promise((resolve, reject) => {
      const waiter = { bytes: encodeRecord(record), resolve, reject };
      if (this.#group) {
        this.#group.push(waiter);
        return;
      }
      const group = [waiter];
      this.#group = group;
      void this.#enqueue(() => this.#flush(group));
    });
  }

  rewrite(records: readonly T[]): Promise<void> {
    if (this.#closed) return Promise.reject(new Error(`rewrite of the closed log ${this.#path}`));
    const snapshot = [...records];
    // What is appended from now on belongs behind the new content.
    this.#group = undefined;
    return this.#enqueue(async () => {
      try {
        const opened = await writeBeside(this.#path, snapshot, this.#options.sync);
        // Once the names are swapped, appends must go to the new file, whatever fails after that.
        await takePlace(this.#path, this.#options.sync, opened, () => {
          const old = this.#file;
          this.#file = opened.file;
          this.#size = opened.size;
          this.#first = opened.first;
          this.#dirty = false;
          return old.close();
        });
        await this.#mark();
      } catch (error) {
        throw storeError(this.#path, 'write', error);
      }
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return this.#tail;
    this.#closed = true;
    return this.#enqueue(async () => {
      await this.#mark();
      await this.#file.close();
    });
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Runs one step at a time; a failed step doesn't stop the next. */
  #enqueue(step: () => Promise<void>): Promise<void> {
    const result = this.#tail.then(step);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  async #flush(group: readonly Waiter[]): Promise<void> {
    if (this.#group === group) this.#group = undefined;
    const bytes = group.length === 1 ? group[0]!.bytes : Buffer.concat(group.map((waiter) => waiter.bytes));
    try {
      if (this.#dirty) await this.#cut();
      this.#dirty = true;
      await writeAll(this.#file, bytes, this.#size);
      if (this.#options.sync && DSYNC === 0) await this.#file.datasync();
      this.#size += bytes.length;
      this.#dirty = false;
      this.#first ??= bytes.toString('latin1', 0, 8);
    } catch (cause) {
      await this.#cut().catch(() => undefined);
      const error = storeError(this.#path, 'write', cause);
      for (const waiter of group) waiter.reject(error);
      return;
    }
    for (const waiter of group) waiter.resolve();
    if (this.#size - this.#marked >= MARK_BYTES) await this.#mark();
  }

  /** Nothing depends on it: a disk that has no room for it is no reason to fail. */
  async #mark(): Promise<void> {
    if (this.#first === undefined || this.#size === this.#marked) return;
    this.#marked = this.#size;
    await writeMark(this.#path, { first: this.#first, size: this.#size }).catch(() => undefined);
  }

  /** Takes back what a failed append left, so that a reader never meets half a record in the middle. */
  async #cut(): Promise<void> {
    await this.#file.truncate(this.#size);
    if (this.#options.sync) await this.#file.datasync();
    this.#dirty = false;
  }
}

interface OpenFile {
  readonly file: FileHandle;
  readonly size: number;
  /** See `Mark.first`; undefined while there is no record. */
  readonly first: string | undefined;
}

/**
 * On Linux a write to the file is on the disk when it returns: one visit to the thread pool instead of two. Elsewhere the flag
 * is missing, or, as on macOS, leaves the data in the disk's own cache; 0 then.
 */
const DSYNC = platform() === 'linux' ? constants.O_DSYNC : 0;

const flagsOf = (flags: number, { sync }: LogOptions): number => (sync ? flags | DSYNC : flags);

const beside = (path: string): string => `${path}.tmp`;

/** Writes a complete new log next to the old one and leaves it open. */
async function writeBeside(path: string, records: readonly unknown[], sync: boolean): Promise<OpenFile> {
  const lines = records.map(encodeRecord);
  const bytes = Buffer.concat([encodeHeader(), ...lines]);
  const file = await open(beside(path), flagsOf(constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, { sync }), 0o600);
  try {
    await file.chmod(0o600);
    await writeAll(file, bytes, 0);
    if (sync) await file.sync();
    return { file, size: bytes.length, first: lines[0]?.toString('latin1', 0, 8) };
  } catch (error) {
    await file.close();
    await unlink(beside(path)).catch(() => undefined);
    throw error;
  }
}

/** Gives the new log its name. `swapped` runs as soon as the old one has lost it. */
async function takePlace(path: string, sync: boolean, opened: OpenFile, swapped?: () => Promise<void>): Promise<void> {
  try {
    // It tells of the file before. (A power failure may bring it back: then a loss is reported that is none.)
    await removeMark(path);
    await rename(beside(path), path);
  } catch (error) {
    await opened.file.close();
    await unlink(beside(path)).catch(() => undefined);
    throw error;
  }
  await swapped?.();
  if (sync) await syncDirectory(dirname(path));
}

async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, 'r');
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}

/** One write call may write less than asked when the disk fills up; the next one then says why. */
async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

async function keepAside(path: string, content: Buffer | undefined, ranges: readonly ByteRange[]): Promise<Damage> {
  if (!content) return { ranges, message: `${path} is gone: ${ranges[0]!.end} bytes are lost` };
  for (let n = 1; ; n++) {
    const keptAt = `${path}.damaged-${n}`;
    try {
      await writeFile(keptAt, content, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue;
      throw error;
    }
    const bytes = ranges.reduce((sum, range) => sum + range.end - range.start, 0);
    const where = `${ranges.length} place${ranges.length === 1 ? '' : 's'}, the first at byte ${ranges[0]!.start}`;
    return { keptAt, ranges, message: `${path} is damaged: ${bytes} bytes lost in ${where}; the original is kept as ${keptAt}` };
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && (await isDirectory(dirname(path)))) return undefined;
    throw storeError(path, 'read', error);
  }
}

const isDirectory = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const CAUSES: Readonly<Record<string, { what: string; hint?: string }>> = {
  ENOSPC: { what: 'no space left on the disk', hint: 'free some space, or set MESH_HOME to a folder on another disk' },
  EDQUOT: { what: 'the disk quota is used up', hint: 'free some space, or set MESH_HOME to a folder on another disk' },
  EFBIG: { what: 'the file would be larger than allowed (ulimit -f)', hint: 'raise the limit and try again' },
  EROFS: { what: 'the file system is read-only', hint: 'set MESH_HOME to a folder that can be written' },
  EACCES: { what: 'permission denied', hint: 'check the owner of the folder, or set MESH_HOME' },
  ENOENT: { what: 'no such folder' },
};

function storeError(path: string, verb: 'open' | 'read' | 'write', cause: unknown): MeshError {
  if (cause instanceof MeshError) return cause;
  const known = CAUSES[systemCode(cause) ?? ''];
  return new MeshError('environment', `can't ${verb} ${path}: ${known?.what ?? messageOf(cause)}`, {
    cause,
    ...(known?.hint === undefined ? {} : { hint: known.hint }),
  });
}
