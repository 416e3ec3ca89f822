import { warningAt } from '../base/diagnostic.ts';
import type { Mount } from '../base/workload.ts';
import { bool, type Decoded, list, object, required, string, withDefault } from '../schema/schema.ts';
import type { LowerContext } from './resource-type.ts';

/** `volume { source = "./config" destination = "/config" }` */
export const volumes = list(
  object({
    source: required(string(), 'File or folder, relative to the blueprint.'),
    destination: required(string(), 'Where the workload sees it.'),
    type: withDefault(string(['bind', 'volume', 'tmpfs']), 'bind', 'Kind of volume.'),
    read_only: withDefault(bool(), false, 'Not enforced for local processes.'),
  }),
);

/** What a workload sees of this machine. Its sources are dependencies if other resources make them. */
export async function lowerVolumes(given: Decoded<typeof volumes>, context: LowerContext): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [i, volume] of given.entries()) {
    const path = context.resolvePath(volume.source);
    // Asked as a folder first: then it depends on all who make something in it.
    if (!(await context.list(path)) && !(await context.exists(path))) {
      const detail = 'the workload will not find it; a container engine would make an empty folder';
      context.report(warningAt(context.at(`volume[${i}].source`), `${JSON.stringify(volume.source)} does not exist`, { detail }));
    }
    mounts.push({ destination: volume.destination, source: { path }, readOnly: volume.read_only });
  }
  return mounts;
}
