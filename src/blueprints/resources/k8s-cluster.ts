import { warningAt } from '../../base/diagnostic.ts';
import { any, bool, type Decoded, int, list, object, optional, required, string } from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  driver: required(string(['k3s']), 'Kubernetes distribution. Manifests are interpreted here; no cluster is started.'),
  version: optional(string(), 'Accepted; the interpreter follows current Kubernetes.'),
  nodes: optional(int(1), 'Accepted; all pods run on this machine.'),
  network: optional(list(networkAttachment), 'Networks of the cluster.'),
  image: optional(list(any()), 'Images to import. Accepted; built-in images need no import.'),
  volume: optional(list(any()), 'Accepted; there are no cluster nodes to mount into.'),
  env: optional(list(any()), 'As `env_var`.'),
  env_var: optional(any(), 'Accepted; there are no cluster nodes to configure.'),
  port: optional(list(any()), 'Ports of the nodes. Nothing listens there: a warning; an ingress opens a port for a Service.'),
  port_range: optional(list(any()), 'As `port`.'),
  connect_inject: optional(bool(), 'Give every pod a sidecar unless its annotations say otherwise. Default: only pods that ask.'),
});

export interface ClusterSpec {
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly injectByDefault: boolean;
}

/** k3s' defaults. Clusters share them here: pods of all clusters can reach each other anyway. */
const POD_SUBNET = '10.42.0.0/16';
const SERVICE_SUBNET = '10.43.0.0/16';

export const k8sCluster = resourceType<Decoded<typeof schema>, ClusterSpec, undefined>({
  type: 'k8s_cluster',
  aliases: ['kubernetes_cluster'],
  schema,
  doc: 'A place for Kubernetes manifests: they are interpreted, their pods run as local processes.',
  lower(config, context) {
    for (const field of ['port', 'port_range'] as const) {
      if (config[field] === undefined) continue;
      const summary = `"${field}" of a cluster has no effect: there are no nodes that listen`;
      const hint = 'an ingress leads from a port of this machine to a Service of the cluster';
      context.report(warningAt(context.at(field), summary, { hint }));
    }
    return { podSubnet: POD_SUBNET, serviceSubnet: SERVICE_SUBNET, injectByDefault: config.connect_inject ?? false };
  },
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});
