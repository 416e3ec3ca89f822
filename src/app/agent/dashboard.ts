import { createHash } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Random } from '../../base/ports.ts';
import type { Dashboard, DashboardFile } from '../../control/http/dashboard.ts';

const gzipped = promisify(gzip);

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/**
 * The dashboard whose files are in `folder`. Its token is made anew and left at `tokenPath`, readable by this user only: who can
 * read that may do anything here anyway. Rejects with the system's error when that can't be written.
 */
export async function openDashboard(folder: string, tokenPath: string, random: Random): Promise<Dashboard> {
  const token = `${random.uuid()}${random.uuid()}`.replaceAll('-', '');
  await writeFile(`${tokenPath}.new`, `${token}\n`, { mode: 0o600 });
  await rename(`${tokenPath}.new`, tokenPath);
  return { token, file: filesIn(folder) };
}

/** Each file is read and compressed once, when it is first asked for. Only what is in the folder can be named. */
export function filesIn(folder: string): Dashboard['file'] {
  const read = new Map<string, Promise<DashboardFile | undefined>>();
  let names: Promise<ReadonlySet<string>> | undefined;
  return async (name) => {
    names ??= readdir(folder).then(
      (found) => new Set(found),
      () => new Set(),
    );
    if (!(await names).has(name)) return undefined;
    const known = read.get(name) ?? readOne(folder, name);
    read.set(name, known);
    return known;
  };
}

async function readOne(folder: string, name: string): Promise<DashboardFile | undefined> {
  const contentType = TYPES[extname(name)];
  const bytes = await readFile(join(folder, name)).catch(() => undefined);
  if (contentType === undefined || bytes === undefined) return undefined;
  const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
  return { bytes, gzipped: await gzipped(bytes, { level: 9 }), contentType, etag };
}
