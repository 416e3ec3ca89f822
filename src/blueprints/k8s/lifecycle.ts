import { isDeepStrictEqual } from 'node:util';
import type { PodSetPlan } from '../../kube/plan.ts';
import type { ApplyContext } from '../context.ts';
import { instanceGuards, isHealthy } from '../instance.ts';
import type { ResourceType } from '../resource-type.ts';
import { closeServices, namesOf, openServices, publishAll, seatServices, withdrawAll } from './cluster-services.ts';
import { allReady } from './in-time.ts';
import { removeJob, runJob, seatJob } from './jobs.ts';
import { claimFolder, type Pod, podsOf, seatPod } from './pods.ts';
import { type Rollout, removeSet, rollSet } from './rolling.ts';
import { type StartOptions, startPod, stopPod } from './run-pod.ts';
import { putSettings, removeSettings } from './settings.ts';
import { type K8sConfigSpec, type K8sReserved, type PodSeat, podName } from './spec.ts';

type Type = ResourceType<unknown, K8sConfigSpec, K8sReserved>;

/** What manifests are in the agent, from their addresses to their end. */
export const k8sConfigLifecycle = {
  reserve: (key, spec, context) => reserve(key, spec, context),

  async create(key, spec, reserved, context, options) {
    if (!options.adopt) await putSettings(spec, context);
    else
      for (const [service, protocol] of Object.entries(spec.protocols)) {
        await context.registry.setProtocolDefault(service, protocol, spec.datacenter);
      }
    const pods = podsOf(key, spec, reserved);
    publishAll(spec, pods, context);
    openServices(key, spec, reserved.services, context);
    const jobs = options.adopt ? [] : spec.jobs;
    await Promise.all([
      ...spec.sets.map((set) => startSet(set, pods, context, options)),
      ...jobs.map((job) => runJob(key, spec, job, reserved.jobs[job.baseName] ?? [], context, options.signal)),
    ]);
  },

  // Another cluster or datacenter is another place, to which nothing can be moved.
  canUpdate: (before, after) => before.cluster === after.cluster && before.datacenter === after.datacenter,

  async update(key, before, after, context, { signal }) {
    const alive = new Set(podsOf(key, before.spec, before.reserved));
    const known = namesOf(before.spec, [...alive]);
    const changed = (): void => publishAll(after, [...alive], context);
    const rollout: Rollout = { key, spec: after, context, signal, alive, changed };
    const services = await seatServices(key, after, context);
    await putSettings(after, context, before.spec);
    changed();
    openServices(key, after, services, context);
    const jobs: Record<string, readonly string[]> = {};
    const gone = before.spec.sets.filter(({ baseName }) => !after.sets.some((set) => set.baseName === baseName));
    const rerun = after.jobs.map(async (job) => {
      const old = before.spec.jobs.find(({ baseName }) => baseName === job.baseName);
      jobs[job.baseName] = await seatJob(key, after, job, context);
      if (old && isDeepStrictEqual(old, job)) return;
      if (old) await removeJob(key, before.spec, old, context);
      await runJob(key, after, job, jobs[job.baseName]!, context, signal);
    });
    await Promise.all([
      ...after.sets.map((set) =>
        rollSet(
          set,
          before.spec.sets.find(({ baseName }) => baseName === set.baseName),
          rollout,
        ),
      ),
      ...gone.map(({ baseName }) => removeSet(baseName, rollout)),
      ...rerun,
    ]);
    const ended = before.spec.jobs.filter(({ baseName }) => !after.jobs.some((job) => job.baseName === baseName));
    await Promise.all(ended.map((job) => removeJob(key, before.spec, job, context)));
    const staying = namesOf(after, [...alive]);
    for (const name of known) if (!staying.includes(name)) context.forwards.withdraw(`${after.cluster}/${name}`);
    closeServices(key, before.spec, context, after);
    await removeSettings(before.spec, context, after);
    const reserved = { pods: Object.fromEntries([...alive].map(({ name, seat }) => [name, seat])), services, jobs };
    // Last: until then a failure leaves it to `destroy`, which knows the old addresses.
    const used = new Set(addressesOf(reserved));
    await context.release(addressesOf(before.reserved).filter((address) => !used.has(address)));
    return reserved;
  },

  guards: (key, spec, reserved, context) => podsOf(key, spec, reserved).flatMap(({ instance }) => instanceGuards(instance, context)),

  async destroy(key, spec, given, context) {
    // Without a reservation any part of it may exist, and a pod more than there should be while one takes the place of another.
    const reserved = given ?? (await reserve(key, withSurge(spec), context).catch(() => NOTHING));
    const pods = podsOf(key, spec, reserved);
    withdrawAll(spec, pods, context);
    closeServices(key, spec, context);
    await Promise.all([...pods.map((pod) => stopPod(pod, context)), ...spec.jobs.map((job) => removeJob(key, spec, job, context))]);
    await context.workloads.removeData(claimFolder(key));
    await removeSettings(spec, context);
    await context.release(addressesOf(reserved));
  },

  healthy: (spec, reserved, context) => podsOf('', spec, reserved).every(({ instance }) => isHealthy(instance.workloads, context)),
} satisfies Partial<Type>;

const NOTHING: K8sReserved = { pods: {}, services: {}, jobs: {} };

async function reserve(key: string, spec: K8sConfigSpec, context: ApplyContext): Promise<K8sReserved> {
  const pods: Record<string, PodSeat> = {};
  for (const set of spec.sets) {
    for (let index = 0; index < set.replicas; index++) {
      pods[podName(set, index)] = await seatPod(key, spec, set, index, context);
    }
  }
  const jobs: Record<string, readonly string[]> = {};
  for (const job of spec.jobs) jobs[job.baseName] = await seatJob(key, spec, job, context);
  return { pods, services: await seatServices(key, spec, context), jobs };
}

const addressesOf = ({ pods, services, jobs }: K8sReserved): string[] => [
  ...Object.values(pods).map(({ address }) => address),
  ...Object.values(services),
  ...Object.values(jobs).flat(),
];

function withSurge(spec: K8sConfigSpec): K8sConfigSpec {
  return { ...spec, sets: spec.sets.map((set) => (set.naming === 'counted' ? { ...set, replicas: set.replicas + 1 } : set)) };
}

/** A StatefulSet's pods one after the other, each when the one before it is ready; all others at once. */
async function startSet(set: PodSetPlan, pods: readonly Pod[], context: ApplyContext, options: StartOptions): Promise<void> {
  const own = pods.filter(({ seat }) => seat.set === set.baseName);
  if (!set.ordered || options.adopt) {
    await Promise.all(own.map((pod) => startPod(pod, context, options)));
    return;
  }
  for (const [i, pod] of own.entries()) {
    const previous = own[i - 1];
    if (previous) await allReady(previous.name, instanceGuards({ ...previous.instance, services: [] }, context), options.signal);
    await startPod(pod, context, options);
  }
}
