import type { PodSetPlan } from '../../base/pod.ts';
import type { ApplyContext } from '../context.ts';
import { instanceGuards, isHealthy } from '../instance.ts';
import type { ResourceType } from '../resource-type.ts';
import { closeServices, openServices, publishAll, withdrawAll } from './cluster-services.ts';
import { allReady } from './in-time.ts';
import { removeJob, runJob } from './jobs.ts';
import { claimFolder, type Pod, podsOf } from './pods.ts';
import { type StartOptions, startPod, stopPod } from './run-pod.ts';
import { addressesOf, seatAll } from './seats.ts';
import { putSettings, removeSettings, setProtocols } from './settings.ts';
import type { K8sConfigSpec, K8sReserved } from './spec.ts';
import { together } from './together.ts';
import { updateManifests } from './update.ts';

type Type = ResourceType<unknown, K8sConfigSpec, K8sReserved>;

/** What manifests are in the agent, from their addresses to their end. */
export const k8sConfigLifecycle = {
  reserve: (key, spec, context) => seatAll(key, spec, context),

  async create(key, spec, reserved, context, options) {
    if (options.adopt) await setProtocols(spec, context);
    else await putSettings(spec, context);
    const pods = podsOf(key, spec, reserved);
    publishAll(spec, pods, context);
    openServices(key, spec, reserved.services, context);
    const jobs = options.adopt ? [] : spec.jobs;
    await together(options.signal, [
      ...spec.sets.map((set) => (signal: AbortSignal) => startSet(set, pods, context, { ...options, signal })),
      ...jobs.map((job) => (signal: AbortSignal) => runJob(key, spec, job, reserved.jobs[job.baseName] ?? [], context, signal)),
    ]);
  },

  // Another cluster or datacenter is another place, to which nothing can be moved.
  canUpdate: (before, after) => before.cluster === after.cluster && before.datacenter === after.datacenter,

  update: (key, before, after, context, { signal }) => updateManifests({ key, before, after, context, signal }),

  guards: (key, spec, reserved, context) => podsOf(key, spec, reserved).flatMap(({ instance }) => instanceGuards(instance, context)),

  async destroy(key, spec, given, context) {
    // Without a reservation any part of it may exist, and a pod more than there should be while one takes the place of another.
    const reserved = given ?? (await seatAll(key, withSurge(spec), context).catch(() => NOTHING));
    const pods = podsOf(key, spec, reserved);
    withdrawAll(spec, pods, context);
    closeServices(key, spec, context);
    await context.forwards.settled();
    await Promise.all([...pods.map((pod) => stopPod(pod, context)), ...spec.jobs.map((job) => removeJob(key, spec, job, context))]);
    await context.workloads.removeData(claimFolder(key));
    await removeSettings(spec, context);
    await context.release(addressesOf(reserved));
  },

  fixedAddresses: (spec) => spec.services.flatMap(({ clusterIp }) => clusterIp ?? []),

  healthy: (spec, reserved, context) => podsOf('', spec, reserved).every(({ instance }) => isHealthy(instance.workloads, context)),
} satisfies Partial<Type>;

const NOTHING: K8sReserved = { pods: {}, services: {}, jobs: {} };

function withSurge(spec: K8sConfigSpec): K8sConfigSpec {
  return { ...spec, sets: spec.sets.map((set) => (set.naming === 'counted' ? { ...set, replicas: set.replicas + 1 } : set)) };
}

/** A StatefulSet's pods one after the other, each when the one before it is ready; all others at once. */
async function startSet(set: PodSetPlan, pods: readonly Pod[], context: ApplyContext, options: StartOptions): Promise<void> {
  const own = pods.filter(({ seat }) => seat.set === set.baseName);
  if (!set.ordered || options.adopt) {
    await together(
      options.signal,
      own.map((pod) => (signal) => startPod(pod, context, { ...options, signal })),
    );
    return;
  }
  for (const [i, pod] of own.entries()) {
    const previous = own[i - 1];
    if (previous) await allReady(previous.name, instanceGuards({ ...previous.instance, services: [] }, context), options.signal);
    await startPod(pod, context, options);
  }
}
