import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isHidden, isPage, MAX_FILES, type SiteFiles } from '../../docs/site.ts';

/**
 * Reads the pages of a folder and lists its other files. Hidden files and node_modules are not part of it. What is in the folder
 * `assets` is as if it were below `assets/`.
 */
export async function readSiteFiles(folder: string, more?: string): Promise<SiteFiles> {
  const pages = new Map<string, string>();
  const assets = new Set<string>();
  const visit = async (path: string): Promise<void> => {
    for (const entry of await readdir(join(folder, path), { withFileTypes: true })) {
      const below = path === '' ? entry.name : `${path}/${entry.name}`;
      if (isHidden(entry.name) || pages.size + assets.size >= MAX_FILES) continue;
      if (entry.isDirectory()) await visit(below);
      else if (isPage(entry.name)) pages.set(below, await readFile(join(folder, below), 'utf8'));
      else assets.add(below);
    }
  };
  await visit('');
  if (more !== undefined) for (const path of (await readSiteFiles(more)).assets) assets.add(`${ASSETS}/${path}`);
  return { pages, assets };
}

/** Where the files of a folder of assets are found. */
const ASSETS = 'assets';

/** The file of an address: one of the folder, or below `assets/` one of the folder of assets. */
export async function findFile(folder: string, assets: string | undefined, path: string): Promise<string | undefined> {
  const own = await findAsset(folder, path);
  if (own !== undefined || assets === undefined || !path.startsWith(`${ASSETS}/`)) return own;
  return findAsset(assets, path.slice(ASSETS.length + 1));
}

/** The file of an address, if it is one of the folder: not hidden, and not led out of it by `..` or a link. */
export async function findAsset(folder: string, path: string): Promise<string | undefined> {
  if (path.includes('\0') || path.split('/').some((step) => step === '..' || isHidden(step))) return undefined;
  try {
    const root = await realpath(folder);
    const file = await realpath(join(root, path));
    const outside = relative(root, file).split(sep)[0] === '..';
    return !outside && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}
