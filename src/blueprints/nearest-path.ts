import { basename, dirname, join } from 'node:path';
import { nearest, SUGGESTION } from '../base/suggest.ts';
import { shownPath } from './paths.ts';

/** Names in a folder; undefined if it is not one. */
type ListFolder = (path: string) => Promise<readonly string[] | undefined>;

/** For a path that leads nowhere: `did you mean "k8s_config"?`, or nothing. Spread it into a diagnostic. */
export async function nearestPath(path: string, cwd: string, list: ListFolder): Promise<{ hint?: string }> {
  const found = await corrected(path, list);
  return found === undefined ? {} : { hint: `${SUGGESTION}"${shownPath(found, cwd)}"?` };
}

/** The path with its one mistyped part put right. */
async function corrected(path: string, list: ListFolder): Promise<string | undefined> {
  const [folder, name] = [dirname(path), basename(path)];
  if (folder === path) return undefined;
  const names = await list(folder);
  if (names) {
    const near = nearest(name, names);
    return near === undefined || near === name ? undefined : join(folder, near);
  }
  const above = await corrected(folder, list);
  if (above === undefined) return undefined;
  const below = await list(above);
  return below?.includes(name) ? join(above, name) : undefined;
}
