import { configMap } from './kinds/config-map.ts';
import { deployment } from './kinds/deployment.ts';
import type { ManifestKind } from './kinds/kind.ts';
import { namespace } from './kinds/namespace.ts';
import { secret } from './kinds/secret.ts';
import { service } from './kinds/service.ts';
import { serviceAccount } from './kinds/service-account.ts';

/** The kinds that mean something here. To add one: a file in `kinds/` and a row. */
export const KINDS = {
  ConfigMap: configMap,
  Deployment: deployment,
  Namespace: namespace,
  Secret: secret,
  Service: service,
  ServiceAccount: serviceAccount,
} satisfies Record<string, ManifestKind<unknown>>;

export type KindName = keyof typeof KINDS;

export type BodyOf<K extends KindName> = (typeof KINDS)[K] extends ManifestKind<infer T> ? T : never;
