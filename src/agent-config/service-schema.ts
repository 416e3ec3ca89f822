import { any, bool, int, list, map, object, optional, string } from '../schema/schema.ts';
import { fields } from './fields.ts';

/** Service and check definitions as agent configuration files write them. What the values may be is judged when they are registered. */

const checkFields = {
  ...fields(string(), [
    'id',
    'check_id',
    'name',
    'notes',
    'service_id',
    'token',
    'status',
    'http',
    'method',
    'body',
    'tcp',
    'udp',
    'interval',
    'timeout',
    'ttl',
    'docker_container_id',
    'shell',
    'grpc',
    'h2ping',
    'os_service',
    'alias_node',
    'alias_service',
    'tls_server_name',
    'deregister_critical_service_after',
  ]),
  ...fields(bool(), ['tls_skip_verify', 'grpc_use_tls', 'h2ping_use_tls', 'tcp_use_tls', 'disable_redirects']),
  ...fields(int(), ['output_max_size', 'success_before_passing', 'failures_before_warning', 'failures_before_critical']),
  ...fields(list(string()), ['args', 'script_args']),
  header: optional(map(list(string())), 'Headers of the request.'),
};

export const check = object(checkFields);

const meshGateway = object(fields(string(), ['mode']));

const expose = object({
  checks: optional(bool(), 'Checks of the service are reachable without TLS.'),
  paths: optional(
    list(object({ ...fields(string(), ['path', 'protocol']), ...fields(int(), ['listener_port', 'local_path_port']) })),
    'Paths that are reachable without TLS.',
  ),
});

const upstream = object({
  ...fields(string(), [
    'destination_type',
    'destination_name',
    'destination_namespace',
    'destination_partition',
    'destination_peer',
    'datacenter',
    'local_bind_address',
    'local_bind_socket_path',
    'local_bind_socket_mode',
  ]),
  local_bind_port: optional(int(), 'The port that the application calls.'),
  config: optional(map(any()), 'Opaque configuration of the upstream.'),
  mesh_gateway: optional(meshGateway, 'Through which gateways.'),
});

const proxy = object({
  ...fields(string(), [
    'destination_service_name',
    'destination_service_id',
    'local_service_address',
    'local_service_socket_path',
    'mode',
    'mutual_tls_mode',
  ]),
  local_service_port: optional(int(), 'Port of the application.'),
  config: optional(map(any()), 'Opaque configuration of the proxy.'),
  upstreams: optional(list(upstream), 'Services that this one calls.'),
  mesh_gateway: optional(meshGateway, 'Through which gateways.'),
  expose: optional(expose, 'Paths in plaintext.'),
  transparent_proxy: optional(object({ outbound_listener_port: optional(int(), 'Port.'), dialed_directly: optional(bool(), '') }), ''),
  access_logs: optional(any(), 'Access logs.'),
  envoy_extensions: optional(list(any()), 'Extensions of Envoy.'),
});

const plain = {
  ...fields(string(), ['id', 'name', 'address', 'kind', 'token', 'socket_path']),
  port: optional(int(), 'Where it listens.'),
  ports: optional(list(any()), 'Several ports of one service.'),
  tags: optional(list(string()), 'Words to select by.'),
  meta: optional(map(string()), 'Facts to select by.'),
  tagged_addresses: optional(map(object({ ...fields(string(), ['address']), ...fields(int(), ['port']) })), 'Other addresses.'),
  weights: optional(object(fields(int(), ['passing', 'warning'])), 'Weights in DNS answers.'),
  enable_tag_override: optional(bool(), 'Whether the catalog may change its tags.'),
  locality: optional(object(fields(string(), ['region', 'zone'])), 'Where it runs.'),
  check: optional(check, 'One health check.'),
  checks: optional(list(check), 'Several.'),
  proxy: optional(proxy, 'What the proxy does.'),
};

export const service = object({
  ...plain,
  connect: optional(
    object({ native: optional(bool(), 'It speaks mutual TLS itself.'), sidecar_service: optional(object(plain), 'A sidecar of its own.') }),
    'How it takes part in the mesh.',
  ),
});
