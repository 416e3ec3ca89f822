import { AGENT_KEYS } from '../entries/agent-keys.ts';
import { any, bool, type Decoded, type Field, float, int, list, map, object, optional, string } from '../schema/schema.ts';
import { fields } from './fields.ts';
import { check, service } from './service-schema.ts';

/** What stands in a configuration file of Consul's agent, 1.7 to 1.21. Durations are texts here: Consul reads them after merging. */

const tokens = object(
  fields(string(), [
    'master',
    'initial_management',
    'agent_master',
    'agent_recovery',
    'agent',
    'default',
    'replication',
    'config_file_service_registration',
    'dns',
  ]),
);

const acl = object({
  ...fields(bool(), [
    'enabled',
    'enable_token_persistence',
    'enable_token_replication',
    'enable_key_list_policy',
    'enable_tokens_persistence',
  ]),
  ...fields(string(), ['default_policy', 'down_policy', 'policy_ttl', 'role_ttl', 'token_ttl']),
  disabled_ttl: optional(string(), 'Has no effect.'),
  msp_disable_bootstrap: optional(bool(), 'Enterprise.'),
  tokens: optional(tokens, 'Tokens of the agent itself.'),
});

const TLS_STRINGS = ['ca_file', 'ca_path', 'cert_file', 'key_file', 'tls_min_version', 'tls_cipher_suites'] as const;
const listenerTls = object({
  ...fields(string(), TLS_STRINGS),
  ...fields(bool(), ['verify_incoming', 'verify_outgoing', 'verify_server_hostname', 'use_auto_cert']),
});
const tls = object({
  ...fields(listenerTls, ['defaults', 'https', 'grpc', 'internal_rpc']),
  ...fields(bool(), ['enable_agent_tls_for_checks']),
});

const dns = object({
  ...fields(bool(), [
    'allow_stale',
    'disable_compression',
    'enable_truncate',
    'only_passing',
    'use_cache',
    'prefer_namespace',
    'recursor_strategy_random',
  ]),
  ...fields(string(), ['max_stale', 'node_ttl', 'recursor_timeout', 'cache_max_age', 'recursor_strategy']),
  ...fields(int(), ['a_record_limit', 'udp_answer_limit']),
  service_ttl: optional(map(string()), 'By service; `*` for all.'),
  soa: optional(object(fields(int(), ['refresh', 'retry', 'expire', 'min_ttl'])), 'Numbers of the SOA record.'),
});

const http = object({
  block_endpoints: optional(list(string()), 'Prefixes of paths that are answered with 403.'),
  allow_write_http_from: optional(list(string()), 'Networks (CIDR) from which anything but GET is taken.'),
  response_headers: optional(map(string()), 'Sent with every answer.'),
  allowed_hosts: optional(list(string()), 'Ours: names that may stand in Host, `*.internal` for all below it.'),
  allowed_origins: optional(list(string()), 'Ours: web pages of other sites that may send requests.'),
  max_requests_per_second: optional(float(), 'Ours: of one client.'),
  max_blocking_queries_per_client: optional(int(), 'Ours: that wait at the same time.'),
  use_cache: optional(bool(), 'Whether `?cached` is served from a cache.'),
  max_header_bytes: optional(int(), 'Longest header.'),
});

const limits = object({
  ...fields(int(), [
    'http_max_conns_per_client',
    'rpc_max_conns_per_client',
    'rpc_max_burst',
    'kv_max_value_size',
    'txn_max_req_len',
    'rpc_client_timeout',
  ]),
  ...fields(string(), ['https_handshake_timeout', 'rpc_handshake_timeout']),
  rpc_rate: optional(float(), 'Requests a second.'),
  request_limits: optional(
    object({ mode: optional(string(), 'disabled, permissive or enforcing.'), ...fields(float(), ['read_rate', 'write_rate']) }),
    'Requests a second, of all clients together.',
  ),
});

const connect = object({
  ...fields(bool(), ['enabled', 'enable_mesh_gateway_wan_federation', 'enable_serverless_plugin']),
  ca_provider: optional(string(), '`consul` is the only one here.'),
  ca_config: optional(map(any()), 'Settings of the CA.'),
  test_ca_leaf_root_change_spread: optional(string(), 'For tests.'),
});

const PORTS = [
  'dns',
  'http',
  'https',
  'grpc',
  'grpc_tls',
  'dns_tls',
  'server',
  'serf_lan',
  'serf_wan',
  'sidecar_min_port',
  'sidecar_max_port',
  'expose_min_port',
  'expose_max_port',
] as const;

const known = object({
  ...fields(string(), [
    'acl_datacenter',
    'acl_default_policy',
    'acl_down_policy',
    'acl_master_token',
    'acl_agent_master_token',
    'acl_agent_token',
    'acl_replication_token',
    'acl_token',
    'acl_ttl',
    'advertise_addr',
    'advertise_addr_wan',
    'alt_domain',
    'bind_addr',
    'check_update_interval',
    'client_addr',
    'data_dir',
    'datacenter',
    'default_intention_policy',
    'default_query_time',
    'domain',
    'encrypt',
    'key_file',
    'cert_file',
    'ca_file',
    'ca_path',
    'log_file',
    'log_level',
    'log_rotate_duration',
    'max_query_time',
    'node_id',
    'node_name',
    'pid_file',
    'primary_datacenter',
    'segment',
    'server_name',
    'session_ttl_min',
    'tls_cipher_suites',
    'tls_min_version',
    'ui_dir',
    'ui_content_path',
  ]),
  ...fields(bool(), [
    'auto_reload_config',
    'bootstrap',
    'disable_coordinates',
    'disable_host_node_id',
    'discard_check_output',
    'enable_debug',
    'enable_local_script_checks',
    'enable_script_checks',
    'leave_on_terminate',
    'log_json',
    'server',
    'skip_leave_on_interrupt',
    'tls_prefer_server_cipher_suites',
    'ui',
    'verify_incoming',
    'verify_incoming_https',
    'verify_incoming_rpc',
    'verify_outgoing',
    'verify_server_hostname',
  ]),
  ...fields(int(), ['bootstrap_expect', 'check_output_max_size', 'log_rotate_bytes', 'log_rotate_max_files', 'raft_protocol']),
  ...fields(list(string()), ['recursors', 'retry_join', 'retry_join_wan', 'start_join', 'start_join_wan']),
  acl: optional(acl, 'Access control.'),
  addresses: optional(object(fields(string(), ['dns', 'dns_tls', 'grpc', 'grpc_tls', 'http', 'https'])), 'Addresses by protocol.'),
  autopilot: optional(
    object({
      ...fields(bool(), ['cleanup_dead_servers', 'disable_upgrade_migration']),
      ...fields(string(), ['last_contact_threshold', 'redundancy_zone_tag', 'server_stabilization_time', 'upgrade_version_tag']),
      ...fields(int(), ['max_trailing_logs', 'min_quorum']),
    }),
    'Accepted; one server needs no pilot.',
  ),
  check: optional(check, 'One check of the node.'),
  checks: optional(list(check), 'Several.'),
  compat: optional(string(), 'Ours: `1.8` selects the JSON and the texts of Consul 1.8.'),
  config_entries: optional(object({ bootstrap: optional(any(), 'Config entries, written if absent.') }), 'Config entries.'),
  connect: optional(connect, 'Service mesh.'),
  dns_config: optional(dns, 'DNS.'),
  http_config: optional(http, 'HTTP API.'),
  limits: optional(limits, 'Limits.'),
  node_meta: optional(map(string()), 'Facts about the node.'),
  performance: optional(
    object({ raft_multiplier: optional(int(), 'Accepted.'), ...fields(string(), ['leave_drain_time', 'rpc_hold_timeout']) }),
    'Accepted; nothing is replicated.',
  ),
  ports: optional(object(fields(int(), PORTS)), 'Ports by protocol; -1 switches off.'),
  service: optional(service, 'One service.'),
  services: optional(list(service), 'Several.'),
  tls: optional(tls, 'Certificates and what is verified.'),
  unix_sockets: optional(object(fields(string(), ['group', 'mode', 'user'])), 'Owner of Unix sockets.'),
});

/** A file, or several that were merged. */
export type RawConfig = Decoded<typeof known>;

const others = Object.fromEntries(AGENT_KEYS.map((name) => [name, optional(any(), 'Accepted.')]));

/** Every key that Consul knows; those of `RawConfig` with their types, the others with any value. */
export const FILE_FIELDS: Readonly<Record<string, Field>> = { ...others, ...(known.kind === 'object' ? known.fields : {}) };
