import type { Diagnostic } from '../base/diagnostic.ts';
import type { ServiceDefinition, WrittenCall } from '../base/registration.ts';
import type { Range } from '../base/source.ts';
import type { Workload } from '../base/workload.ts';
import type { EntryBase } from '../entries/kind.ts';

/**
 * What is known of a pod only once it is about to run stands as one of these in all texts of its plan; `bindPod` fills them
 * in. One plan so serves all pods of a set, and two sets are the same when their plans are.
 */
export const POD_NAME = '{{mesh.pod-name}}';
export const POD_INDEX = '{{mesh.pod-index}}';
export const POD_UID = '{{mesh.pod-uid}}';
/** Virtual address of the pod. */
export const POD_IP = '{{mesh.pod-ip}}';
/** A folder of the pod, in which its `emptyDir` volumes lie. */
export const POD_DIR = '{{mesh.pod-dir}}';
/** A folder that outlives pods, in which what they claimed lies. */
export const CLAIM_DIR = '{{mesh.claim-dir}}';

/** Each replica is one or more processes of this machine; a slip of the keyboard should not start a million. */
export const MAX_REPLICAS = 500;

/** What a container does before it is asked to end. */
export type StopHook =
  | { readonly type: 'exec'; readonly command: readonly string[] }
  | { readonly type: 'http'; readonly port: number; readonly path: string; readonly headers: Readonly<Record<string, string>> }
  | { readonly type: 'sleep'; readonly ms: number };

/** A container that comes before those of the pod: it runs to its end, or (a sidecar) is kept running beside them. */
export interface InitStep {
  readonly mode: 'once' | 'sidecar';
  readonly workload: Workload;
}

/** One pod, with the words above wherever pods of a set differ. Plain JSON. */
export interface PodPlan {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  /** In their order. */
  readonly init: readonly InitStep[];
  readonly containers: readonly Workload[];
  /** By id of the workload. */
  readonly stopHooks: Readonly<Record<string, StopHook>>;
  /** What it is registered as; each with a sidecar. Their port is 0 when none is known: such a pod only calls others. */
  readonly services: readonly ServiceDefinition[];
  /** Node of the catalog that the services stand on: `<cluster>-virtual`. */
  readonly consulNode: string;
  /** Names of this very pod: that of a StatefulSet has `db-0.db.default.svc.cluster.local` (and the domain of its cluster). */
  readonly names: readonly string[];
}

/** Pods that are made from one template. Plain JSON. */
export interface PodSetPlan {
  /** Start of the names of its pods; unique among the sets: `web`. */
  readonly baseName: string;
  /** What made it: `deployment/web`. */
  readonly owner: string;
  readonly replicas: number;
  /**
   * `counted`: `web-0`, `web-1`, … of which a new one may take any free number; `ordinal`: number i is pod i, whenever it is
   * made again; `single`: one pod, called as the set.
   */
  readonly naming: 'counted' | 'ordinal' | 'single';
  /** A StatefulSet: each pod waits until the one before it is ready. */
  readonly ordered: boolean;
  readonly pod: PodPlan;
}

/** Pods that run to their end, some of them at a time. Plain JSON. */
export interface JobPlan {
  readonly baseName: string;
  readonly owner: string;
  readonly completions: number;
  readonly parallelism: number;
  /** How many failed pods are tried again, all together. */
  readonly backoffLimit: number;
  /** How long all of it may take, in milliseconds; 0: as long as it wants. */
  readonly deadlineMs: number;
  readonly pod: PodPlan;
}

export interface KubeServicePort {
  readonly name?: string;
  readonly port: number;
  /** Port of the pods, names resolved. */
  readonly targetPort: number;
}

/** A Service that selects pods. Plain JSON. */
export interface KubeServicePlan {
  readonly name: string;
  readonly namespace: string;
  /** Labels of the pods behind it, which are of the same namespace. */
  readonly selector: Readonly<Record<string, string>>;
  readonly ports: readonly KubeServicePort[];
  /** Without an address of its own: its name stands for the pods, whose own ports can be used as well. */
  readonly headless: boolean;
  /** The address that the manifest asks for. */
  readonly clusterIp?: string;
  /** What pods of the cluster find it by. */
  readonly names: readonly string[];
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
  readonly sets: PodSetPlan[];
  readonly jobs: JobPlan[];
  readonly services: KubeServicePlan[];
  readonly serviceDefaults: KubeServiceDefaults[];
  /** From Consul's custom resources: normalized and valid. */
  readonly entries: EntryBase[];
  readonly ignored: IgnoredManifest[];
  /** What the pods have as upstreams. */
  readonly calls: readonly WrittenCall[];
  readonly diagnostics: Diagnostic[];
}

/** Which pods get a sidecar (the Consul chart: `connectInject`). */
export interface InjectorOptions {
  /** Whether pods without a `connect-inject` annotation get one. */
  readonly injectByDefault: boolean;
  /** Kubernetes namespaces whose pods may get one: `*` stands for all. A denied one is stronger. */
  readonly allowNamespaces: readonly string[];
  readonly denyNamespaces: readonly string[];
}

export interface InterpretOptions {
  /** Name of the cluster, which is also that of its only node. */
  readonly cluster: string;
  /** Consul's datacenter that the cluster belongs to. */
  readonly datacenter: string;
  readonly injector: InjectorOptions;
  /** Start of the ids of workloads: `k8s_config.web`. */
  readonly resourceId: string;
  /** What to do about an image that can't run; undefined for one that can. */
  readonly imageHint?: (image: string) => string | undefined;
}
