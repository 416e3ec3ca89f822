import { basename, dirname, join, relative } from 'node:path';
import { shellWord } from '../base/shell-word.ts';
import type { LoadOptions } from './loaded.ts';
import type { LocatedBlueprint } from './locate.ts';

/** Looking around must stay cheap, wherever the blueprint lies. */
const MAX_FOLDERS = 60;
const MAX_FILES = 200;

/**
 * The command that runs what defines a resource: a blueprint beside this one, or in the folder above. Looks at nothing before
 * it is asked, and only once.
 */
export function nearbyBlueprints(
  blueprint: LocatedBlueprint,
  options: Pick<LoadOptions, 'files' | 'cwd'>,
): (key: string) => Promise<string | undefined> {
  let known: Promise<ReadonlyMap<string, string>> | undefined;
  return async (key) => {
    known ??= definedAround(blueprint.path, options);
    const folder = (await known).get(key);
    if (folder === undefined) return undefined;
    const shown = blueprint.shipped ? basename(folder) : relative(options.cwd, folder) || '.';
    return `mesh run ${shellWord(shown)}`;
  };
}

/** Keys of resources, with the folder that defines them: the nearest first. */
async function definedAround(path: string, { files }: Pick<LoadOptions, 'files'>): Promise<ReadonlyMap<string, string>> {
  const defined = new Map<string, string>();
  let left = MAX_FILES;
  for (const folder of await foldersAround(path, { files })) {
    const names = ((await files.list(folder)) ?? []).filter((name) => name.endsWith('.hcl'));
    for (const file of names.map((name) => join(folder, name))) {
      if (file === path || left-- <= 0) continue;
      const text = await files.read(file).catch(() => '');
      for (const [, type, name] of text.matchAll(/^\s*(\w+)\s+"?([\w-]+)"?\s*\{/gm)) {
        const key = `${type}.${name}`;
        if (!defined.has(key)) defined.set(key, folder);
      }
    }
  }
  return defined;
}

/** Folders beside a blueprint, and the one above; for a file, the folder that it is in first. */
async function foldersAround(path: string, { files }: Pick<LoadOptions, 'files'>): Promise<string[]> {
  const isFolder = (await files.list(path)) !== undefined;
  const above = dirname(path);
  const beside = ((await files.list(above)) ?? []).filter((name) => !name.startsWith('.') && name !== 'node_modules');
  const siblings = beside.map((name) => join(above, name)).filter((sibling) => sibling !== path);
  return [...(isFolder ? [] : [above]), ...siblings.slice(0, MAX_FOLDERS), ...(isFolder ? [above] : [])];
}
