import { nameUuid } from './name-uuid.ts';
import { CLAIM_DIR, POD_DIR, POD_INDEX, POD_IP, POD_NAME, POD_SHORT_UID, POD_UID, type PodPlan } from './pod.ts';

/** What is known of a pod only once it is about to run. */
export interface PodBinding {
  readonly name: string;
  readonly index: number;
  /** Virtual address of the pod. */
  readonly address: string;
  /** Folder for its `emptyDir` volumes, which lie in folders of their own names below it. */
  readonly folder: string;
  /** Folder for volumes that outlive pods. */
  readonly claims: string;
}

/** The plan of one pod, with its name, address and folders in all the places that were waiting for them. */
export function bindPod(pod: PodPlan, { name, index, address, folder, claims }: PodBinding): PodPlan {
  const uid = stableUid(pod, name);
  const values: Readonly<Record<string, string>> = {
    [POD_NAME]: name,
    [POD_INDEX]: String(index),
    [POD_UID]: uid,
    [POD_SHORT_UID]: uid.slice(0, 8),
    [POD_IP]: address,
    [POD_DIR]: folder,
    [CLAIM_DIR]: claims,
  };
  const text = JSON.stringify(pod).replace(/\{\{mesh\.[a-z-]+\}\}/g, (word) => {
    const value = Object.hasOwn(values, word) ? values[word]! : word;
    return JSON.stringify(value).slice(1, -1);
  });
  return JSON.parse(text) as PodPlan;
}

/** The same pod has the same uid in every run, which real ones don't. */
function stableUid({ consulNode, namespace }: PodPlan, name: string): string {
  return nameUuid(`${consulNode}\n${namespace}\n${name}`);
}
