import type { ProxyDefaults } from '../../entries/proxy-defaults.ts';
import type { AccessLogs } from '../proxy-config.ts';

type Setting = Readonly<Record<string, unknown>> | ProxyDefaults['AccessLogs'];

/** Consul's, and what it has no name for at the end: why a request was refused, the rule that decided, and who sent it. */
const DEFAULT_FORMAT = {
  start_time: '%START_TIME%',
  route_name: '%ROUTE_NAME%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  duration: '%DURATION%',
  upstream_service_time: '%RESP(X-ENVOY-UPSTREAM-SERVICE-TIME)%',
  x_forwarded_for: '%REQ(X-FORWARDED-FOR)%',
  user_agent: '%REQ(USER-AGENT)%',
  request_id: '%REQ(X-REQUEST-ID)%',
  authority: '%REQ(:AUTHORITY)%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_cluster: '%UPSTREAM_CLUSTER%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  upstream_transport_failure_reason: '%UPSTREAM_TRANSPORT_FAILURE_REASON%',
  mesh_source: '%MESH_SOURCE%',
  mesh_reason: '%MESH_REASON%',
  mesh_rule: '%MESH_RULE%',
};

/** Consul: off unless enabled; JSON unless a format is given. The entry has been validated, a registration has not. */
export function accessLogsOf(setting: Setting): AccessLogs | undefined {
  if (!setting?.Enabled) return undefined;
  const { Type, Path, JSONFormat, TextFormat, DisableListenerLogs } = setting;
  return {
    ...(Type === 'file' && typeof Path === 'string' ? { path: Path } : {}),
    format: formatOf(JSONFormat, TextFormat),
    refusedConnections: DisableListenerLogs !== true,
  };
}

function formatOf(json: unknown, text: unknown): AccessLogs['format'] {
  if (typeof json === 'string' && json !== '') return { json: parsed(json) ?? DEFAULT_FORMAT };
  if (typeof text === 'string' && text !== '') return { text: text.endsWith('\n') ? text : `${text}\n` };
  return { json: DEFAULT_FORMAT };
}

function parsed(json: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
