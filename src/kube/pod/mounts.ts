import { posix } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import type { Mount } from '../../base/workload.ts';
import { errorHere, type Place, under, warningHere } from '../place.ts';
import { POD_DIR } from '../plan.ts';
import { textOf } from '../stores.ts';
import type { PodContext } from './context.ts';
import type { PodSpec } from './schema.ts';
import type { Volume, VolumeMount } from './volume-schema.ts';

/** What a volume holds: files that are known, or a folder of this machine. */
type Content =
  | { readonly type: 'files'; readonly files: readonly { readonly path: string; readonly text: string }[]; readonly secret: boolean }
  | { readonly type: 'path'; readonly path: string };

/** Volumes of a pod by name, read once for all its containers. */
export function podVolumes(spec: PodSpec, at: Place, pod: PodContext): { volumes: Map<string, Content>; diagnostics: Diagnostic[] } {
  const volumes = new Map<string, Content>();
  const diagnostics: Diagnostic[] = [];
  spec.volumes.forEach((volume, i) => {
    volumes.set(volume.name, contentOf(volume, under(at, 'volumes', i), pod, diagnostics));
  });
  return { volumes, diagnostics };
}

function contentOf(volume: Volume, at: Place, pod: PodContext, out: Diagnostic[]): Content {
  const { configMap, secret } = volume;
  if (configMap) return filesOf('ConfigMap', configMap.name, configMap, under(at, 'configMap'), pod, out);
  if (secret) return filesOf('Secret', secret.secretName, secret, under(at, 'secret'), pod, out);
  if (volume.hostPath) {
    if (volume.hostPath.path.startsWith('/')) return { type: 'path', path: withoutSlash(posix.normalize(volume.hostPath.path)) };
    out.push(errorHere(under(at, 'hostPath', 'path'), `the path of a hostPath volume must be absolute`));
  } else if (!volume.emptyDir) {
    const kind = Object.keys(volume).find((key) => key !== 'name');
    // Kubernetes: a volume without a source is an emptyDir.
    if (kind !== undefined)
      out.push(warningHere(under(at, kind), `${kind} volumes are not supported yet; "${volume.name}" is an empty folder`));
  }
  return { type: 'path', path: posix.join(POD_DIR, volume.name) };
}

type FileSource = NonNullable<Volume['configMap']> | NonNullable<Volume['secret']>;

function filesOf(kind: 'ConfigMap' | 'Secret', name: string, from: FileSource, at: Place, pod: PodContext, out: Diagnostic[]): Content {
  const secret = kind === 'Secret';
  const files: { path: string; text: string }[] = [];
  const store = pod.stores.find(kind, pod.namespace, name, from.optional, under(at, secret ? 'secretName' : 'name'));
  if (store.type === 'problem') out.push(store.diagnostic);
  if (store.type !== 'found') return { type: 'files', files, secret };
  const items = from.items ?? [...store.value.values.keys()].map((key) => ({ key, path: key }));
  items.forEach(({ key, path }, i) => {
    const place = from.items ? under(at, 'items', i) : at;
    if (posix.isAbsolute(path) || path.split('/').includes('..')) {
      out.push(errorHere(under(place, 'path'), `"${path}" must be a relative path without '..'`));
      return;
    }
    const text = textOf(store.value, key, from.optional, from.items ? under(place, 'key') : place);
    if (text.type === 'found') files.push({ path, text: text.value });
    else if (text.type === 'problem') out.push(text.diagnostic);
  });
  return { type: 'files', files, secret };
}

/** The mounts of one container. */
export function containerMounts(
  mounts: readonly VolumeMount[],
  at: Place,
  volumes: ReadonlyMap<string, Content>,
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
    if (mount.subPathExpr !== undefined) diagnostics.push(warningHere(under(place, 'subPathExpr'), 'subPathExpr is not supported yet'));
    if (posix.isAbsolute(mount.subPath) || mount.subPath.split('/').includes('..')) {
      diagnostics.push(errorHere(under(place, 'subPath'), `"subPath" must be a relative path without '..'`));
      return [];
    }
    return mountOf(mount, content, place, diagnostics);
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
    return [{ destination: root, source: { path: posix.join(content.path, mount.subPath) }, readOnly: mount.readOnly }];
  }
  const part = mount.subPath.replace(/\/+$/, '');
  const files = content.files.flatMap(({ path, text }) => {
    if (part !== '' && path !== part && !path.startsWith(`${part}/`)) return [];
    const below = path.slice(part.length).replace(/^\//, '');
    // Kubernetes makes files of ConfigMaps and Secrets read-only whatever the mount says.
    const destination = below === '' ? root : posix.join(root, below);
    return [{ destination, source: { text, secret: content.secret }, readOnly: true }];
  });
  if (part !== '' && files.length === 0 && content.files.length > 0) {
    const paths = content.files.map((file) => file.path);
    out.push(
      errorHere(under(at, 'subPath'), `volume "${mount.name}" has no file "${part}"`, {
        detail: `it has: ${paths.join(', ')}`,
        ...didYouMean(part, paths),
      }),
    );
  }
  return files;
}

const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
