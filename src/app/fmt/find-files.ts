import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';

const FORMATTED = /\.(?:hcl|vars|yard)$/;

/** The files that paths name: of folders, all that is HCL by its name, below them too; what is named itself in any case. */
export async function findFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const absolute = resolve(cwd, path);
    const info = await stat(absolute).catch(() => undefined);
    if (!info) throw new MeshError('failed', `there is no file or folder ${JSON.stringify(path)}`);
    if (info.isDirectory()) found.push(...(await below(absolute)));
    else found.push(absolute);
  }
  return [...new Set(found)];
}

/** Neither links to folders nor what other programs keep: `.git`, `node_modules`. */
async function below(folder: string): Promise<string[]> {
  const entries = (await readdir(folder, { withFileTypes: true })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
    if (entry.isDirectory()) found.push(...(await below(path)));
    else if (FORMATTED.test(entry.name) && (await isFile(path))) found.push(path);
  }
  return found;
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
