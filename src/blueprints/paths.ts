import { isAbsolute, relative } from 'node:path';

/** How a path stands in messages: relative to where the user is, unless it lies elsewhere. */
export function shownPath(path: string, cwd: string): string {
  const local = relative(cwd, path);
  return local.startsWith('..') || isAbsolute(local) ? path : local;
}
