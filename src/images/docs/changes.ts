import { watch } from 'node:fs';

/** An editor writes a file in several steps. */
const QUIET_MS = 100;

/**
 * Calls `onChange` once after a burst of changes below a folder. Returns what ends it. Where the system can't watch, nothing
 * is ever called: pages are read anew for each request anyway.
 */
export function watchFolder(folder: string, onChange: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const later = (): void => {
    clearTimeout(timer);
    timer = setTimeout(onChange, QUIET_MS);
  };
  try {
    const watcher = watch(folder, { recursive: true }, later);
    watcher.on('error', () => undefined);
    return () => {
      clearTimeout(timer);
      watcher.close();
    };
  } catch {
    return () => undefined;
  }
}
