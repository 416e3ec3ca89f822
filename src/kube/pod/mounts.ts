import { posix } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Mount } from '../../base/workload.ts';
import { errorHere, type Place, under } from '../../schema/place.ts';
import { expand } from './expand.ts';
import type { VolumeMount } from './volume-schema.ts';
import { type Content, withoutSlash } from './volumes.ts';

/** The mounts of one container. `lookup`: its environment, which paths may name. */
export function containerMounts(
  mounts: readonly VolumeMount[],
  at: Place,
  volumes: ReadonlyMap<string, Content>,
  lookup: (name: string) => string | undefined,
): { mounts: Mount[]; diagnostics: Diagnostic[] } {
  const diagnostics: Diagnostic[] = [];
  const result = mounts.flatMap((mount, i) => {
    const place = under(at, 'volumeMounts', i);
    const content = volumes.get(mount.name);
    const known = [...volumes.keys()];
    if (!content) {
      const detail = known.length === 0 ? 'the pod has no volumes' : `volumes of the pod: ${known.join(', ')}`;
      const summary = `there is no volume "${mount.name}"`;
      diagnostics.push(errorHere(under(place, 'name'), summary, { detail, ...didYouMean(mount.name, known) }));
      return [];
    }
    if (!mount.mountPath.startsWith('/')) {
      diagnostics.push(errorHere(under(place, 'mountPath'), `"mountPath" must be absolute: "${mount.mountPath}"`));
      return [];
    }
    const field = mount.subPathExpr === '' ? 'subPath' : 'subPathExpr';
    if (mount.subPath !== '' && mount.subPathExpr !== '') {
      diagnostics.push(errorHere(under(place, 'subPathExpr'), 'a mount has either "subPath" or "subPathExpr"'));
      return [];
    }
    const subPath = expand(mount.subPathExpr, lookup) || mount.subPath;
    if (posix.isAbsolute(subPath) || subPath.split('/').includes('..')) {
      diagnostics.push(errorHere(under(place, field), `"${field}" must be a relative path without '..'`));
      return [];
    }
    return mountOf({ ...mount, subPath }, content, under(place, field), diagnostics);
  });
  const taken = new Set<string>();
  mounts.forEach(({ mountPath }, i) => {
    if (taken.has(mountPath)) diagnostics.push(errorHere(under(at, 'volumeMounts', i, 'mountPath'), `"${mountPath}" is mounted twice`));
    taken.add(mountPath);
  });
  return { mounts: result, diagnostics };
}

function mountOf(mount: VolumeMount, content: Content, at: Place, out: Diagnostic[]): Mount[] {
  const root = withoutSlash(posix.normalize(mount.mountPath));
  if (content.type === 'path') {
    const readOnly = mount.readOnly || content.readOnly;
    return [{ destination: root, source: { path: posix.join(content.path, mount.subPath) }, readOnly }];
  }
  const part = mount.subPath.replace(/\/+$/, '');
  const files = content.files.flatMap(({ path, text, secret }) => {
    if (part !== '' && path !== part && !path.startsWith(`${part}/`)) return [];
    const below = path.slice(part.length).replace(/^\//, '');
    // Kubernetes makes files of ConfigMaps and Secrets read-only whatever the mount says.
    const destination = below === '' ? root : posix.join(root, below);
    return [{ destination, source: { text, secret }, readOnly: true }];
  });
  if (part !== '' && files.length === 0 && content.files.length > 0) {
    const paths = content.files.map((file) => file.path);
    out.push(
      errorHere(at, `volume "${mount.name}" has no file "${part}"`, {
        detail: `it has: ${paths.join(', ')}`,
        ...didYouMean(part, paths),
      }),
    );
  }
  return files;
}
