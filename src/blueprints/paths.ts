import { isAbsolute, relative } from 'node:path';

/** How a path stands in messages: relative to where the user is, unless it lies so far away that the whole path is shorter. */
export function shownPath(path: string, cwd: string): string {
  const local = relative(cwd, path);
  return isAbsolute(local) || local.length >= path.length ? path : local;
}
