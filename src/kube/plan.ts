import type { Diagnostic } from '../base/diagnostic.ts';
import type { ServiceDefinition } from '../base/registration.ts';
import type { Range } from '../base/source.ts';
import type { Workload } from '../base/workload.ts';

/** Stands for the address of the pod in environment variables and arguments, until the caller knows it. */
export const POD_IP = '{{mesh.pod-ip}}';

/** Stands for a folder of the pod, in which its `emptyDir` volumes lie, in the paths of mounts. */
export const POD_DIR = '{{mesh.pod-dir}}';

/** One pod to run. Plain JSON. */
export interface PodPlan {
  /** `<deployment>-<n>`, from 0; `<deployment>-<namespace>-<n>` when an earlier Deployment has the name in another namespace. */
  readonly name: string;
  readonly namespace: string;
  /** What made it: `deployment/web`. */
  readonly owner: string;
  readonly labels: Readonly<Record<string, string>>;
  /**
   * Everything but the address, which they share. Environment and arguments may hold `POD_IP`, paths of mounts `POD_DIR`;
   * `bindPod` replaces both.
   */
  readonly containers: readonly Omit<Workload, 'address'>[];
  /** Present when the pod gets a sidecar. Its port is 0 when no port is known: such a pod only calls others. */
  readonly service?: ServiceDefinition;
  /** Node of the catalog that the service stands on: `<cluster>-virtual`. */
  readonly consulNode: string;
}

export interface KubeServicePort {
  readonly name?: string;
  readonly port: number;
  /** Port of the pods, names resolved. */
  readonly targetPort: number;
}

/** A Service that selects pods: where an `ingress` to `svc/web` goes. Plain JSON. */
export interface KubeServicePlan {
  readonly name: string;
  readonly namespace: string;
  readonly ports: readonly KubeServicePort[];
  /** Names of the selected pods of the same namespace, in their order. */
  readonly pods: readonly string[];
}

/** A protocol that an annotation asks for: to be written as the `service-defaults` of that service. */
export interface KubeServiceDefaults {
  readonly service: string;
  readonly protocol: string;
  /** The annotation. */
  readonly range?: Range;
}

/** An object that was left out; the diagnostics of `readManifests` say the same with a place. */
export interface IgnoredManifest {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
  readonly reason: string;
}

export interface Interpretation {
  readonly pods: PodPlan[];
  readonly services: KubeServicePlan[];
  readonly serviceDefaults: KubeServiceDefaults[];
  readonly ignored: IgnoredManifest[];
  readonly diagnostics: Diagnostic[];
}

export interface InterpretOptions {
  /** Name of the cluster, which is also that of its only node. */
  readonly cluster: string;
  /** Whether pods without a `connect-inject` annotation get a sidecar (Helm: `connectInject.default`). */
  readonly injectByDefault: boolean;
  /** Start of the ids of workloads: `k8s_config.web`. */
  readonly resourceId: string;
}
