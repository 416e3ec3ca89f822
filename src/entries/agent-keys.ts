import type { Located } from '../schema/located.ts';

/** Every key of the top level that Consul's agent knows, from 1.7 to 1.21; those that only its own tests set as well. */
export const AGENT_KEYS: readonly string[] =
  'acl acl_agent_master_token acl_agent_token acl_datacenter acl_default_policy acl_down_policy acl_enforce_version_8 acl_master_token acl_replication_token acl_token acl_ttl addresses advertise_addr advertise_addr_ipv4 advertise_addr_ipv6 advertise_addr_wan advertise_addr_wan_ipv4 advertise_addr_wan_ipv6 advertise_reconnect_timeout ae_interval alt_domain audit auto_config auto_encrypt auto_reload_config autopilot bind_addr bootstrap bootstrap_expect build_date ca_file ca_path cache cert_file check check_deregister_interval_min check_output_max_size check_reap_interval check_update_interval checks client_addr cloud config_entries connect consul data_dir datacenter default_intention_policy default_query_time disable_anonymous_signature disable_coordinates disable_host_node_id disable_http_unprintable_char_filter disable_keyring_file disable_remote_exec disable_update_check discard_check_output discovery_max_stale dns_config domain enable_acl_replication enable_agent_tls_for_checks enable_central_service_config enable_debug enable_local_script_checks enable_script_checks enable_syslog encrypt encrypt_verify_incoming encrypt_verify_outgoing experiments gossip_lan gossip_wan http_config key_file leave_on_terminate license_path limits locality log_file log_json log_level log_rotate_bytes log_rotate_duration log_rotate_max_files max_query_time node_id node_meta node_name non_voting_server partition peering performance pid_file ports primary_datacenter primary_gateways primary_gateways_interval protocol raft_logstore raft_protocol raft_snapshot_interval raft_snapshot_threshold raft_trailing_logs read_replica reconnect_timeout reconnect_timeout_wan recursors rejoin_after_leave reporting request_limits retry_interval retry_interval_wan retry_join retry_join_wan retry_max retry_max_wan revision rpc segment segment_limit segment_name_limit segments serf_allowed_cidrs_lan serf_allowed_cidrs_wan serf_lan serf_wan server server_name server_rejoin_age_max service services session_ttl_min skip_leave_on_interrupt snapshot_agent start_join start_join_wan sync_coordinate_interval_min sync_coordinate_rate_target syslog_facility telemetry tls tls_cipher_suites tls_min_version tls_prefer_server_cipher_suites translate_wan_addrs ui ui_config ui_content_path ui_dir unix_sockets use_streaming_backend verify_incoming verify_incoming_https verify_incoming_rpc verify_outgoing verify_server_hostname version version_metadata version_prerelease watches xds'.split(
    ' ',
  );

const always = (text: string) => (): string => text;

const whenOn =
  (text: string) =>
  (value: Located): string | undefined =>
    value.type === 'bool' && !value.value ? undefined : text;

function enabled(text: string) {
  return (value: Located): string | undefined => {
    const flag = settingIn(value, 'enabled');
    return flag?.type === 'bool' && flag.value ? text : undefined;
  };
}

/** Of the first block: a block of HCL is a list. */
function settingIn(value: Located, key: string): Located | undefined {
  const inside = value.type === 'list' ? value.items[0] : value;
  return inside?.type === 'map' ? inside.entries.find((entry) => entry.key === key)?.value : undefined;
}

/** `connect { ca_provider = "vault" }` */
function otherAuthority(value: Located): string | undefined {
  const provider = settingIn(value, 'ca_provider');
  if (provider?.type !== 'string' || provider.value === 'consul') return undefined;
  return `certificates come from the authority of this agent, not from ${provider.value}`;
}

/** What would change the behaviour of a real agent and does not here. Other settings are accepted: they have no meaning on one machine. */
export const NOT_DONE: Readonly<Record<string, (value: Located) => string | undefined>> = {
  acl: enabled('ACLs are not enforced by what a container says: the configuration of the agent itself switches them on'),
  auto_encrypt: always('auto_encrypt is not done: the API of this agent is plain HTTP on loopback'),
  check: always('checks without a service are not run by this version of mesh'),
  checks: always('checks without a service are not run by this version of mesh'),
  connect: otherAuthority,
  recursors: always('recursors of a container are not asked: the configuration of the agent itself names them'),
  verify_incoming: whenOn('TLS is not required by the API of this agent: it is plain HTTP on loopback'),
  watches: always('watches are not run by this version of mesh'),
};
