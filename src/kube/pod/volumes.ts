import { posix } from 'node:path';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { CLAIM_DIR, POD_DIR } from '../../base/pod.ts';
import { errorHere, type Place, under, warningHere } from '../../schema/place.ts';
import { textOf } from '../stores.ts';
import { fileFieldOf, type PodContext } from './context.ts';
import { fieldValue, resourceValue } from './downward.ts';
import type { PodSpec } from './schema.ts';
import type { DownwardFile, Projection, Volume } from './volume-schema.ts';

interface File {
  readonly path: string;
  readonly text: string;
  readonly secret: boolean;
}

/** What a volume holds: files that are known, or a folder of this machine. */
export type Content =
  | { readonly type: 'files'; readonly files: readonly File[] }
  | { readonly type: 'path'; readonly path: string; readonly readOnly: boolean };

/** Volumes of a pod by name, read once for all its containers. Kubernetes: a claim of a StatefulSet wins over a volume of that name. */
export function podVolumes(spec: PodSpec, at: Place, pod: PodContext): { volumes: Map<string, Content>; diagnostics: Diagnostic[] } {
  const volumes = new Map<string, Content>();
  const diagnostics: Diagnostic[] = [];
  spec.volumes.forEach((volume, i) => {
    volumes.set(volume.name, contentOf(volume, under(at, 'volumes', i), pod, diagnostics));
  });
  for (const [name, folder] of pod.claims) volumes.set(name, claimed(folder, pod, false));
  return { volumes, diagnostics };
}

const claimed = (claim: string, { namespace }: PodContext, readOnly: boolean): Content => ({
  type: 'path',
  path: posix.join(CLAIM_DIR, namespace, claim),
  readOnly,
});

function contentOf(volume: Volume, at: Place, pod: PodContext, out: Diagnostic[]): Content {
  const { configMap, secret, projected, downwardAPI, persistentVolumeClaim: claim } = volume;
  if (configMap) return { type: 'files', files: storeFiles('ConfigMap', configMap, under(at, 'configMap'), pod, out) };
  if (secret) {
    const place = under(at, 'secret');
    const from = { ...secret, name: secret.secretName };
    return { type: 'files', files: storeFiles('Secret', from, place, pod, out, under(place, 'secretName')) };
  }
  if (downwardAPI) return { type: 'files', files: downwardFiles(downwardAPI.items, under(at, 'downwardAPI'), pod, out) };
  if (projected) {
    const sources = under(at, 'projected', 'sources');
    return { type: 'files', files: projected.sources.flatMap((source, i) => projectedFiles(source, under(sources, i), pod, out)) };
  }
  if (claim) return claimed(claim.claimName, pod, claim.readOnly);
  if (volume.hostPath) {
    if (volume.hostPath.path.startsWith('/')) {
      return { type: 'path', path: withoutSlash(posix.normalize(volume.hostPath.path)), readOnly: false };
    }
    out.push(errorHere(under(at, 'hostPath', 'path'), `the path of a hostPath volume must be absolute`));
  } else if (!volume.emptyDir) {
    const kind = Object.keys(volume).find((key) => key !== 'name');
    // Kubernetes: a volume without a source is an emptyDir.
    if (kind !== undefined)
      out.push(warningHere(under(at, kind), `${kind} volumes are not supported; "${volume.name}" is an empty folder`));
  }
  return { type: 'path', path: posix.join(POD_DIR, volume.name), readOnly: false };
}

interface FileSource {
  readonly name: string;
  readonly items?: readonly { readonly key: string; readonly path: string }[];
  readonly optional: boolean;
}

function storeFiles(
  kind: 'ConfigMap' | 'Secret',
  from: FileSource,
  at: Place,
  pod: PodContext,
  out: Diagnostic[],
  nameAt = under(at, 'name'),
): File[] {
  const secret = kind === 'Secret';
  const files: File[] = [];
  const store = pod.stores.find(kind, pod.namespace, from.name, from.optional, nameAt);
  if (store.type === 'problem') out.push(store.diagnostic);
  if (store.type !== 'found') return files;
  const items = from.items ?? [...store.value.values.keys()].map((key) => ({ key, path: key }));
  items.forEach(({ key, path }, i) => {
    const place = from.items ? under(at, 'items', i) : at;
    if (!isInside(path, under(place, 'path'), out)) return;
    const text = textOf(store.value, key, from.optional, from.items ? under(place, 'key') : place);
    if (text.type === 'found') files.push({ path, text: text.value, secret });
    else if (text.type === 'problem') out.push(text.diagnostic);
  });
  return files;
}

function downwardFiles(items: readonly DownwardFile[], at: Place, pod: PodContext, out: Diagnostic[]): File[] {
  return items.flatMap((item, i) => {
    const place = under(at, 'items', i);
    const { fieldRef, resourceFieldRef, path } = item;
    if (!isInside(path, under(place, 'path'), out)) return [];
    if ((fieldRef === undefined) === (resourceFieldRef === undefined)) {
      out.push(errorHere(place, 'a file of the downward API needs either "fieldRef" or "resourceFieldRef"'));
      return [];
    }
    const value = fieldRef
      ? fieldValue(fieldRef.fieldPath, under(place, 'fieldRef'), pod, fileFieldOf)
      : resourceValue(resourceFieldRef!, under(place, 'resourceFieldRef'), pod);
    if (value.type === 'problem') out.push(value.diagnostic);
    return value.type === 'found' ? [{ path, text: value.value, secret: false }] : [];
  });
}

function projectedFiles(source: Projection, at: Place, pod: PodContext, out: Diagnostic[]): File[] {
  if (source.configMap) return storeFiles('ConfigMap', source.configMap, under(at, 'configMap'), pod, out);
  if (source.secret) return storeFiles('Secret', source.secret, under(at, 'secret'), pod, out);
  if (source.downwardAPI) return downwardFiles(source.downwardAPI.items, under(at, 'downwardAPI'), pod, out);
  const kind = Object.keys(source)[0];
  if (kind === undefined) out.push(errorHere(at, 'a source of a projected volume needs one of: configMap, secret, downwardAPI'));
  else out.push(warningHere(under(at, kind), `${kind} is left out of the volume: there is no API server that could issue it`));
  return [];
}

function isInside(path: string, at: Place, out: Diagnostic[]): boolean {
  if (!posix.isAbsolute(path) && !path.split('/').includes('..')) return true;
  out.push(errorHere(at, `"${path}" must be a relative path without '..'`));
  return false;
}

export const withoutSlash = (path: string): string => (path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path);
