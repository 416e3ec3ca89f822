import { relative, resolve, sep } from 'node:path';
import { globToRegExp, plainPart } from '../../base/glob.ts';
import type { FileWatch } from '../../blueprints/context.ts';

/** Editors write a file in several steps, and a branch is many files. */
const QUIET_MS = 100;

/** Folders that nobody edits. */
const LEFT_OUT = /(?:^|[\\/])(?:node_modules|\.git)(?:[\\/]|$)/;

/** Files of the user that workloads are restarted for. Nothing is loaded before the first of them. */
export class FileWatches {
  readonly #open = new Map<string, AbortController>();

  /** Calls `onChange` with a file that changed, relative to the folder; again only when the last call has ended. */
  open(id: string, watch: FileWatch, onChange: (file: string) => Promise<void>): void {
    this.close(id);
    const closing = new AbortController();
    this.#open.set(id, closing);
    void follow(watch, onChange, closing.signal);
  }

  close(id: string): void {
    this.#open.get(id)?.abort();
    this.#open.delete(id);
  }

  closeAll(): void {
    for (const id of this.#open.keys()) this.close(id);
  }
}

async function follow({ folder, patterns }: FileWatch, onChange: (file: string) => Promise<void>, signal: AbortSignal): Promise<void> {
  const { watch } = await import('chokidar');
  if (signal.aborted) return;
  const wanted = patterns.map(globToRegExp);
  const places = [...new Set(patterns.map((pattern) => resolve(folder, plainPart(pattern))))];
  let changed: string | undefined;
  let busy = false;
  let timer: NodeJS.Timeout | undefined;
  const settle = async (): Promise<void> => {
    if (busy || changed === undefined || signal.aborted) return;
    const file = changed;
    changed = undefined;
    busy = true;
    await onChange(file).catch(() => undefined);
    busy = false;
    void settle();
  };
  const watcher = watch(places, { ignoreInitial: true, ignored: (path) => LEFT_OUT.test(relative(folder, path)) });
  watcher.on('all', (event, path) => {
    const file = relative(folder, path).split(sep).join('/');
    if (event === 'addDir' || event === 'unlinkDir' || !wanted.some((pattern) => pattern.test(file))) return;
    changed = file;
    clearTimeout(timer);
    timer = setTimeout(() => void settle(), QUIET_MS);
  });
  watcher.on('error', () => undefined);
  signal.addEventListener('abort', () => {
    clearTimeout(timer);
    void watcher.close();
  });
}
