import { setTimeout as sleep } from 'node:timers/promises';
import { MeshError, messageOf } from '../../base/errors.ts';
import type { JobPlan } from '../../base/pod.ts';
import type { ApplyContext } from '../context.ts';
import { deregisterInstance, instanceGuards, portsOf, registerInstance } from '../instance.ts';
import { allReady, inTime } from './in-time.ts';
import { clusterOf, type Pod, podAt, workloadsOf } from './pods.ts';
import { prepare, stopPod } from './run-pod.ts';
import type { K8sConfigSpec } from './spec.ts';
import { together } from './together.ts';

/** One address for each pod that runs at the same time. */
async function seatJob(key: string, spec: K8sConfigSpec, job: JobPlan, context: ApplyContext): Promise<string[]> {
  const addresses: string[] = [];
  for (let slot = 0; slot < Math.min(job.parallelism, job.completions); slot++) {
    addresses.push(
      await context.allocate({
        owner: `${key} (${job.owner} ${slot})`,
        subnet: clusterOf(spec, context).podSubnet,
        ports: portsOf(workloadsOf(job.pod), job.pod.services, 0),
        names: [],
      }),
    );
  }
  return addresses;
}

/** By base name. */
export async function seatJobs(key: string, spec: K8sConfigSpec, context: ApplyContext): Promise<Record<string, readonly string[]>> {
  const jobs: Record<string, readonly string[]> = {};
  for (const job of spec.jobs) jobs[job.baseName] = await seatJob(key, spec, job, context);
  return jobs;
}

/** Pods of a Job that may have left something behind. */
function jobPods(key: string, spec: K8sConfigSpec, job: JobPlan): Pod[] {
  return Array.from({ length: job.completions }, (_, index) => jobPod(key, spec, job, index, ''));
}

function jobPod(key: string, spec: K8sConfigSpec, job: JobPlan, index: number, address: string): Pod {
  return podAt(key, job, `${job.baseName}-${index}`, { set: job.baseName, index, address }, spec.datacenter);
}

/** Runs all pods of a Job to their end. Rejects, with what the last one printed, when too many of them have failed. */
export async function runJob(
  key: string,
  spec: K8sConfigSpec,
  job: JobPlan,
  addresses: readonly string[],
  context: ApplyContext,
  caller: AbortSignal,
): Promise<void> {
  const deadline = job.deadlineMs > 0 ? [AbortSignal.timeout(job.deadlineMs)] : [];
  const failures: Failures = { count: 0, last: undefined };
  let next = 0;
  const work = async (address: string, signal: AbortSignal): Promise<void> => {
    while (next < job.completions) await complete(jobPod(key, spec, job, next++, address), job, failures, context, signal);
  };
  const hint = `mesh logs ${job.baseName}-0`;
  const works = addresses.map((address) => (signal: AbortSignal) => work(address, signal));
  try {
    await inTime(`${job.owner} was still running`, caller, together(AbortSignal.any([caller, ...deadline]), works), {
      hint,
      known: () => describeFailures(failures),
    });
  } catch (error) {
    if (caller.aborted) throw error;
    if (deadline[0]?.aborted) throw new MeshError('incomplete', `${job.owner} did not end within ${job.deadlineMs / 1000} s`, { hint });
    const { code } = error instanceof MeshError ? error : { code: 'failed' as const };
    throw new MeshError(code, `${job.owner} has failed: ${messageOf(error)}`, { hint });
  }
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Of all pods of a Job. */
interface Failures {
  count: number;
  last: unknown;
}

function describeFailures({ count, last }: Failures): string | undefined {
  if (count === 0) return undefined;
  return `it has failed ${count === 1 ? 'once' : `${count} times`}: ${messageOf(last)}`;
}

async function complete(pod: Pod, job: JobPlan, failures: Failures, context: ApplyContext, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      await runOnce(pod, context, signal);
      return;
    } catch (error) {
      if (signal.aborted) throw error;
      failures.last = error;
      if (++failures.count > job.backoffLimit) throw error;
      await sleep(Math.min(FIRST_PAUSE_MS * 2 ** (failures.count - 1), LONGEST_PAUSE_MS), undefined, { signal });
    }
  }
}

/** With a sidecar, its application may call at once: it starts when its upstreams can be reached. */
async function runOnce(pod: Pod, context: ApplyContext, signal: AbortSignal): Promise<void> {
  const { plan, instance } = pod;
  try {
    const sidecars = await prepare(plan, context, { adopt: false, signal });
    await registerInstance(instance, sidecars, context);
    await allReady(pod.name, instanceGuards({ ...instance, workloads: [] }, context), signal);
    const runs = plan.containers.map((workload) => async (signal: AbortSignal) => {
      await context.workloads.runOnce(workload, { timeoutMs: 0, signal });
    });
    await together(signal, runs);
  } finally {
    await deregisterInstance(instance, context);
    for (const { mode, workload } of plan.init.toReversed()) if (mode === 'sidecar') await context.workloads.stop(workload.id);
  }
}

/** Logs, folders, and what a crash has left running. */
export async function removeJob(key: string, spec: K8sConfigSpec, job: JobPlan, context: ApplyContext): Promise<void> {
  await Promise.all(jobPods(key, spec, job).map((pod) => stopPod(pod, context)));
}
