import type { Mount, Workload } from '../base/workload.ts';
import { POD_DIR, POD_IP, type PodPlan } from './plan.ts';

/** What is known of a pod only once it is about to run. */
export interface PodBinding {
  /** Virtual address of the pod. */
  readonly address: string;
  /** Folder of this machine for the pod's `emptyDir` volumes, which lie in folders of their own names below it. */
  readonly folder: string;
}

/** The workloads of a pod, with its address and folder in all the places that were waiting for them. */
export function bindPod(pod: PodPlan, { address, folder }: PodBinding): Workload[] {
  const withAddress = (text: string): string => text.replaceAll(POD_IP, address);
  const bound = ({ source, ...mount }: Mount): Mount => ({
    ...mount,
    source: 'path' in source && source.path.startsWith(`${POD_DIR}/`) ? { path: folder + source.path.slice(POD_DIR.length) } : source,
  });
  return pod.containers.map((container) => ({
    ...container,
    address,
    env: Object.fromEntries(Object.entries(container.env).map(([name, value]) => [name, withAddress(value)])),
    ...(container.entrypoint ? { entrypoint: container.entrypoint.map(withAddress) } : {}),
    ...(container.command ? { command: container.command.map(withAddress) } : {}),
    mounts: container.mounts.map(bound),
  }));
}
