import {
  any,
  bool,
  type Decoded,
  duration,
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

const template = object({
  data: optional(string(), 'The text, with `{{ env "NAME" }}` for values of the environment.'),
  source: refused('write data = file("…"): the path is relative to the job file'),
  destination: required(string(), 'File below the folder of the task: "local/app.conf".'),
  env: withDefault(bool(), false, 'Its lines, `NAME=value`, are variables of the environment.'),
  left_delimiter: withDefault(string(), '{{', 'What begins an action.'),
  right_delimiter: withDefault(string(), '}}', 'What ends an action.'),
  perms: optional(string(), 'Rights of the file: "755" makes it a program.'),
  uid: accepted('Owner of the file.'),
  gid: accepted('Group of the file.'),
  change_mode: accepted('Templates are rendered once: nothing that they read changes.'),
  change_signal: accepted('As `change_mode`.'),
  change_script: accepted('As `change_mode`.'),
  splay: accepted('As `change_mode`.'),
  wait: accepted('As `change_mode`.'),
  vault_grace: accepted('There is no Vault.'),
  once: accepted('As `change_mode`.'),
  error_on_missing_key: accepted('There is no key-value store.'),
});

export const task = object({
  name: required(string(), 'Label of the block.'),
  driver: required(string(), '`docker` (built-in images), `exec` or `raw_exec` (a program of this machine).'),
  config: optional(any(), 'What the driver runs.'),
  env: optional(map(string()), 'Variables of its environment.'),
  meta: optional(map(string()), 'Values, also in the environment: NOMAD_META_<key>.'),
  template: optional(list(template), 'Small files.'),
  artifact: refused(
    'nothing is downloaded; write the file with `template { data = file("…") }`, or name its folder in `volumes` of the driver',
  ),
  service: optional(list(service), 'What it is registered as.'),
  resources: optional(
    object({
      cpu: accepted('Not limited.'),
      cores: accepted('Not limited.'),
      memory: accepted('Not limited.'),
      memory_max: accepted('Not limited.'),
      disk: accepted('Not limited.'),
      iops: accepted('Not limited.'),
      device: accepted('There are no devices.'),
      numa: accepted('Not limited.'),
      secrets: accepted('Not limited.'),
      network: optional(list(network), 'Ports, as jobs had them before Nomad 0.12.'),
    }),
    'Accepted; limits are not enforced for local processes.',
  ),
  lifecycle: optional(
    object({
      hook: required(oneOf('prestart', 'poststart', 'poststop'), '`prestart`: before the other tasks.'),
      sidecar: withDefault(bool(), false, 'Whether it is kept running beside them.'),
    }),
    'When it runs.',
  ),
  volume_mount: optional(
    list(
      object({
        volume: required(string(), 'Label of a volume of the group.'),
        destination: required(string(), 'Where the task sees it.'),
        read_only: withDefault(bool(), false, 'Not enforced for local processes.'),
        propagation_mode: accepted('There are no mounts that could be passed on.'),
        selinux_label: accepted('There are no mounts.'),
      }),
    ),
    'Volumes of the group.',
  ),
  dynamic: DYNAMIC,
  kill_timeout: withDefault(duration(), 5e9, 'Time between the signal to end and the one that ends it.'),
  user: accepted('Local processes have the rights of the user.'),
  leader: accepted('All tasks of an allocation end together.'),
  kill_signal: accepted('Processes get SIGTERM.'),
  logs: accepted('See `mesh logs`.'),
  restart: accepted('Tasks are restarted with back-off.'),
  constraint: accepted('There is one node.'),
  affinity: accepted('There is one node.'),
  shutdown_delay: accepted('Who is registered is drained first.'),
  scaling: accepted('See `mesh scale`.'),
  schedule: accepted('Tasks run as long as their allocation.'),
  action: accepted('See `mesh exec`.'),
  identity: accepted('There are no ACLs.'),
  consul: accepted('There is one Consul.'),
  kind: accepted('Kind of the task.'),
  dispatch_payload: refused('jobs are not dispatched here'),
  vault: refused('there is no Vault; write what the task needs into `env` or a `template`'),
  csi_plugin: refused('there are no CSI volumes'),
});

export type Task = Decoded<typeof task>;
export type Template = Decoded<typeof template>;
