import { setTimeout as sleep } from 'node:timers/promises';
import type { PodPlan } from '../../base/pod.ts';
import type { Workload } from '../../base/workload.ts';
import type { ApplyContext, HostedWorkload } from '../context.ts';
import { deregisterInstance, registerInstance } from '../instance.ts';
import { inTime } from './in-time.ts';
import type { Pod } from './pods.ts';
import { runStopHook } from './stop-hooks.ts';

export interface StartOptions {
  readonly adopt: boolean;
  readonly signal: AbortSignal;
}

/** Runs the init containers, starts the others, and registers what the pod is an instance of. Readiness is for the guards. */
export async function startPod(pod: Pod, context: ApplyContext, options: StartOptions): Promise<void> {
  const sidecars = await prepare(pod.plan, context, options);
  options.signal.throwIfAborted();
  const containers = await Promise.all(pod.plan.containers.map((workload) => context.workloads.start(workload, options)));
  await registerInstance(pod.instance, [...sidecars, ...containers], context);
}

/**
 * The init containers, in their order: one that runs to its end is waited for, one that is kept running must be ready before
 * the next one. What an earlier agent has started is past the former.
 */
export async function prepare(plan: PodPlan, context: ApplyContext, { adopt, signal }: StartOptions): Promise<HostedWorkload[]> {
  const sidecars: HostedWorkload[] = [];
  for (const { mode, workload } of plan.init) {
    if (mode === 'sidecar') {
      const hosted = await context.workloads.start(workload, { adopt });
      sidecars.push(hosted);
      if (!adopt)
        await inTime(`init container ${workload.name} was not ready`, signal, hosted.ready(signal), { hint: `mesh logs ${workload.name}` });
    } else if (!adopt) {
      const { name } = workload;
      await inTime(`init container ${name} was still running`, signal, runToSuccess(workload, context, signal), {
        hint: `mesh logs ${name}`,
      });
    }
  }
  return sidecars;
}

/** As often as a container is started that never gets ready. */
const TRIES = 3;
const FIRST_PAUSE_MS = 100;

async function runToSuccess(workload: Workload, context: ApplyContext, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await context.workloads.runOnce(workload, { timeoutMs: 0, signal });
      return;
    } catch (error) {
      if (attempt === TRIES || signal.aborted) throw error;
      await sleep(FIRST_PAUSE_MS * attempt, undefined, { signal });
    }
  }
}

/** Takes a pod away: out of the registry first, then its hooks, its containers, and last those that came before them. */
export async function stopPod({ plan, instance, folder }: Pod, context: ApplyContext): Promise<void> {
  await deregisterInstance(instance, context);
  await Promise.all(
    plan.containers.map(async (workload) => {
      await runStopHook(plan.stopHooks[workload.id], workload, context);
      await context.workloads.stop(workload.id);
    }),
  );
  for (const { workload } of plan.init.toReversed()) {
    await runStopHook(plan.stopHooks[workload.id], workload, context);
    await context.workloads.stop(workload.id);
  }
  await context.workloads.removeData(folder);
}
