import { bindPod } from '../../base/bind-pod.ts';
import type { PodPlan, PodSetPlan } from '../../base/pod.ts';
import type { ApplyContext } from '../context.ts';
import { type Instance, portsOf } from '../instance.ts';
import type { ClusterSpec } from '../resources/k8s-cluster.ts';
import { type K8sConfigSpec, type K8sReserved, type PodSeat, podName } from './spec.ts';

/** A pod at its place. */
export interface Pod {
  readonly name: string;
  readonly seat: PodSeat;
  /** `deployment/web` */
  readonly owner: string;
  /** With its name, address and folders filled in. */
  readonly plan: PodPlan;
  /** Its emptyDir volumes lie there. */
  readonly folder: string;
  readonly instance: Instance;
}

const SIDECAR_PORT = 20000;

/** Folder of the volumes that outlive pods; it goes with the manifests. */
export const claimFolder = (key: string): string => `volumes/${key}`;

export function podAt(
  key: string,
  set: { readonly owner: string; readonly pod: PodPlan },
  name: string,
  seat: PodSeat,
  datacenter: string | undefined,
): Pod {
  const folder = `pods/${set.pod.consulNode}/${name}`;
  const plan = bindPod(set.pod, { name, index: seat.index, address: seat.address, folder, claims: claimFolder(key) });
  const sidecars = plan.init.filter(({ mode }) => mode === 'sidecar').map(({ workload }) => workload);
  const instance: Instance = {
    name,
    workloads: [...sidecars, ...plan.containers],
    services: plan.services,
    address: seat.address,
    node: { name: plan.consulNode, address: '127.0.0.1', meta: { 'synthetic-node': 'true' } },
    ...(datacenter === undefined ? {} : { datacenter }),
    sidecarPort: SIDECAR_PORT,
  };
  return { name, seat, owner: set.owner, plan, folder, instance };
}

/** The pods that a reservation speaks of, in the order of their sets and numbers. */
export function podsOf(key: string, spec: K8sConfigSpec, reserved: Pick<K8sReserved, 'pods'>): Pod[] {
  return spec.sets.flatMap((set) =>
    Object.entries(reserved.pods)
      .filter(([, seat]) => seat.set === set.baseName)
      .toSorted(([, a], [, b]) => a.index - b.index)
      .map(([name, seat]) => podAt(key, set, name, seat, spec.datacenter)),
  );
}

/** Claims an address for a pod. The same pod gets the same one again as long as it has not been released. */
export async function seatPod(key: string, spec: K8sConfigSpec, set: PodSetPlan, index: number, context: ApplyContext): Promise<PodSeat> {
  const name = podName(set, index);
  const unseated = podAt(key, set, name, { set: set.baseName, index, address: '' }, spec.datacenter);
  const address = await context.allocate({
    owner: `${key} (pod ${name})`,
    subnet: clusterOf(spec, context).podSubnet,
    ports: portsOf(workloadsOf(set.pod), set.pod.services, SIDECAR_PORT),
    names: unseated.plan.names,
  });
  return { set: set.baseName, index, address };
}

/** All that run in a pod, one after the other or side by side. */
export const workloadsOf = ({ init, containers }: PodPlan) => [...init.map(({ workload }) => workload), ...containers];

export const clusterOf = (spec: K8sConfigSpec, context: ApplyContext): ClusterSpec => context.record(spec.cluster).spec as ClusterSpec;
