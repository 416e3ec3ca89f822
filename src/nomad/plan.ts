import type { Diagnostic } from '../base/diagnostic.ts';
import type { JobPlan, PodSetPlan } from '../base/pod.ts';
import type { WrittenCall } from '../base/registration.ts';

/** A group of a job, as an ingress asks for it. Plain JSON. */
export interface NomadGroupPlan {
  readonly job: string;
  readonly group: string;
  readonly tasks: readonly string[];
  /** By label: where the tasks listen. */
  readonly ports: Readonly<Record<string, number>>;
  /** The `static` port of a label, which a node of Nomad has for it. */
  readonly fixed: Readonly<Record<string, number>>;
}

export interface Interpretation {
  /** Of jobs that go on: one for each group. An allocation is a pod to what runs it. */
  readonly sets: PodSetPlan[];
  /** Of batch jobs. */
  readonly jobs: JobPlan[];
  readonly groups: NomadGroupPlan[];
  /** What the tasks have as upstreams. */
  readonly calls: readonly WrittenCall[];
  readonly diagnostics: Diagnostic[];
}

export interface InterpretOptions {
  /** Name of the node: the cluster has one. */
  readonly node: string;
  /** Nomad's own name for where the cluster is. */
  readonly nomadDatacenter: string;
  /** How many allocations a system job has. */
  readonly clients: number;
  /** Start of the ids of workloads: `nomad_job.web`. */
  readonly resourceId: string;
  /** The environment that an image brings; why it can't run if it can't. */
  image(name: string): { readonly env: Readonly<Record<string, string>> } | { readonly hint: string };
}
