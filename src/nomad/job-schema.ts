import { MAX_REPLICAS } from '../base/pod.ts';
import {
  any,
  bool,
  type Decoded,
  int,
  list,
  map,
  object,
  oneOf,
  optional,
  refused,
  required,
  string,
  withDefault,
} from '../schema/schema.ts';
import { accepted, DYNAMIC } from './accepted.ts';
import { network } from './network-schema.ts';
import { service } from './service-schema.ts';
import { task } from './task-schema.ts';

const restart = object({
  attempts: optional(int(0), 'Of a batch job: how many failed runs are tried again.'),
  interval: accepted('There is one interval.'),
  delay: accepted('Tries are made with back-off.'),
  mode: accepted('What keeps failing is given up.'),
  render_templates: accepted('Templates are rendered once.'),
});

const placement = {
  constraint: accepted('There is one node.'),
  affinity: accepted('There is one node.'),
  spread: accepted('There is one node.'),
  update: accepted('Allocations are replaced one after the other.'),
  migrate: accepted('There is one node.'),
  reschedule: accepted('There is one node.'),
  consul: accepted('There is one Consul.'),
  vault: refused('there is no Vault; write what the tasks need into `env` or a `template`'),
};

const group = object({
  name: required(string(), 'Label of the block.'),
  count: withDefault(int(0, MAX_REPLICAS), 1, 'How many allocations there shall be.'),
  task: required(list(task), 'What runs together in each allocation.'),
  network: optional(list(network), 'Ports.'),
  service: optional(list(service), 'What an allocation is registered as.'),
  volume: optional(
    list(
      object({
        name: required(string(), 'Label of the block.'),
        type: required(oneOf('host'), '`host`: a folder that lives as long as the job.'),
        source: required(string(), 'Name of the volume.'),
        read_only: accepted('Not enforced for local processes.'),
        access_mode: accepted('There is one node.'),
        attachment_mode: accepted('There is one node.'),
        per_alloc: withDefault(bool(), false, 'Whether each allocation has one of its own.'),
        sticky: accepted('There is one node.'),
        mount_options: accepted('There are no mounts.'),
      }),
    ),
    'Folders that outlive allocations.',
  ),
  dynamic: DYNAMIC,
  meta: optional(map(string()), 'Values, also in the environment: NOMAD_META_<key>.'),
  restart: optional(restart, 'What happens when a task fails.'),
  ephemeral_disk: accepted('Each allocation has a folder.'),
  disconnect: accepted('There is one node.'),
  max_client_disconnect: accepted('There is one node.'),
  stop_after_client_disconnect: accepted('There is one node.'),
  prevent_reschedule_on_lost: accepted('There is one node.'),
  shutdown_delay: accepted('Who is registered is drained first.'),
  scaling: accepted('See `mesh scale`.'),
  ...placement,
});

/** The block `job "name" { … }`. */
export const jobSchema = object({
  type: withDefault(oneOf('service', 'batch', 'system', 'sysbatch'), 'service', 'A batch job runs to its end, once.'),
  group: required(list(group), 'What runs, in which number.'),
  dynamic: DYNAMIC,
  meta: optional(map(string()), 'Values, also in the environment: NOMAD_META_<key>.'),
  datacenters: optional(list(string()), "Nomad's datacenters; the cluster is `dc1` unless its configuration says otherwise."),
  restart: optional(restart, 'What happens when a task fails.'),
  id: accepted('As the label.'),
  name: accepted('As the label.'),
  region: accepted('There is one region.'),
  namespace: accepted('There is one namespace.'),
  node_pool: accepted('There is one node.'),
  priority: accepted('There is room for all.'),
  all_at_once: accepted('There is room for all.'),
  consul_token: accepted('There are no ACLs.'),
  vault_token: accepted('There is no Vault.'),
  multiregion: accepted('There is one region.'),
  ui: accepted('There is no page.'),
  parameterized: refused('jobs are not dispatched here; take the block out, and the job runs once'),
  periodic: optional(any(), 'Accepted with a warning: it runs once.'),
  ...placement,
});

export type Job = Decoded<typeof jobSchema>;
export type Group = Job['group'][number];
