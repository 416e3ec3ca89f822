import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { realClock, realRandom } from '../app/real.ts';
import { VERSION } from '../app/version.ts';
import { silentLog } from '../base/ports.ts';
import { startMesh as start } from '../library/start.ts';
import type { Mesh, StartOptions } from '../library/types.ts';
import { programsIn } from './programs.ts';

export { MeshError } from '../base/errors.ts';
export { configEntry, intention, service } from '../library/builders.ts';
export type * from '../library/types.ts';

/** Where the bundles are: beside this one, or, as TypeScript, in `dist`. */
const here = fileURLToPath(new URL('.', import.meta.url));
const dist = here.endsWith(`${join('src', 'main')}${sep}`) ? join(here, '..', '..', 'dist') : here;

/** What `import … from 'mesh'` is. */
export function startMesh(options: StartOptions = {}): Promise<Mesh> {
  return start(options, {
    clock: realClock,
    random: realRandom,
    log: silentLog,
    version: VERSION,
    pid: process.pid,
    env: process.env,
    cwd: process.cwd(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    programs: programsIn(dist),
    shippedBlueprints: join(dist, '..', 'blueprints'),
    dashboardFolder: join(dist, 'ui'),
  });
}
