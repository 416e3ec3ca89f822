import { basename, dirname, join } from 'node:path';
import { warningAt } from '../../base/diagnostic.ts';
import { any, bool, type Decoded, int, list, object, optional, string } from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  driver: optional(string(['k3s']), 'Kubernetes distribution. Manifests are interpreted here; no cluster is started.'),
  version: optional(string(), 'Accepted; the interpreter follows current Kubernetes.'),
  nodes: optional(int(1), 'Accepted; all pods run on this machine.'),
  network: optional(list(networkAttachment), 'Networks of the cluster.'),
  image: optional(list(any()), 'Images to import. Accepted; built-in images need no import.'),
  volume: optional(list(any()), 'Accepted; there are no cluster nodes to mount into.'),
  copy_image: optional(list(any()), 'As `image`.'),
  env: optional(list(any()), 'As `env_var`.'),
  environment: optional(any(), 'As `env_var`.'),
  resources: optional(any(), 'Accepted; limits are not enforced for local processes.'),
  config: optional(any(), 'Settings of the engine of its nodes. Accepted.'),
  env_var: optional(any(), 'Accepted; there are no cluster nodes to configure.'),
  port: optional(list(any()), 'Ports of the nodes. Nothing listens there: a warning; an ingress opens a port for a Service.'),
  port_range: optional(list(any()), 'As `port`.'),
  connect_inject: optional(bool(), 'Give every pod a sidecar unless its annotations say otherwise. Default: only pods that ask.'),
});

export interface ClusterSpec {
  readonly podSubnet: string;
  readonly serviceSubnet: string;
  readonly injectByDefault: boolean;
  /** Absolute path at which Shipyard writes a kubeconfig. Nothing is written there. */
  readonly kubeconfig: string;
}

/** k3s' defaults. Clusters share them here: pods of all clusters can reach each other anyway. */
const POD_SUBNET = '10.42.0.0/16';
const SERVICE_SUBNET = '10.43.0.0/16';

export const k8sCluster = resourceType<Decoded<typeof schema>, ClusterSpec, undefined>({
  type: 'k8s_cluster',
  aliases: ['kubernetes_cluster'],
  schema,
  doc: 'A place for Kubernetes manifests: they are interpreted, their pods run as local processes.',
  outputs: {
    fields: {
      kube_config: {
        schema: any(),
        doc: 'Where a kubeconfig would be: `path`, and beside it `ca`, `client_certificate` and `client_key`. Nothing is written there: manifests are interpreted, no API server runs.',
      },
      api_port: { schema: int(), doc: 'Port of its API. Nothing listens there.' },
      connector_port: { schema: int(), doc: "Port of Jumppad's connector. Nothing listens there." },
      container_name: { schema: string(), doc: 'Name of its server.' },
      external_ip: { schema: string(), doc: 'Address of this machine: 127.0.0.1.' },
    },
    of({ kubeconfig }) {
      const folder = dirname(kubeconfig);
      const [ca, certificate, key] = ['ca.crt', 'client.crt', 'client.key'].map((name) => join(folder, name));
      return {
        kube_config: { path: kubeconfig, ca: ca!, client_certificate: certificate!, client_key: key! },
        api_port: 6443,
        connector_port: 60000,
        container_name: `server.${basename(folder)}.k8s-cluster.local.jmpd.in`,
        external_ip: '127.0.0.1',
      };
    },
  },
  lower(config, context) {
    for (const field of ['port', 'port_range'] as const) {
      if (config[field] === undefined) continue;
      const summary = `"${field}" of a cluster has no effect: there are no nodes that listen`;
      const hint = 'an ingress leads from a port of this machine to a Service of the cluster';
      context.report(warningAt(context.at(field), summary, { hint }));
    }
    return {
      podSubnet: POD_SUBNET,
      serviceSubnet: SERVICE_SUBNET,
      injectByDefault: config.connect_inject ?? false,
      kubeconfig: join(context.dataFolder, 'config', context.name, 'kubeconfig.yaml'),
    };
  },
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});
