import { configMap } from './kinds/config-map.ts';
import { daemonSet } from './kinds/daemon-set.ts';
import { deployment } from './kinds/deployment.ts';
import { job } from './kinds/job.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { namespace } from './kinds/namespace.ts';
import { pod } from './kinds/pod.ts';
import { replicaSet } from './kinds/replica-set.ts';
import { secret } from './kinds/secret.ts';
import { service } from './kinds/service.ts';
import { serviceAccount } from './kinds/service-account.ts';
import { statefulSet } from './kinds/stateful-set.ts';

/** The kinds that mean something here. To add one: a file in `kinds/` and a row. */
export const KINDS = {
  ConfigMap: configMap,
  DaemonSet: daemonSet,
  Deployment: deployment,
  Job: job,
  Namespace: namespace,
  Pod: pod,
  ReplicaSet: replicaSet,
  Secret: secret,
  Service: service,
  ServiceAccount: serviceAccount,
  StatefulSet: statefulSet,
} satisfies Record<string, ManifestKind<unknown>>;

export type KindName = keyof typeof KINDS;

export type BodyOf<K extends KindName> = (typeof KINDS)[K] extends ManifestKind<infer T> ? T : never;
