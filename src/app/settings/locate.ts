import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MeshError } from '../../base/errors.ts';

/** A configuration file that is in effect. */
export interface SettingsFile {
  readonly path: string;
  /** What it applies to: this folder and those below, or everything that the user does. A project's is stronger. */
  readonly of: 'project' | 'user';
}

/** Name of a project's file. Blueprints leave out files whose names begin with a dot. */
export const PROJECT_FILE = '.mesh.hcl';

/**
 * The configuration files that are there, strong ones first: the nearest `.mesh.hcl` from the current folder up to the root
 * of its git repository or the home folder, and `$MESH_CONFIG` or `$XDG_CONFIG_HOME/mesh/config.hcl`. Costs a few looks at
 * names, which every command pays. Throws if `$MESH_CONFIG` names nothing.
 */
export function settingsFiles(env: Readonly<Record<string, string | undefined>>, cwd: string): SettingsFile[] {
  const home = env['HOME'] || homedir();
  const project = nearestProjectFile(cwd, home);
  const user = userFile(env, cwd, home);
  return [
    ...(project === undefined ? [] : [{ path: project, of: 'project' } as const]),
    ...(user === undefined ? [] : [{ path: user, of: 'user' } as const]),
  ];
}

function userFile(env: Readonly<Record<string, string | undefined>>, cwd: string, home: string): string | undefined {
  const named = env['MESH_CONFIG'];
  if (named) {
    const path = resolve(cwd, named);
    if (existsSync(path)) return path;
    throw new MeshError('invalid', `MESH_CONFIG names ${path}, which does not exist`, { hint: 'make it, or: unset MESH_CONFIG' });
  }
  const path = join(env['XDG_CONFIG_HOME'] || join(home, '.config'), 'mesh', 'config.hcl');
  return existsSync(path) ? path : undefined;
}

/** Such a file can name programs to run: above the current folder it counts only where it is the same project or the user's own. */
function nearestProjectFile(cwd: string, home: string): string | undefined {
  let found: string | undefined;
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, PROJECT_FILE);
    if (found === undefined && existsSync(path)) found = path;
    if (folder === home || existsSync(join(folder, '.git'))) return found;
    if (dirname(folder) === folder) break;
  }
  const here = join(cwd, PROJECT_FILE);
  return found === here ? here : undefined;
}
