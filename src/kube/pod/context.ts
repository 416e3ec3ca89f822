import { createHash } from 'node:crypto';
import { POD_IP } from '../plan.ts';
import type { Stores } from '../stores.ts';

/** Everything that a container may ask of its pod. */
export interface PodContext {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly serviceAccount: string;
  readonly nodeName: string;
  readonly stores: Stores;
  /** Set by the injector, and only where the container does not set them itself. */
  readonly injectedEnv: Readonly<Record<string, string>>;
}

/** Paths of `fieldRef` that have a value; `metadata.labels['x']` and `metadata.annotations['x']` besides. */
export const FIELDS: Readonly<Record<string, (pod: PodContext) => string>> = {
  'metadata.name': (pod) => pod.name,
  'metadata.namespace': (pod) => pod.namespace,
  'metadata.uid': stableUid,
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

/** The same pod has the same uid in every run, which real ones don't; shaped as a UUID of version 8 (free form). */
function stableUid(pod: PodContext): string {
  const hex = createHash('sha256').update(`${pod.nodeName}\n${pod.namespace}\n${pod.name}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
