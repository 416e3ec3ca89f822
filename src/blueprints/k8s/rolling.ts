import { isDeepStrictEqual } from 'node:util';
import type { PodSetPlan } from '../../base/pod.ts';
import type { ApplyContext } from '../context.ts';
import { instanceGuards } from '../instance.ts';
import { allReady } from './in-time.ts';
import { type Pod, podAt, seatPod } from './pods.ts';
import { startPod, stopPod } from './run-pod.ts';
import { type K8sConfigSpec, podName } from './spec.ts';
import { together } from './together.ts';

/** What a change of pods needs and tells. */
export interface Rollout {
  readonly key: string;
  readonly spec: K8sConfigSpec;
  readonly context: ApplyContext;
  readonly signal: AbortSignal;
  /** All pods that exist, of all sets: kept up to date here. */
  readonly alive: Set<Pod>;
  /** Called whenever `alive` has changed. */
  readonly changed: () => void;
}

/**
 * Brings the pods of one set to what it asks for now. Pods that would be the same stay; the others are replaced one after the
 * other. A new one takes the lowest free number and is ready before an old one goes; where the number says who a pod is
 * (StatefulSet), the old one goes first, from the last one on, as Kubernetes does it.
 */
export async function rollSet(set: PodSetPlan, before: PodSetPlan | undefined, rollout: Rollout): Promise<void> {
  const present = [...rollout.alive].filter((pod) => pod.seat.set === set.baseName).toSorted((a, b) => a.seat.index - b.seat.index);
  // First, so that no number is ever higher than that of the pods there shall be: after a crash they are found by it.
  for (const pod of present.slice(set.replicas).toReversed()) await leave(pod, rollout);
  const same = before !== undefined && before.naming === set.naming && isDeepStrictEqual(before.pod, set.pod);
  const old = same ? [] : present.slice(0, set.replicas);
  if (set.naming === 'counted') await replaceByOthers(set, old, rollout);
  else await replaceInPlace(set, old, rollout);
}

export async function removeSet(baseName: string, rollout: Rollout): Promise<void> {
  const pods = [...rollout.alive].filter((pod) => pod.seat.set === baseName);
  await together(
    rollout.signal,
    pods.map((pod) => () => leave(pod, rollout)),
  );
}

async function replaceByOthers(set: PodSetPlan, old: readonly Pod[], rollout: Rollout): Promise<void> {
  for (const pod of old) {
    await join(set, lowestFree(indexesOf(set, rollout)), rollout);
    await leave(pod, rollout);
  }
  const taken = indexesOf(set, rollout);
  const missing: number[] = [];
  while (taken.length + missing.length < set.replicas) missing.push(lowestFree([...taken, ...missing]));
  await joinAll(set, missing, rollout);
}

async function replaceInPlace(set: PodSetPlan, old: readonly Pod[], rollout: Rollout): Promise<void> {
  for (const pod of old.toReversed()) {
    await leave(pod, rollout);
    await join(set, pod.seat.index, rollout);
  }
  const taken = indexesOf(set, rollout);
  const missing = Array.from({ length: set.replicas }, (_, i) => i).filter((index) => !taken.includes(index));
  if (!set.ordered) await joinAll(set, missing, rollout);
  else for (const index of missing) await join(set, index, rollout);
}

const joinAll = (set: PodSetPlan, indexes: readonly number[], rollout: Rollout): Promise<void> =>
  together(
    rollout.signal,
    indexes.map((index) => (signal) => join(set, index, { ...rollout, signal })),
  );

/** A new pod, ready. If it does not get there it is taken away again, and the others serve on. */
async function join(set: PodSetPlan, index: number, rollout: Rollout): Promise<void> {
  const { key, spec, context, signal, alive, changed } = rollout;
  signal.throwIfAborted();
  const seat = await seatPod(key, spec, set, index, context);
  const pod = podAt(key, set, podName(set, index), seat, spec.datacenter);
  alive.add(pod);
  changed();
  try {
    await startPod(pod, context, { adopt: false, signal });
    await allReady(pod.name, instanceGuards(pod.instance, context), signal);
  } catch (error) {
    await leave(pod, rollout);
    throw error;
  }
}

/** Nobody is sent there any more, and what was under way has ended, before it stops. */
async function leave(pod: Pod, { context, alive, changed }: Rollout): Promise<void> {
  alive.delete(pod);
  changed();
  await context.forwards.settled();
  await stopPod(pod, context);
}

const indexesOf = (set: PodSetPlan, { alive }: Rollout): number[] =>
  [...alive].filter(({ seat }) => seat.set === set.baseName).map(({ seat }) => seat.index);

function lowestFree(taken: readonly number[]): number {
  let index = 0;
  while (taken.includes(index)) index++;
  return index;
}
