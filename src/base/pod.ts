import type { ServiceDefinition } from './registration.ts';
import type { Workload } from './workload.ts';

/**
 * A pod is what runs together at an address of its own: one of Kubernetes, or an allocation of Nomad. What is known of it only
 * once it is about to run stands as one of these in all texts of its plan; `bindPod` fills them in. One plan so serves all pods
 * of a set, and two sets are the same when their plans are.
 */
export const POD_NAME = '{{mesh.pod-name}}';
export const POD_INDEX = '{{mesh.pod-index}}';
export const POD_UID = '{{mesh.pod-uid}}';
/** The first 8 digits of the uid. */
export const POD_SHORT_UID = '{{mesh.pod-short-uid}}';
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
