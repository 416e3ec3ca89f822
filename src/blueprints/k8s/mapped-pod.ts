import type { PodPlan } from '../../base/pod.ts';
import { runMapped, warnOfUnusedCommand } from '../mapped-image.ts';
import type { LowerContext } from '../resource-type.ts';

/** With local programs in place of images. */
export function mappedPod(pod: PodPlan, context: LowerContext): PodPlan {
  for (const workload of pod.containers) warnOfUnusedCommand(workload, 'paths', context);
  return {
    ...pod,
    init: pod.init.map((one) => ({ ...one, workload: runMapped(one.workload, context.images) })),
    containers: pod.containers.map((workload) => runMapped(workload, context.images)),
  };
}
