import { errorAt, warningAt } from '../base/diagnostic.ts';
import type { Mount } from '../base/workload.ts';
import { bool, type Decoded, list, object, oneOf, optional, required, string, withDefault } from '../schema/schema.ts';
import type { WorkloadHost } from './context.ts';
import { nearestPath } from './nearest-path.ts';
import type { LowerContext } from './resource-type.ts';

/** `volume { source = "./config" destination = "/config" }` */
export const volumes = list(
  object({
    source: required(string(), 'File or folder, relative to the blueprint; of a `volume` its name, which several may use.'),
    destination: required(string(), 'Where the workload sees it.'),
    type: withDefault(
      oneOf('bind', 'volume', 'tmpfs'),
      'bind',
      '`volume`: a folder that stays until `mesh purge`. `tmpfs`: one that goes with the resource. Both are on disk, below the home of mesh.',
    ),
    read_only: withDefault(bool(), false, 'Not enforced for local processes.'),
    bind_propagation: optional(string(), 'Accepted; there are no mounts that could be passed on.'),
    bind_propagation_non_recursive: optional(bool(), 'As `bind_propagation`.'),
    selinux_relabel: optional(string(), 'Accepted; files are not labelled anew.'),
  }),
);

type Volume = Decoded<typeof volumes>[number];

/** What a workload sees of this machine. Its sources are dependencies if other resources make them. */
export async function lowerVolumes(given: readonly Volume[], workloadId: string, context: LowerContext): Promise<Mount[]> {
  const mounts: Mount[] = [];
  for (const [i, volume] of given.entries()) {
    const path = await pathOf(volume, `volume[${i}]`, workloadId, context);
    mounts.push({ destination: volume.destination, source: { path }, readOnly: volume.read_only });
  }
  return mounts;
}

async function pathOf({ type, source, destination }: Volume, at: string, workloadId: string, context: LowerContext): Promise<string> {
  if (type === 'tmpfs') return `${scratchOf(workloadId)}/${destination.replace(/[^\w-]+/g, '_')}`;
  if (type === 'volume') {
    // Docker's rule for names of volumes.
    if (!/^[A-Za-z0-9][\w.-]*$/.test(source)) {
      const detail = 'expected letters, digits, "_", "." and "-"; a folder of yours is of type "bind"';
      context.report(errorAt(context.at(`${at}.source`), `${JSON.stringify(source)} is not the name of a volume`, { detail }));
    }
    return `named-volumes/${source}`;
  }
  const path = context.resolvePath(source);
  // Asked as a folder first: then it depends on all who make something in it.
  if (!(await context.list(path)) && !(await context.exists(path))) {
    const detail = 'the workload will not find it; a container engine would make an empty folder';
    const hint = await nearestPath(path, context.cwd, (folder) => context.list(folder));
    context.report(warningAt(context.at(`${at}.source`), `${JSON.stringify(source)} does not exist`, { detail, ...hint }));
  }
  return path;
}

const scratchOf = (workloadId: string): string => `tmpfs/${workloadId}`;

/** Removes the folders of type tmpfs of a workload that is gone. */
export async function removeScratch(
  { id, mounts }: { readonly id: string; readonly mounts: readonly Mount[] },
  workloads: WorkloadHost,
): Promise<void> {
  const folder = scratchOf(id);
  if (mounts.some(({ source }) => 'path' in source && source.path.startsWith(`${folder}/`))) await workloads.removeData(folder);
}
