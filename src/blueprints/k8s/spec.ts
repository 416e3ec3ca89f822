import type { JobPlan, PodPlan, PodSetPlan } from '../../base/pod.ts';
import type { EntryBase } from '../../entries/kind.ts';
import type { KubeServicePlan } from '../../kube/plan.ts';
import { hasLabels } from '../../kube/selector.ts';

/** Manifests, lowered: everything that they make in a cluster. Plain JSON. */
export interface K8sConfigSpec {
  /** Key of the cluster. */
  readonly cluster: string;
  /** Consul's datacenter in which its pods are registered; absent: the implicit one. */
  readonly datacenter?: string;
  readonly sets: readonly PodSetPlan[];
  readonly jobs: readonly JobPlan[];
  readonly services: readonly KubeServicePlan[];
  /** From Consul's custom resources. */
  readonly entries: readonly EntryBase[];
  /** From the annotation `connect-service-protocol`: service -> protocol. */
  readonly protocols: Readonly<Record<string, string>>;
  /** Some of it is wrong, which is reported: nobody should say that something isn't in it. Never seen by the agent. */
  readonly incomplete?: true;
}

/** Where a pod is. */
export interface PodSeat {
  /** `baseName` of its set. */
  readonly set: string;
  readonly index: number;
  readonly address: string;
}

export interface K8sReserved {
  /** By name of the pod. */
  readonly pods: Readonly<Record<string, PodSeat>>;
  /** Addresses of Services, by `<namespace>/<name>`. */
  readonly services: Readonly<Record<string, string>>;
  /** Addresses for the pods of a Job that run at the same time, by its `baseName`. */
  readonly jobs: Readonly<Record<string, readonly string[]>>;
}

export function podName({ naming, baseName }: Pick<PodSetPlan, 'naming' | 'baseName'>, index: number): string {
  return naming === 'single' ? baseName : `${baseName}-${index}`;
}

/** The Service that a published name means: `default/svc/web`. */
export function serviceCalled(published: string, { services }: Pick<K8sConfigSpec, 'services'>): KubeServicePlan | undefined {
  const [namespace, kind, name] = published.split('/');
  return kind === 'svc' ? services.find((one) => one.name === name && one.namespace === namespace) : undefined;
}

/** Whether a pod is among those that a published name leads to. */
export function isBehind(
  published: string,
  pod: { readonly plan: PodPlan; readonly owner: string; readonly name?: string },
  spec: Pick<K8sConfigSpec, 'services'>,
): boolean {
  const [namespace, kind, name] = published.split('/');
  if (pod.plan.namespace !== namespace) return false;
  const service = serviceCalled(published, spec);
  if (service) return Object.keys(service.selector).length > 0 && hasLabels(pod.plan.labels, service.selector);
  return kind === 'pod' ? pod.name === name : pod.owner === `${kind}/${name}`;
}

/** What makes the pods that a published name leads to. One pod alone is made by nothing. */
export function setsBehind(published: string, spec: Pick<K8sConfigSpec, 'services' | 'sets'>): PodSetPlan[] {
  return spec.sets.filter(({ pod, owner }) => isBehind(published, { plan: pod, owner }, spec));
}

/** What an ingress can name: `<namespace>/svc/web`, `<namespace>/statefulset/db`, `<namespace>/pod/web-0`. */
export function publishedNames(spec: K8sConfigSpec): string[] {
  const pods = spec.sets.flatMap((set) => Array.from({ length: set.replicas }, (_, i) => `${set.pod.namespace}/pod/${podName(set, i)}`));
  return [
    ...new Set([
      ...spec.services.map((service) => `${service.namespace}/svc/${service.name}`),
      ...spec.sets.map((set) => `${set.pod.namespace}/${set.owner}`),
      ...pods,
    ]),
  ];
}
