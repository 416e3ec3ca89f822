import type { RawConfig } from './file-schema.ts';

/** A flag of `agent` that stands for a key of its files. */
export interface ConfigFlag {
  readonly name: string;
  readonly kind: 'string' | 'bool' | 'int' | 'list' | 'pair';
  /** `ports.http` */
  readonly key: string;
  readonly doc: string;
}

const row = (name: string, kind: ConfigFlag['kind'], key: string, doc: string): ConfigFlag => ({ name, kind, key, doc });

export const CONFIG_FLAGS: readonly ConfigFlag[] = [
  row('advertise', 'string', 'advertise_addr', 'Address of the agent as others see it.'),
  row('advertise-wan', 'string', 'advertise_addr_wan', 'Address of the agent as other datacenters see it.'),
  row('allow-write-http-from', 'list', 'http_config.allow_write_http_from', 'Network (CIDR) from which writes are taken. Repeatable.'),
  row('alt-domain', 'string', 'alt_domain', 'Another domain that DNS answers for.'),
  row('auto-reload-config', 'bool', 'auto_reload_config', 'Read files again when they change.'),
  row('bind', 'string', 'bind_addr', 'Address of the agent in its cluster.'),
  row('bootstrap', 'bool', 'bootstrap', 'Lead at once. An agent of mesh always does.'),
  row('bootstrap-expect', 'int', 'bootstrap_expect', 'How many servers to wait for. An agent of mesh is alone and leads at once.'),
  row('check_output_max_size', 'int', 'check_output_max_size', 'Longest output of a check that is kept, in bytes.'),
  row('client', 'string', 'client_addr', 'Addresses to listen on for clients: HTTP, HTTPS, gRPC and DNS. 127.0.0.1 by default.'),
  row('compat', 'string', 'compat', 'Ours: 1.8 answers as Consul 1.8 where newer ones differ.'),
  row('data-dir', 'string', 'data_dir', 'Folder for the state of the agent.'),
  row('datacenter', 'string', 'datacenter', 'Datacenter of the agent: dc1 by default.'),
  row('default-query-time', 'string', 'default_query_time', 'How long a blocking query waits that names no time.'),
  row('disable-host-node-id', 'bool', 'disable_host_node_id', 'Accepted: node ids are random.'),
  row('disable-keyring-file', 'bool', 'disable_keyring_file', 'Accepted: there is no gossip.'),
  row('dns-port', 'int', 'ports.dns', 'Port of DNS; -1 is off.'),
  row('domain', 'string', 'domain', 'Domain that DNS answers for: consul by default.'),
  row('enable-local-script-checks', 'bool', 'enable_local_script_checks', 'Run commands of checks that configuration files define.'),
  row('enable-script-checks', 'bool', 'enable_script_checks', 'Run commands of checks, those that the API registers too.'),
  row('encrypt', 'string', 'encrypt', 'Accepted: there is no gossip to encrypt.'),
  row('grpc-port', 'int', 'ports.grpc', 'Port of gRPC; -1 is off.'),
  row('grpc-tls-port', 'int', 'ports.grpc_tls', 'Port of gRPC over TLS; -1 is off.'),
  row('http-port', 'int', 'ports.http', 'Port of the HTTP API; 0 takes any, -1 is off.'),
  row('https-port', 'int', 'ports.https', 'Port of the HTTP API over TLS; -1 is off.'),
  row('join', 'list', 'start_join', 'Accepted: one agent is the whole cluster.'),
  row('join-wan', 'list', 'start_join_wan', 'Accepted: one agent is the whole cluster.'),
  row('log-file', 'string', 'log_file', 'File that the log goes to as well.'),
  row('log-json', 'bool', 'log_json', 'Write the log as JSON.'),
  row('log-level', 'string', 'log_level', 'trace, debug, info, warn or error.'),
  row('log-rotate-bytes', 'int', 'log_rotate_bytes', 'Size at which a new log file is begun.'),
  row('log-rotate-duration', 'string', 'log_rotate_duration', 'Time after which a new log file is begun.'),
  row('log-rotate-max-files', 'int', 'log_rotate_max_files', 'How many old log files are kept.'),
  row('max-query-time', 'string', 'max_query_time', 'Longest time that a blocking query may ask for.'),
  row('node', 'string', 'node_name', 'Name of the node.'),
  row('node-id', 'string', 'node_id', 'Id of the node, a UUID.'),
  row('node-meta', 'pair', 'node_meta', 'Fact about the node, key:value. Repeatable.'),
  row('non-voting-server', 'bool', 'non_voting_server', 'Accepted: one agent is the whole cluster.'),
  row('pid-file', 'string', 'pid_file', 'File for the process id.'),
  row('primary-gateway', 'list', 'primary_gateways', 'Accepted: one agent is the whole cluster.'),
  row('protocol', 'int', 'protocol', 'Accepted: there is no gossip.'),
  row('raft-protocol', 'int', 'raft_protocol', 'Accepted: nothing is replicated.'),
  row('recursor', 'list', 'recursors', 'DNS server to ask for other domains. Repeatable.'),
  row('rejoin', 'bool', 'rejoin_after_leave', 'Accepted: one agent is the whole cluster.'),
  row('retry-interval', 'string', 'retry_interval', 'Accepted: one agent is the whole cluster.'),
  row('retry-interval-wan', 'string', 'retry_interval_wan', 'Accepted: one agent is the whole cluster.'),
  row('retry-join', 'list', 'retry_join', 'Accepted: one agent is the whole cluster.'),
  row('retry-join-wan', 'list', 'retry_join_wan', 'Accepted: one agent is the whole cluster.'),
  row('retry-max', 'int', 'retry_max', 'Accepted: one agent is the whole cluster.'),
  row('retry-max-wan', 'int', 'retry_max_wan', 'Accepted: one agent is the whole cluster.'),
  row('segment', 'string', 'segment', 'An Enterprise feature.'),
  row('serf-lan-allowed-cidrs', 'list', 'serf_allowed_cidrs_lan', 'Accepted: there is no gossip.'),
  row('serf-lan-bind', 'string', 'serf_lan', 'Accepted: there is no gossip.'),
  row('serf-lan-port', 'int', 'ports.serf_lan', 'Port that members show; nothing listens there.'),
  row('serf-wan-allowed-cidrs', 'list', 'serf_allowed_cidrs_wan', 'Accepted: there is no gossip.'),
  row('serf-wan-bind', 'string', 'serf_wan', 'Accepted: there is no gossip.'),
  row('serf-wan-port', 'int', 'ports.serf_wan', 'Port that members show; nothing listens there.'),
  row('server', 'bool', 'server', 'Be a server. An agent of mesh always is one.'),
  row('server-port', 'int', 'ports.server', 'Port that servers show; nothing listens there.'),
  row('syslog', 'bool', 'enable_syslog', 'Accepted: the log goes to standard error and -log-file.'),
  row('ui', 'bool', 'ui', 'Serve the pages for browsers.'),
  row('ui-content-path', 'string', 'ui_content_path', 'Path of those pages.'),
  row('ui-dir', 'string', 'ui_dir', 'Accepted: the pages are those of mesh.'),
];

/** Values as typed, by flag; those of a flag that is not given are absent. */
export type GivenFlags = ReadonlyMap<string, readonly string[]>;

/**
 * What the flags say, as a file would. `error` is Consul's text for the first number that is none. Consul reads lists before
 * the files and other values after them: `lists` and `values`.
 */
export function configOfFlags(given: GivenFlags): { readonly lists: RawConfig; readonly values: RawConfig; readonly error?: string } {
  const lists: Tree = {};
  const values: Tree = {};
  for (const { name, kind, key } of CONFIG_FLAGS) {
    const typed = given.get(name);
    if (typed === undefined || typed.length === 0) continue;
    const last = typed.at(-1)!;
    if (kind === 'list') put(lists, key, typed);
    else if (kind === 'pair') put(values, key, pairs(typed));
    else if (kind === 'bool') put(values, key, last === 'true');
    else if (kind === 'string') put(values, key, last);
    else if (/^[+-]?\d+$/.test(last)) put(values, key, Number(last));
    else {
      const error = `invalid value ${JSON.stringify(last)} for flag -${name}: strconv.Atoi: parsing ${JSON.stringify(last)}: invalid syntax`;
      return { lists: {}, values: {}, error };
    }
  }
  return { lists: lists as RawConfig, values: values as RawConfig };
}

interface Tree {
  [key: string]: unknown;
}

function put(tree: Tree, key: string, value: unknown): void {
  const [first = '', second] = key.split('.');
  if (second === undefined) tree[first] = value;
  else tree[first] = { ...(tree[first] as Tree | undefined), [second]: value };
}

/** The value is all behind the first colon; without one it is empty. */
function pairs(texts: readonly string[]): Record<string, string> {
  const result = Object.create(null) as Record<string, string>;
  for (const text of texts) {
    const at = text.indexOf(':');
    result[at === -1 ? text : text.slice(0, at)] = at === -1 ? '' : text.slice(at + 1);
  }
  return result;
}
