import { constants } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import { didYouMean } from '../../base/suggest.ts';

/**
 * Throws when there is no folder to run it in, or a command names no program that can be run: what a shell would say of it, but in terms of a workload. A name
 * without a slash is looked for in the PATH of `env`, anything else from `cwd` on.
 */
export async function checkRunnable(program: string, { env, cwd }: { env: Readonly<Record<string, string>>; cwd: string }): Promise<void> {
  const folder = await stat(cwd).catch(() => undefined);
  if (!folder?.isDirectory()) throw new MeshError('failed', `its folder ${cwd} ${folder ? 'is no folder' : 'does not exist'}`);
  const isPath = program.includes('/');
  const folders = (env['PATH'] ?? '').split(':').filter((folder) => folder !== '');
  let refused: string | undefined;
  for (const path of isPath ? [resolve(cwd, program)] : folders.map((folder) => join(folder, program))) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isFile() && (await isExecutable(path))) return;
    if (found?.isFile()) refused ??= 'permission denied';
    else if (found && isPath) refused ??= 'is no file';
  }
  if (refused !== undefined) throw new MeshError('failed', `${program}: ${refused}`);
  const near = isPath ? {} : didYouMean(program, (await Promise.all(folders.map(namesIn))).flat());
  throw new MeshError('failed', `${program}: not found; programs are those of this machine`, near);
}

const isExecutable = (path: string): Promise<boolean> =>
  access(path, constants.X_OK).then(
    () => true,
    () => false,
  );

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch(() => []);
