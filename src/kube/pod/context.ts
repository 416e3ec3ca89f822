import { POD_IP, POD_UID } from '../../base/pod.ts';
import type { Stores } from '../stores.ts';
import type { Container } from './schema.ts';

/** Everything that a container may ask of its pod. */
export interface PodContext {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly nodeName: string;
  /** All of the pod, init containers included. */
  readonly containers: readonly Container[];
  /** Volumes that the pod has besides those of its template: they are claimed for it, in folders of these names. */
  readonly claims: ReadonlyMap<string, string>;
  readonly stores: Stores;
  /** Set by the injector, and only where the container does not set them itself. */
  readonly injectedEnv: Readonly<Record<string, string>>;
}

/** Paths of `fieldRef` that have a value; `metadata.labels['x']` and `metadata.annotations['x']` besides. */
export const FIELDS: Readonly<Record<string, (pod: PodContext) => string>> = {
  'metadata.name': (pod) => pod.name,
  'metadata.namespace': (pod) => pod.namespace,
  'metadata.uid': () => POD_UID,
  'spec.nodeName': (pod) => pod.nodeName,
  'spec.serviceAccountName': (pod) => pod.serviceAccount,
  // What pods look for on their node, a Consul client above all, listens on the loopback address here.
  'status.hostIP': () => '127.0.0.1',
  'status.hostIPs': () => '127.0.0.1',
  'status.podIP': () => POD_IP,
  'status.podIPs': () => POD_IP,
};

/** Undefined for an unknown path. A label or annotation that the pod lacks is empty, as in Kubernetes. */
export function fieldOf(pod: PodContext, path: string): string | undefined {
  const subscript = /^metadata\.(labels|annotations)\['([^']+)'\]$/.exec(path);
  if (subscript) {
    const values = subscript[1] === 'labels' ? pod.labels : pod.annotations;
    return Object.hasOwn(values, subscript[2]!) ? values[subscript[2]!] : '';
  }
  return Object.hasOwn(FIELDS, path) ? FIELDS[path]!(pod) : undefined;
}

/** As `fieldOf`; a file can also hold all labels or annotations, one `key="value"` a line, sorted. */
export function fileFieldOf(pod: PodContext, path: string): string | undefined {
  if (path !== 'metadata.labels' && path !== 'metadata.annotations') return fieldOf(pod, path);
  const values = path === 'metadata.labels' ? pod.labels : pod.annotations;
  return Object.entries(values)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    .toSorted()
    .join('\n');
}
