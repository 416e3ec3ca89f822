import { realClock, realRandom } from '../app/real.ts';
import { VERSION } from '../app/version.ts';
import { silentLog } from '../base/ports.ts';
import { startMesh as start } from '../library/start.ts';
import type { Mesh, StartOptions } from '../library/types.ts';

export { MeshError } from '../base/errors.ts';
export { configEntry, intention, service } from '../library/builders.ts';
export type * from '../library/types.ts';

/** What `import … from 'mesh'` is. */
export function startMesh(options: StartOptions = {}): Promise<Mesh> {
  return start(options, { clock: realClock, random: realRandom, log: silentLog, version: VERSION, pid: process.pid });
}
