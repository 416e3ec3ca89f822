import { posix } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { CLAIM_DIR, POD_DIR, POD_INDEX } from '../base/pod.ts';
import { didYouMean } from '../base/suggest.ts';
import type { Mount } from '../base/workload.ts';
import { errorHere, type Place, under } from '../schema/place.ts';
import type { DriverConfig } from './driver-config.ts';
import { FOLDERS } from './env.ts';
import type { Group } from './job-schema.ts';
import type { Task } from './task-schema.ts';

/** A file that a template made. */
export interface MadeFile {
  /** As the task sees it: `/local/app.conf`. */
  readonly path: string;
  readonly text: string;
  readonly executable: boolean;
}

interface Given {
  readonly group: Group;
  readonly task: Task;
  readonly at: Place;
  readonly config: DriverConfig;
  readonly files: readonly MadeFile[];
}

/** The folders of a task, its templates, and what its driver and its group mount. */
export function mountsOf({ group, task, at, config, files }: Given, out: Diagnostic[]): Mount[] {
  const folders: Mount[] = [
    { destination: FOLDERS.alloc, source: { path: `${POD_DIR}/alloc` }, readOnly: false },
    { destination: FOLDERS.local, source: { own: true }, readOnly: false },
    { destination: FOLDERS.secrets, source: { own: true }, readOnly: false },
  ];
  const made = files.map((file) => mountOf(file, file.path));
  const volumes = config.volumes.flatMap(({ source, destination, at: place }) => volumeOf(source, destination, task, files, place, out));
  const claimed = (task.volume_mount ?? []).flatMap(({ volume, destination }, i) =>
    claim(volume, destination, group, under(at, 'volume_mount', i, 'volume'), out),
  );
  return [...folders, ...made, ...volumes, ...claimed];
}

/** Nomad: a relative source is in the folder of the task, in which its templates lie. */
function volumeOf(source: string, destination: string, task: Task, files: readonly MadeFile[], at: Place, out: Diagnostic[]): Mount[] {
  if (source.startsWith('/') && !Object.values(FOLDERS).some((folder) => source === folder || source.startsWith(`${folder}/`))) {
    return [{ destination, source: { path: source }, readOnly: false }];
  }
  if (source === '')
    return [{ destination, source: { path: `${POD_DIR}/${task.name}/${destination.replace(/[^\w-]+/g, '_')}` }, readOnly: false }];
  const path = posix.resolve('/', source);
  if (path === FOLDERS.alloc || path.startsWith(`${FOLDERS.alloc}/`)) {
    return [{ destination, source: { path: `${POD_DIR}${path}` }, readOnly: false }];
  }
  const below = files.filter((file) => file.path === path || file.path.startsWith(`${path}/`));
  if (below.length === 0 && path !== FOLDERS.local && path !== FOLDERS.secrets) {
    const known = files.map((file) => file.path.slice(1));
    const detail = known.length === 0 ? 'the task has no templates' : `its templates make: ${known.join(', ')}`;
    out.push(
      errorHere(at, `no template of task "${task.name}" makes ${JSON.stringify(source)}`, { detail, ...didYouMean(path.slice(1), known) }),
    );
    return [];
  }
  const isFile = below.some((file) => file.path === path);
  const copies = below.map((file) => mountOf(file, `${destination}${file.path.slice(path.length)}`));
  return isFile ? copies : [{ destination, source: { own: true }, readOnly: false }, ...copies];
}

function claim(name: string, destination: string, group: Group, at: Place, out: Diagnostic[]): Mount[] {
  const volumes = group.volume ?? [];
  const volume = volumes.find((one) => one.name === name);
  if (volume) {
    const path = `${CLAIM_DIR}/${volume.source}${volume.per_alloc ? `-${POD_INDEX}` : ''}`;
    return [{ destination, source: { path }, readOnly: false }];
  }
  const known = volumes.map((one) => one.name);
  const detail = known.length === 0 ? `group "${group.name}" has no volumes` : `volumes of the group: ${known.join(', ')}`;
  out.push(errorHere(at, `there is no volume "${name}"`, { detail, ...didYouMean(name, known) }));
  return [];
}

function mountOf({ path, text, executable }: MadeFile, destination: string): Mount {
  const secret = path.startsWith(`${FOLDERS.secrets}/`);
  return { destination, source: { text, secret, ...(executable ? { executable } : {}) }, readOnly: false };
}
