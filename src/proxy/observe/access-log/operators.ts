import type { FormatOperator } from '../../../base/envoy-format.ts';
import { detailsOf } from '../flags.ts';
import { isSecretField, REDACTED } from '../redact.ts';
import type { LogEntry } from './entry.ts';
import { formatTime } from './time.ts';

export type LogValue = string | number | undefined;

/** An operator of Envoy's formats; `argument` is what stands in its parentheses. Undefined: there is no such thing. */
export type Operator = (entry: LogEntry, argument: string) => LogValue;

const SERVICE_TIME = 'x-envoy-upstream-service-time';

export const OPERATORS: Readonly<Record<FormatOperator, Operator>> = {
  START_TIME: ({ startedAt }, format) => formatTime(startedAt, format),
  DURATION: ({ durationMs }) => Math.round(durationMs),
  RESPONSE_DURATION: (entry) => untilAnswer(entry),
  RESPONSE_TX_DURATION: (entry) => {
    const answer = untilAnswer(entry);
    return answer === undefined ? undefined : Math.max(0, Math.round(entry.durationMs) - answer);
  },
  PROTOCOL: ({ exchange }) => exchange && `HTTP/${exchange.caller.version ?? `1.${exchange.request.minor}`}`,
  REQ: (entry, names) => firstOf(names, (name) => requestField(entry, name)),
  RESP: (entry, names) => firstOf(names, (name) => responseField(entry, name)),
  RESPONSE_CODE: ({ exchange }) => exchange?.status ?? 0,
  RESPONSE_CODE_DETAILS: ({ exchange, flag, rule }) => exchange && detailsOf(flag, rule, exchange.response !== undefined),
  CONNECTION_TERMINATION_DETAILS: ({ exchange, flag, rule }) =>
    exchange || (flag === undefined && rule === undefined) ? undefined : detailsOf(flag, rule, false),
  RESPONSE_FLAGS: ({ flag }) => flag,
  ROUTE_NAME: ({ route }) => route,
  BYTES_RECEIVED: ({ bytesUp }) => bytesUp,
  BYTES_SENT: ({ bytesDown }) => bytesDown,
  UPSTREAM_HOST: ({ reached }) => reached?.stats.address,
  UPSTREAM_CLUSTER: ({ reached }) => reached?.cluster,
  UPSTREAM_REQUEST_ATTEMPT_COUNT: ({ exchange, reached }) => (exchange?.retries ?? 0) + (reached ? 1 : 0),
  UPSTREAM_TRANSPORT_FAILURE_REASON: ({ flag, reason }) => (flag === 'UF' ? reason : undefined),
  DOWNSTREAM_REMOTE_ADDRESS: ({ socket }) => endpointOf(socket.remoteAddress, socket.remotePort),
  DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT: ({ socket }) => socket.remoteAddress,
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS: ({ socket }) => endpointOf(socket.remoteAddress, socket.remotePort),
  DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT: ({ socket }) => socket.remoteAddress,
  DOWNSTREAM_LOCAL_ADDRESS: ({ socket }) => endpointOf(socket.localAddress, socket.localPort),
  DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT: ({ socket }) => socket.localAddress,
  DOWNSTREAM_LOCAL_PORT: ({ socket }) => socket.localPort,
  DOWNSTREAM_PEER_URI_SAN: ({ peer }) => peer?.uri,
  DOWNSTREAM_PEER_FINGERPRINT_256: ({ peer }) => peer?.hash,
  REQUESTED_SERVER_NAME: ({ socket }) => serverName(socket),
  UPSTREAM_LOCAL_ADDRESS: ({ reached }) => endpointOf(reached?.socket.localAddress, reached?.socket.localPort),
  MESH_PROXY: ({ observer }) => observer.proxy.id,
  MESH_SOURCE: ({ observer, peer }) => (observer.direction === 'outbound' ? observer.proxy.service : peer?.service),
  MESH_DESTINATION: ({ observer }) => observer.destination,
  MESH_REASON: ({ reason }) => reason,
  MESH_RULE: ({ rule }) => rule,
};

/** `X-A?X-B`: the second when the first isn't there. */
function firstOf(names: string, read: (lowerName: string) => LogValue): LogValue {
  for (const name of names.split('?')) {
    const value = read(name.toLowerCase());
    if (value !== undefined) return value;
  }
  return undefined;
}

function requestField(entry: LogEntry, name: string): LogValue {
  const { exchange } = entry;
  if (!exchange) return undefined;
  const { request, plan } = exchange;
  switch (name) {
    case ':method':
      return request.method || undefined;
    case ':path':
      return request.target || undefined;
    case ':authority':
      return request.host;
    default:
      return field(entry, request.fields.list, name) ?? plan?.edits.add.find(([added]) => added === name)?.[1];
  }
}

/** Envoy tells clients how long the upstream took, and the log; here it is the log alone. */
function responseField(entry: LogEntry, name: string): LogValue {
  const found = field(entry, entry.exchange?.response?.fields.list ?? [], name);
  return found === undefined && name === SERVICE_TIME ? untilAnswer(entry) : found;
}

function field({ verbatim }: LogEntry, list: readonly string[], lowerName: string): string | undefined {
  for (let i = 0; i < list.length; i += 2)
    if (list[i]!.toLowerCase() === lowerName) return verbatim || !isSecretField(lowerName) ? list[i + 1] : REDACTED;
  return undefined;
}

function untilAnswer({ exchange }: LogEntry): number | undefined {
  return exchange && exchange.answeredAt > 0 ? Math.round(exchange.answeredAt - exchange.startedAt) : undefined;
}

function endpointOf(address: string | undefined, port: number | undefined): string | undefined {
  if (address === undefined) return undefined;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function serverName(socket: object): string | undefined {
  return 'servername' in socket && typeof socket.servername === 'string' && socket.servername !== '' ? socket.servername : undefined;
}
