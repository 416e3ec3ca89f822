import type { ApplyContext } from '../context.ts';
import { seatServices } from './cluster-services.ts';
import { seatJobs } from './jobs.ts';
import { seatPod } from './pods.ts';
import { type K8sConfigSpec, type K8sReserved, type PodSeat, podName } from './spec.ts';

/** Claims all addresses of manifests. What is claimed for them already is found again. */
export async function seatAll(key: string, spec: K8sConfigSpec, context: ApplyContext): Promise<K8sReserved> {
  const pods: Record<string, PodSeat> = {};
  for (const set of spec.sets) {
    for (let index = 0; index < set.replicas; index++) pods[podName(set, index)] = await seatPod(key, spec, set, index, context);
  }
  const jobs = await seatJobs(key, spec, context);
  return { pods, services: await seatServices(key, spec, context), jobs };
}

export const addressesOf = ({ pods, services, jobs }: K8sReserved): string[] => [
  ...Object.values(pods).map(({ address }) => address),
  ...Object.values(services),
  ...Object.values(jobs).flat(),
];
