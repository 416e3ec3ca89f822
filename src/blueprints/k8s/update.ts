import { isDeepStrictEqual } from 'node:util';
import type { JobPlan } from '../../base/pod.ts';
import type { ApplyContext } from '../context.ts';
import { closeServices, namesOf, openServices, publishAll, seatServices, withdrawAll } from './cluster-services.ts';
import { removeJob, runJob, seatJobs } from './jobs.ts';
import { podsOf } from './pods.ts';
import { type Rollout, removeSet, rollSet } from './rolling.ts';
import { addressesOf } from './seats.ts';
import { putSettings, removeSettings } from './settings.ts';
import type { K8sConfigSpec, K8sReserved } from './spec.ts';
import { together } from './together.ts';

interface Update {
  readonly key: string;
  readonly before: { readonly spec: K8sConfigSpec; readonly reserved: K8sReserved };
  readonly after: K8sConfigSpec;
  readonly context: ApplyContext;
  readonly signal: AbortSignal;
}

/**
 * From one state of manifests to another. First what new pods build on: entries, Services; then pods and Jobs; last what
 * nobody needs any more. Pods that may go on go on. Whatever a failure leaves is taken away by `destroy` of both states.
 */
export async function updateManifests({ key, before, after, context, signal }: Update): Promise<K8sReserved> {
  const old = before.spec;
  const pods = podsOf(key, old, before.reserved);
  const alive = new Set(pods);
  const changed = (): void => publishAll(after, [...alive], context);
  const rollout: Rollout = { key, spec: after, context, signal, alive, changed };
  const services = await seatServices(key, after, context);
  await putSettings(after, context, old);
  changed();
  openServices(key, after, services, context);
  const jobs = await seatJobs(key, after, context);
  const rerun = async (job: JobPlan, signal: AbortSignal): Promise<void> => {
    const known = old.jobs.find(({ baseName }) => baseName === job.baseName);
    if (known && isDeepStrictEqual(known, job)) return;
    if (known) await removeJob(key, old, known, context);
    await runJob(key, after, job, jobs[job.baseName]!, context, signal);
  };
  const oldSet = (name: string) => old.sets.find(({ baseName }) => baseName === name);
  const goneSets = old.sets.filter(({ baseName }) => !after.sets.some((set) => set.baseName === baseName));
  await together(signal, [
    ...after.sets.map((set) => (signal: AbortSignal) => rollSet(set, oldSet(set.baseName), { ...rollout, signal })),
    ...goneSets.map((set) => (signal: AbortSignal) => removeSet(set.baseName, { ...rollout, signal })),
    ...after.jobs.map((job) => (signal: AbortSignal) => rerun(job, signal)),
  ]);
  const goneJobs = old.jobs.filter(({ baseName }) => !after.jobs.some((job) => job.baseName === baseName));
  await Promise.all(goneJobs.map((job) => removeJob(key, old, job, context)));
  withdrawAll(old, pods, context, namesOf(after, [...alive]));
  closeServices(key, old, context, after);
  await removeSettings(old, context, after);
  const reserved = { pods: Object.fromEntries([...alive].map(({ name, seat }) => [name, seat])), services, jobs };
  // Last: until then a failure leaves them to `destroy`, which knows the old addresses.
  const used = new Set(addressesOf(reserved));
  await context.release(addressesOf(before.reserved).filter((address) => !used.has(address)));
  return reserved;
}
