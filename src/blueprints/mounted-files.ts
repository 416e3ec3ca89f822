import { isAbsolute, join, relative } from 'node:path';
import { errorAt } from '../base/diagnostic.ts';
import type { Range, Source } from '../base/source.ts';
import type { Mount } from '../base/workload.ts';
import type { LowerContext } from './resource-type.ts';

/** A file that a workload sees at a path, and where this machine has it. */
export interface MountedFile {
  readonly inside: string;
  readonly path: string;
  /** The volume that it comes from. */
  readonly at: Range | undefined;
}

/** Files at or below a path of a workload, by name; of sub-folders none, as Consul's agent reads its folder. */
export async function mountedFiles(inside: string, mounts: readonly Mount[], context: LowerContext): Promise<MountedFile[]> {
  const files: MountedFile[] = [];
  for (const [i, { destination, source }] of mounts.entries()) {
    // A volume of type `volume` or `tmpfs` holds nothing that is known.
    if (!('path' in source && isAbsolute(source.path))) continue;
    const at = context.at(`volume[${i}].source`);
    const within = relative(destination, inside);
    if (!within.startsWith('..')) files.push(...(await filesAt(join(source.path, within), inside, at, context)));
    else if (!relative(inside, destination).includes('/')) files.push(...(await filesAt(source.path, destination, at, context)));
  }
  return files;
}

/** Whether a workload sees something at a path. Reports it otherwise. */
export async function checkMounted(
  path: string,
  { at, summary }: { readonly at: Range | undefined; readonly summary: string },
  mounts: readonly Mount[],
  context: LowerContext,
): Promise<boolean> {
  if ((await mountedFiles(path, mounts, context)).length > 0) return true;
  const detail = `volumes are at: ${mounts.map((mount) => mount.destination).join(', ') || 'nowhere'}`;
  context.report(errorAt(at, summary, { detail }));
  return false;
}

async function filesAt(path: string, inside: string, at: Range | undefined, context: LowerContext): Promise<MountedFile[]> {
  const names = await context.list(path);
  if (names) return names.map((name) => ({ inside: join(inside, name), path: join(path, name), at }));
  return (await context.exists(path)) ? [{ inside, path, at }] : [];
}

export async function readMounted(file: MountedFile, context: LowerContext): Promise<Source | undefined> {
  return context.read(file.path, file.at);
}
