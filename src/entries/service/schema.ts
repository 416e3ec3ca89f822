import { any, type Decoded, duration, int, list, map, object, optional, string } from '../../schema/schema.ts';
import { ignored, unsupported } from './limits.ts';

/** Names as in agent configuration files; the API's CamelCase is read as well. */
const check = object({
  id: optional(string(), 'Id of the check; `service:<service id>` by default.'),
  check_id: optional(string(), 'Another spelling of id.'),
  name: optional(string(), 'What people call it.'),
  notes: ignored('For people.'),
  http: optional(string(), 'URL; 2xx passes, 429 warns, everything else is critical.'),
  method: optional(string(), 'GET by default.'),
  header: optional(map(list(string())), 'Headers of the request.'),
  tcp: optional(string(), 'host:port that must accept a connection.'),
  interval: optional(duration(), 'Time between two checks.'),
  timeout: optional(duration(), '10s by default.'),
  ttl: optional(duration(), 'The service reports its own state at least this often.'),
  args: unsupported('Checks run http and tcp requests only.'),
  script: unsupported('Checks run http and tcp requests only.'),
  shell: unsupported('Checks run http and tcp requests only.'),
  docker_container_id: unsupported('Checks run http and tcp requests only.'),
  grpc: unsupported('Checks run http and tcp requests only.'),
  grpc_use_tls: unsupported('Checks run http and tcp requests only.'),
  h2ping: unsupported('Checks run http and tcp requests only.'),
  h2ping_use_tls: unsupported('Checks run http and tcp requests only.'),
  udp: unsupported('Checks run http and tcp requests only.'),
  os_service: unsupported('Checks run http and tcp requests only.'),
  alias_node: unsupported('Checks run http and tcp requests only.'),
  alias_service: unsupported('Checks run http and tcp requests only.'),
  body: unsupported('Requests of checks have no body.'),
  disable_redirects: unsupported('Redirects are followed.'),
  tls_server_name: unsupported('Checks speak plaintext.'),
  tls_skip_verify: unsupported('Checks speak plaintext.'),
  tcp_use_tls: unsupported('Checks speak plaintext.'),
  status: ignored('A check is critical until it first passed.'),
  output_max_size: ignored('Output is cut at 4 KB.'),
  success_before_passing: unsupported('One success makes a check pass.'),
  failures_before_warning: unsupported('One failure makes a check critical.'),
  failures_before_critical: unsupported('One failure makes a check critical.'),
  deregister_critical_service_after: unsupported('Critical services stay registered.'),
});

const upstream = object({
  destination_type: optional(string(), 'service.'),
  destination_name: optional(string(), 'The service that is called.'),
  destination_namespace: unsupported('There is one namespace: default.'),
  destination_partition: unsupported('There is one partition: default.'),
  destination_peer: unsupported('Cluster peering.'),
  datacenter: optional(string(), 'Where it is; empty means here.'),
  local_bind_address: optional(string(), '127.0.0.1 by default.'),
  local_bind_port: optional(int(), 'The port that the application calls.'),
  local_bind_socket_path: unsupported('Upstreams are TCP ports.'),
  local_bind_socket_mode: unsupported('Upstreams are TCP ports.'),
  config: optional(map(any()), 'protocol, connect_timeout_ms, …'),
  mesh_gateway: unsupported('Mesh gateways.'),
});

const proxy = object({
  config: optional(map(any()), 'protocol, local_connect_timeout_ms, …'),
  upstreams: optional(list(upstream), 'Services that this one calls.'),
  destination_service_name: unsupported('A sidecar stands for the service that it is written in.'),
  destination_service_id: unsupported('A sidecar stands for the service that it is written in.'),
  local_service_address: unsupported('A sidecar stands for the service that it is written in.'),
  local_service_port: unsupported('A sidecar stands for the service that it is written in.'),
  local_service_socket_path: unsupported('A sidecar stands for the service that it is written in.'),
  mode: unsupported('Transparent proxies.'),
  transparent_proxy: unsupported('Transparent proxies.'),
  mesh_gateway: unsupported('Mesh gateways.'),
  expose: unsupported('Paths in plaintext.'),
  access_logs: unsupported('Access logs of single services.'),
  envoy_extensions: unsupported('Extensions of Envoy.'),
});

const gatewayProxy = object({
  config: optional(map(any()), 'connect_timeout_ms, …'),
  ...Object.fromEntries(
    'upstreams destination_service_name destination_service_id local_service_address local_service_port local_service_socket_path mode transparent_proxy mesh_gateway expose access_logs envoy_extensions'
      .split(' ')
      .map((name) => [name, unsupported('A gateway takes what it serves from its config entry.')]),
  ),
});

const sidecar = object({
  port: optional(int(), 'Port for mutual TLS; the next free one by default.'),
  proxy: optional(proxy, 'What the sidecar does.'),
  ...Object.fromEntries(
    ['name', 'id', 'address', 'tags', 'meta', 'check', 'checks', 'kind', 'weights', 'enable_tag_override', 'token', 'tagged_addresses'].map(
      (name) => [name, unsupported('A sidecar takes it from its service.')],
    ),
  ),
});

export const service = object({
  name: optional(string(), 'What it is called.'),
  id: optional(string(), 'Unique on its node; the name by default.'),
  port: optional(int(), 'Where it listens.'),
  address: optional(string(), 'Where it listens; empty means the address of its workload.'),
  tags: optional(list(string()), 'Words to select by.'),
  meta: optional(map(string()), 'Facts to select by.'),
  check: optional(check, 'One health check.'),
  checks: optional(list(check), 'Several.'),
  connect: optional(
    object({
      sidecar_service: optional(sidecar, 'A sidecar of its own.'),
      native: unsupported('Services that speak mutual TLS themselves.'),
    }),
    'How it takes part in the mesh.',
  ),
  token: ignored('ACLs are off.'),
  enable_tag_override: ignored('Nothing else changes the tags of a service.'),
  kind: optional(string(), 'ingress-gateway, terminating-gateway or api-gateway; empty for an application.'),
  proxy: optional(gatewayProxy, 'Of gateways.'),
  weights: unsupported('All instances weigh the same.'),
  tagged_addresses: unsupported('A service has one address.'),
  socket_path: unsupported('Services are TCP ports.'),
  locality: unsupported('Localities.'),
});

export type RawService = Decoded<typeof service>;
export type RawCheck = Decoded<typeof check>;
export type RawUpstream = Decoded<typeof upstream>;
export interface RawSidecar {
  readonly port?: number;
  readonly proxy?: Decoded<typeof proxy>;
}
