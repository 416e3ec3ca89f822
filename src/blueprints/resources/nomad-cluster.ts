import { any, type Decoded, int, list, map, object, optional, string } from '../../schema/schema.ts';
import { networkAttachment } from '../attachment.ts';
import { environmentBlocks } from '../environment.ts';
import { lowerCluster } from '../nomad/cluster.ts';
import type { NomadClusterSpec } from '../nomad/spec.ts';
import { resourceType } from '../resource-type.ts';

const schema = object({
  version: optional(string(), 'Accepted; job files are read as by a current Nomad.'),
  client_nodes: optional(int(0), 'How many allocations a system job has; at least one.'),
  nodes: optional(int(0), 'Accepted; all jobs run on this machine.'),
  datacenter: optional(string(), 'Nomad\'s datacenter. By default that of `client_config`, or "dc1".'),
  network: optional(list(networkAttachment), 'Networks of the cluster. Each allocation has an address of its own.'),
  image: optional(list(any()), 'Images to import. Accepted; built-in images need no import.'),
  copy_image: optional(list(any()), 'As `image`.'),
  env: optional(environmentBlocks, 'Environment. CONSUL_SERVER and CONSUL_DATACENTER say where jobs are registered.'),
  environment: optional(map(string()), 'As `env`.'),
  server_config: optional(string(), "A file of Nomad's configuration: `datacenter` and the address of `consul` are read."),
  client_config: optional(string(), 'As `server_config`.'),
  consul_config: optional(
    string(),
    'The file of the Consul agent beside Nomad: `retry_join` and `datacenter` say where jobs are registered. By default in the only Consul server there is.',
  ),
  volume: optional(list(any()), 'Accepted; there are no nodes to mount into.'),
  port: optional(list(any()), 'Ports of the nodes. Nothing listens there: a warning; a nomad_ingress leads to a job.'),
  port_range: optional(list(any()), 'As `port`.'),
  open_in_browser: optional(string(), 'Nothing to open: no Nomad runs, and so no page of it.'),
  config: optional(any(), 'Accepted; there is no engine to configure.'),
});

export const nomadCluster = resourceType<Decoded<typeof schema>, NomadClusterSpec, undefined>({
  type: 'nomad_cluster',
  schema,
  doc: "A place for Nomad's jobs: they are interpreted, their tasks run as local processes. Nothing listens on the ports of Nomad's API and page.",
  outputs: {
    fields: {
      api_port: { schema: int(), doc: "Where Nomad's API would be. Nothing listens there." },
      external_ip: { schema: string(), doc: 'This machine.' },
    },
    of: () => ({ api_port: 4646, external_ip: '127.0.0.1' }),
  },
  lowerAfter: ['container', 'helm'],
  lower: lowerCluster,
  // What else may change concerns jobs, which are lowered with it.
  canUpdate: (before, after) => before.datacenter === after.datacenter,
  update: () => Promise.resolve(undefined),
  create: () => Promise.resolve(),
  guards: () => [],
  destroy: () => Promise.resolve(),
});
