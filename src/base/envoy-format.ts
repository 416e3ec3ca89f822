/** Operators that sidecars fill in, of Envoy's formats for access logs and values of headers. Those that begin with MESH are ours. */
const OPERATORS = [
  'START_TIME',
  'DURATION',
  'RESPONSE_DURATION',
  'RESPONSE_TX_DURATION',
  'PROTOCOL',
  'REQ',
  'RESP',
  'RESPONSE_CODE',
  'RESPONSE_CODE_DETAILS',
  'CONNECTION_TERMINATION_DETAILS',
  'RESPONSE_FLAGS',
  'ROUTE_NAME',
  'BYTES_RECEIVED',
  'BYTES_SENT',
  'UPSTREAM_HOST',
  'UPSTREAM_CLUSTER',
  'UPSTREAM_REQUEST_ATTEMPT_COUNT',
  'UPSTREAM_TRANSPORT_FAILURE_REASON',
  'DOWNSTREAM_REMOTE_ADDRESS',
  'DOWNSTREAM_REMOTE_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_DIRECT_REMOTE_ADDRESS',
  'DOWNSTREAM_DIRECT_REMOTE_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_LOCAL_ADDRESS',
  'DOWNSTREAM_LOCAL_ADDRESS_WITHOUT_PORT',
  'DOWNSTREAM_LOCAL_PORT',
  'DOWNSTREAM_PEER_URI_SAN',
  'DOWNSTREAM_PEER_FINGERPRINT_256',
  'REQUESTED_SERVER_NAME',
  'UPSTREAM_LOCAL_ADDRESS',
  'MESH_PROXY',
  'MESH_SOURCE',
  'MESH_DESTINATION',
  'MESH_REASON',
  'MESH_RULE',
] as const;

export type FormatOperator = (typeof OPERATORS)[number];

const KNOWN: ReadonlySet<string> = new Set(OPERATORS);

export const isOperator = (name: string): name is FormatOperator => KNOWN.has(name);

/** `%NAME%`, `%NAME(argument)%`, `%NAME(argument):length%`; `%%` is a percent sign. */
export const OPERATOR = /%(?:([A-Z_0-9]+)(?:\(((?:[^()]|\([^()]*\))*)\))?(?::(\d+))?)?%/g;

/** What looks like an operator of a format and is none: `%HOSTNAME%`. */
export function unknownOperators(format: string): string[] {
  return [...format.matchAll(OPERATOR)].filter(([, name]) => name !== undefined && !isOperator(name)).map(([whole]) => whole);
}
