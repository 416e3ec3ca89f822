import { statSync } from 'node:fs';
import type { SeenFiles } from './seen-files.ts';

/** Editors write a file in several steps, and several files at once. */
const QUIET_MS = 100;

interface Watcher {
  close(): Promise<void>;
}

/** Tells when one of the files changes that something was made from. */
export class WatchedFiles {
  readonly #pollMs: number | undefined;
  #seen: SeenFiles | undefined;
  #watcher: Watcher | undefined;
  #changed = new Set<string>();
  /** How often something was noted. */
  #notes = 0;
  #wake: () => void = () => undefined;

  /** `pollMs`: look this often, instead of being told by the system. */
  constructor(pollMs: number | undefined) {
    this.#pollMs = pollMs;
  }

  /** From now on it is about these, which were read after `since` (milliseconds since the epoch): what has changed meanwhile counts. */
  async cover(seen: SeenFiles, since: number): Promise<void> {
    const same =
      this.#seen && this.#seen.places.join('\n') === seen.places.join('\n') && [...seen.paths].every((path) => this.#seen!.has(path));
    this.#seen = seen;
    if (!same) {
      const before = this.#watcher;
      this.#watcher = await this.#watch(seen);
      await before?.close();
    }
    for (const path of seen.paths) if (modifiedAt(path) > since) this.#note(path);
  }

  async #watch(seen: SeenFiles): Promise<Watcher> {
    const { watch } = await import('chokidar');
    const places = seen.places;
    const isIgnored = (path: string): boolean => !seen.has(path) && !places.includes(path);
    const polling = this.#pollMs === undefined ? {} : { usePolling: true, interval: this.#pollMs };
    const watcher = watch(places, { depth: 0, ignoreInitial: true, ignored: isIgnored, ...polling });
    watcher.on('all', (_, path) => this.#note(path));
    // What can't be watched is not seen; the rest is.
    watcher.on('error', () => undefined);
    await new Promise<void>((resolve) => watcher.once('ready', resolve));
    return watcher;
  }

  #note(path: string): void {
    if (!this.#seen?.has(path)) return;
    this.#changed.add(path);
    this.#notes++;
    this.#wake();
  }

  /** Resolves with what has changed, when it has been quiet for a moment. Rejects with the reason of the signal. */
  async changed(signal: AbortSignal): Promise<string[]> {
    if (this.#changed.size === 0) await this.#next(undefined, signal);
    for (let notes = -1; notes !== this.#notes; ) {
      notes = this.#notes;
      await this.#next(QUIET_MS, signal);
    }
    const changed = [...this.#changed].toSorted();
    this.#changed = new Set();
    return changed;
  }

  /** Until the next change, or for so long. */
  #next(ms: number | undefined, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = ms === undefined ? undefined : setTimeout(done, ms);
      function done(): void {
        clearTimeout(timer);
        signal.removeEventListener('abort', abort);
        resolve();
      }
      function abort(): void {
        clearTimeout(timer);
        reject(signal.reason as Error);
      }
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      this.#wake = done;
    });
  }

  async close(): Promise<void> {
    await this.#watcher?.close();
  }
}

function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
