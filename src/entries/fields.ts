import {
  any,
  bool,
  type Decoded,
  type Field,
  int,
  list,
  map,
  nanoseconds,
  object,
  optional,
  type Schema,
  string,
  withDefault,
} from '../schema/schema.ts';

/** A field whose zero value means something (a pointer in Consul): printed and kept when given, unlike all others. */
export interface PointerField<S extends Schema = Schema> extends Field<S, false> {
  readonly keepsZero: true;
}

/** A list or a map that Consul prints as null when nobody wrote it. */
export interface NullableField<S extends Schema = Schema> extends PointerField<S> {
  readonly printsNull: true;
}

export const nullable = <S extends Schema>(schema: S, doc: string): NullableField<S> => ({ ...pointer(schema, doc), printsNull: true });

export const pointer = <S extends Schema>(schema: S, doc: string): PointerField<S> => ({ ...optional(schema, doc), keepsZero: true });

export const meshGateway = object({ Mode: optional(string(), 'How other datacenters are reached: none, local or remote.') });

export const expose = object({
  Checks: optional(bool(), 'Offer the paths of all HTTP checks in plaintext, for the agent.'),
  Paths: optional(
    list(
      object({
        ListenerPort: optional(int(), 'Port of the plaintext listener.'),
        Path: optional(string(), 'The one path that it serves.'),
        LocalPathPort: optional(int(), 'Port of the application behind it.'),
        Protocol: optional(string(), 'http or http2.'),
        ParsedFromCheck: withDefault(bool(), false, 'Made from a check, not written by hand.'),
      }),
    ),
    'Paths that are served in plaintext.',
  ),
});

export const transparentProxy = object({
  OutboundListenerPort: optional(int(), 'Port that outgoing traffic is redirected to; 15001 by default.'),
  DialedDirectly: optional(bool(), 'Instances may be called by their own address.'),
});

export const envoyExtensions = list(
  object({
    Name: optional(string(), 'Name of the extension: builtin/lua, builtin/wasm, …'),
    Required: optional(bool(), 'Fail when it cannot be applied.'),
    Arguments: optional(map(any()), 'Arguments of the extension.'),
    ConsulVersion: optional(string(), 'Constraint on the version of Consul.'),
    EnvoyVersion: optional(string(), 'Constraint on the version of Envoy.'),
  }),
);

export const passiveHealthCheck = object({
  Interval: optional(nanoseconds(), 'Time between two looks at the counters.'),
  MaxFailures: optional(int(), 'Failures in a row that eject an instance.'),
  EnforcingConsecutive5xx: pointer(int(), 'Chance in percent that it is really ejected.'),
  EnforcingConsecutiveGatewayFailure: pointer(int(), 'The same for failures of gateways: 502, 503 and 504.'),
  Consecutive5xx: pointer(int(), 'Answers 5xx in a row that eject an instance, instead of MaxFailures.'),
  ConsecutiveGatewayFailure: pointer(int(), 'Failures of gateways in a row that eject an instance; 0: none do.'),
  MaxEjectionPercent: pointer(int(), 'Part of all instances that may be ejected at once.'),
  BaseEjectionTime: pointer(nanoseconds(), 'How long the first ejection lasts.'),
});

export const limits = object({
  MaxConnections: pointer(int(), 'Connections to all instances together.'),
  MaxPendingRequests: pointer(int(), 'Requests that wait for a connection.'),
  MaxConcurrentRequests: pointer(int(), 'Requests at the same time.'),
  PassiveHealthCheck: optional(
    passiveHealthCheck,
    'Ejection of instances that fail; used of the Defaults of an API gateway and of its routes.',
  ),
});

export const upstreamConfig = object({
  Name: optional(string(), 'The upstream service; empty in Defaults.'),
  Peer: optional(string(), 'Cluster peer of the upstream.'),
  EnvoyListenerJSON: optional(string(), 'Replaces the listener of Envoy.'),
  EnvoyClusterJSON: optional(string(), 'Replaces the cluster of Envoy.'),
  Protocol: optional(string(), 'Protocol of the upstream listener.'),
  ConnectTimeoutMs: optional(int(), 'Time to connect to an instance, in milliseconds; 5000 by default.'),
  Limits: optional(limits, 'Limits of connections and requests.'),
  PassiveHealthCheck: optional(passiveHealthCheck, 'Ejection of instances that fail.'),
  MeshGateway: withDefault(meshGateway, {}, 'Mesh gateway mode of this upstream.'),
  BalanceOutboundConnections: optional(string(), 'exact_balance spreads connections over the threads of Envoy.'),
});

export type UpstreamConfig = Decoded<typeof upstreamConfig>;
