import {
  any,
  bool,
  type Decoded,
  duration,
  int,
  list,
  map,
  object,
  oneOf,
  optional,
  port,
  refused,
  required,
  string,
  withDefault,
} from '../schema/schema.ts';
import { accepted, DYNAMIC } from './accepted.ts';

const upstream = object({
  destination_name: required(string(), 'The service to call.'),
  local_bind_port: required(port(), 'Port of the allocation under which the task calls it.'),
  local_bind_address: withDefault(string(), '127.0.0.1', 'Address of that port.'),
  datacenter: withDefault(string(), '', "The service's datacenter; by default the proxy's own."),
  destination_type: optional(oneOf('service', 'prepared_query'), '`service` by default.'),
  destination_namespace: withDefault(string(), '', 'Only `default`: namespaces need Consul Enterprise.'),
  destination_peer: refused('cluster peering is not supported; a service of another datacenter is named by `datacenter`'),
  local_bind_socket_path: refused('upstreams are TCP ports here; write `local_bind_port`'),
  local_bind_socket_mode: accepted('Rights of a socket.'),
  mesh_gateway: optional(
    object({ mode: withDefault(oneOf('', 'none', 'local', 'remote'), '', 'As in Consul.') }),
    'How another datacenter is reached.',
  ),
  config: optional(map(any()), 'Opaque configuration of the upstream.'),
});

const sidecarService = object({
  port: optional(string(), 'Accepted; the sidecar has a port of its own at the address of the allocation.'),
  tags: accepted('Tags of the sidecar.'),
  meta: accepted('Meta of the sidecar.'),
  disable_default_tcp_check: accepted('Check of the sidecar.'),
  proxy: optional(
    object({
      local_service_address: optional(string(), 'Accepted; the service is at the address of its allocation.'),
      local_service_port: optional(port(), 'Port of the service, if it is another one than it is registered with.'),
      upstreams: optional(list(upstream), 'Services that the task calls.'),
      config: optional(map(any()), 'Opaque configuration of the proxy.'),
      expose: accepted('Checks pass beside the sidecar, because applications are reached at their own address.'),
      transparent_proxy: refused('there are no network namespaces whose traffic could be redirected; write `upstreams`'),
    }),
    'What the sidecar does.',
  ),
});

const connect = object({
  sidecar_service: optional(sidecarService, 'A sidecar of its own.'),
  sidecar_task: accepted('The proxy is built in; nothing of its task can be chosen.'),
  native: optional(bool(), 'Refused: a task that speaks mutual TLS itself gets no certificates here.'),
  gateway: refused('a gateway is no service of a job here: run it in a container of the blueprint, consul connect envoy -gateway=…'),
});

const check = object({
  type: required(oneOf('http', 'tcp', 'script', 'grpc'), 'How it is checked.'),
  name: optional(string(), 'Name of the check.'),
  path: optional(string(), 'Path of an http check.'),
  port: optional(string(), "Label or number of a port; by default the service's."),
  method: withDefault(string(), 'GET', 'Method of an http check.'),
  protocol: withDefault(oneOf('http', 'https'), 'http', 'Protocol of an http check.'),
  header: optional(map(list(string())), 'Fields of an http check.'),
  body: accepted('Body of an http check.'),
  interval: withDefault(duration(), 10e9, 'Time between two checks.'),
  timeout: withDefault(duration(), 2e9, 'Time for one check.'),
  command: optional(string(), 'Program of a script check.'),
  args: optional(list(string()), 'Its arguments.'),
  task: optional(string(), 'Task that a script check runs in.'),
  success_before_passing: withDefault(int(0), 0, 'How many in a row make it pass.'),
  failures_before_critical: withDefault(int(0), 0, 'How many in a row make it fail.'),
  failures_before_warning: accepted('Warnings.'),
  grpc_service: accepted('Of a grpc check.'),
  grpc_use_tls: accepted('Of a grpc check.'),
  tls_skip_verify: accepted('Of an https check.'),
  tls_server_name: accepted('Of an https check.'),
  address_mode: accepted('Allocations have one address.'),
  expose: accepted('Checks pass beside the sidecar.'),
  check_restart: accepted('A task that is not healthy is not restarted.'),
  initial_status: accepted('Services begin as critical.'),
  on_update: accepted('Rollouts wait for all checks.'),
  notes: accepted('A note.'),
});

export const service = object({
  name: optional(string(), 'Name in the catalog; by default `<job>-<group>-<task>`.'),
  port: optional(string(), 'Label of a port of the group, or a number.'),
  tags: optional(list(string()), 'Tags.'),
  canary_tags: accepted('There are no canaries.'),
  meta: optional(map(string()), 'Meta.'),
  canary_meta: accepted('There are no canaries.'),
  provider: withDefault(oneOf('consul', 'nomad'), 'consul', 'Only `consul`.'),
  address: refused('services are at the address of their allocation; leave it out'),
  address_mode: accepted('Allocations have one address.'),
  check: optional(list(check), 'When it counts as ready. By default: when its port accepts.'),
  connect: optional(connect, 'Makes it a service of the mesh.'),
  task: optional(string(), 'Task that the service is of.'),
  dynamic: DYNAMIC,
  id: refused('Nomad makes the id'),
  enable_tag_override: accepted('Tags are not changed.'),
  check_restart: accepted('A task that is not healthy is not restarted.'),
  on_update: accepted('Rollouts wait for all checks.'),
  namespace: accepted('Namespaces need Consul Enterprise.'),
  cluster: accepted('There is one cluster.'),
  kind: accepted('Kind of the service.'),
  weights: accepted('All instances weigh the same.'),
  tagged_addresses: accepted('Allocations have one address.'),
  identity: accepted('There are no ACLs.'),
});

export type Service = Decoded<typeof service>;
export type Check = Decoded<typeof check>;
export type Upstream = Decoded<typeof upstream>;
