import type { NomadGroupPlan } from '../../nomad/plan.ts';
import type { K8sConfigSpec } from '../k8s/spec.ts';

/** Where allocations run, as Nomad's bridge network has it. Clusters share it here. */
export const ALLOCATIONS = '172.26.64.0/20';

export interface NomadClusterSpec {
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  /** Consul's datacenter in which its jobs are registered; absent: the implicit one. */
  readonly datacenter?: string;
  /** Nomad's own name for where it is. */
  readonly nomadDatacenter: string;
  readonly clients: number;
}

/**
 * Job files, lowered. An allocation is a pod to what runs it: a group of a job is a set of them, whose namespace is the job,
 * and whose published name is `<job>/group/<group>`.
 */
export interface NomadJobSpec extends K8sConfigSpec {
  readonly groups: readonly NomadGroupPlan[];
}

export const publishedGroup = (cluster: string, { job, group }: { readonly job: string; readonly group: string }): string =>
  `${cluster}/${job}/group/${group}`;
