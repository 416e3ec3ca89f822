import { join } from 'node:path';
import { openLog, type RecordLog } from './log.ts';

/** Where logs are kept, by the name of their file. */
export interface Storage {
  /** Opens a log, or makes it. Rejects like `openLog`. */
  open<T>(name: string): Promise<RecordLog<T>>;
}

/** Files of one folder, which must be there. `sync`: see `LogOptions`. */
export function diskStorage(dir: string, options: { readonly sync: boolean }): Storage {
  return { open: (name) => openLog(join(dir, name), options) };
}

/** Nothing is written anywhere: what is in it goes with the process. */
export function memoryStorage(): Storage {
  return { open: () => Promise.resolve(new MemoryLog()) };
}

/** Keeps nothing at all: nobody opens it a second time. */
class MemoryLog<T> implements RecordLog<T> {
  readonly records: readonly T[] = [];
  readonly size = 0;

  forget(): void {}

  append(): Promise<void> {
    return Promise.resolve();
  }

  rewrite(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
