/**
 * The one thing that control plane and data plane share. Built from a catalog snapshot, it says everything that a sidecar
 * does, and nothing about how. The built-in data plane, Envoy (later) and `mesh explain` are three readings of it.
 */

import type { DeniedCall } from '../api/denial.ts';
import type { TappedRequest } from '../api/tapped-request.ts';
import type { Flow } from '../api/traffic.ts';
import type { MetricsFormat } from '../base/metrics-format.ts';

export type { TappedRequest };

export type Protocol = 'tcp' | 'http' | 'http2' | 'grpc';

/** Applications of this protocol are spoken to in HTTP/2, with prior knowledge. */
export function isHttp2(protocol: Protocol): protocol is 'http2' | 'grpc' {
  return protocol === 'http2' || protocol === 'grpc';
}

export interface ProxyConfig {
  /** `<datacenter>/<node>/<proxy service id>`. */
  readonly id: string;
  /** The service this sidecar stands for, or the name of the gateway; and its datacenter. */
  readonly service: string;
  readonly datacenter: string;
  /** SPIFFE URI of the sidecar's own leaf certificate. */
  readonly identity: string;
  /** Names that this leaf carries as well, for callers from outside of the mesh. */
  readonly dnsNames?: readonly string[];
  /** A gateway has none. */
  readonly inbound?: InboundListener;
  /** Of a terminating gateway alone. */
  readonly terminating?: TerminatingListener;
  readonly outbound: readonly OutboundListener[];
  /** By name; every route and outbound listener refers to one of these. */
  readonly clusters: Readonly<Record<string, Cluster>>;
  /**
   * Nobody is sent here any more: it takes no new connections, and what it has open may finish. Its upstreams stay, which
   * the application needs for that.
   */
  readonly leaving?: true;
  /** Who is told of what it does, beyond the agent. */
  readonly telemetry?: Telemetry;
  /** Digest of everything above: equal hash, nothing to swap. */
  readonly hash: string;
}

export interface Telemetry {
  /** Plain HTTP listeners that answer with what it has counted. Two proxies may want the same: one gets it. */
  readonly metrics?: readonly MetricsListener[];
  /** Labels that all of its metrics have besides their own. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly accessLogs?: AccessLogs;
  readonly tracing?: Tracing;
}

export interface MetricsListener {
  readonly bind: SocketAddress;
  /** The one path that is served. */
  readonly path: string;
}

/** A line for each request and each connection that passes as bytes. */
export interface AccessLogs {
  /** Path of a file; absent: one of the proxy's own, beside the logs of everything else. */
  readonly path?: string;
  /** With operators of Envoy: `%RESPONSE_CODE%`. Text has one line break at its end; JSON is an object whose texts are formats. */
  readonly format: { readonly text: string } | { readonly json: Readonly<Record<string, unknown>> };
  /** Connections that were refused before anything was said on them have a line, too. */
  readonly refusedConnections: boolean;
}

/** Where spans go, and of which requests. */
export interface Tracing {
  /** OpenTelemetry as JSON, or Zipkin 2 as JSON. */
  readonly protocol: 'otlp' | 'zipkin';
  /** `http://127.0.0.1:4318/v1/traces` */
  readonly url: string;
  /** What spans name as their service. */
  readonly service: string;
  /** Percent of the requests that come without a decision in their fields; one that has one is followed. */
  readonly samplePercent: number;
}

/** Identities of all certificates that a proxy needs. */
export function identitiesOf({ identity, terminating, outbound }: ProxyConfig): string[] {
  const shown = outbound.flatMap(({ tls }) => (tls?.certificates ?? []).flatMap((one) => ('secret' in one ? [one.secret] : [])));
  return [...new Set([identity, ...(terminating?.services ?? []).map((service) => service.identity), ...shown])];
}

/** What is still open this long after a proxy began to leave is cut, in milliseconds. */
export const DRAIN_MS = 10_000;

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export interface InboundListener {
  readonly bind: SocketAddress;
  readonly protocol: Protocol;
  /** Where the application really listens. */
  readonly app: SocketAddress;
  /** Between sidecars. Absent: TLS 1.3 alone. */
  readonly tls?: TlsParameters;
  readonly connectTimeoutMs: number;
  /** Highest precedence first; the first whose source matches decides. */
  readonly intentions: readonly IntentionRule[];
  /** When no intention matches. */
  readonly defaultAction: IntentionAction;
  /** In order: each may delay a request or answer it instead of the application. */
  readonly faults?: readonly Fault[];
  /** In order: a request has to pass all of them. */
  readonly rateLimits?: readonly RateLimit[];
  /** How requests are cleaned up before they are judged and sent on. Absent: as RequestNormalization says of each field. */
  readonly normalization?: RequestNormalization;
  /** The application is not told by x-forwarded-client-cert who calls it. Absent: it is, by this header of the sidecar's own. */
  readonly hidesClientCert?: true;
  /** Those that intentions name. */
  readonly jwtProviders?: readonly JwtProvider[];
  /** At the same time. */
  readonly maxConnections?: number;
  /** Plaintext is taken beside mutual TLS, without identity and intentions. */
  readonly permissive?: true;
  /** From the first byte of a request to the last of the application's answer. */
  readonly requestTimeoutMs?: number;
  /** Longest silence of the application within an exchange. */
  readonly idleTimeoutMs?: number;
  /** Of the head of a request. Absent: the limit of the data plane. */
  readonly maxHeadBytes?: number;
  /** What is served to anybody, in plaintext. */
  readonly exposed?: readonly ExposedPath[];
}

export interface ExposedPath {
  /** `21500/health` */
  readonly name: string;
  readonly bind: SocketAddress;
  /** The only one that is served. */
  readonly path: string;
  readonly app: SocketAddress;
  /** What the application speaks there; absent: HTTP/1.1. */
  readonly protocol?: 'http' | 'http2';
}

/** A failure on purpose, to see how callers take it. */
export interface Fault {
  /** Who wants it: `builtin/fault-injection of service-defaults payments`. */
  readonly of: string;
  /** All must match. */
  readonly headers: readonly HeaderMatch[];
  readonly delay?: { readonly ms: number; readonly percent: number };
  /** One of the two statuses. */
  readonly abort?: { readonly httpStatus?: number; readonly grpcStatus?: number; readonly percent: number };
}

/** How many requests an instance takes. */
export interface RateLimit {
  /** Who says so: `service-defaults payments`. */
  readonly entry: string;
  /** Requests that no intention allows are counted too; absent: only allowed ones are. */
  readonly beforeIntentions?: true;
  /** The first that matches counts. */
  readonly rules: readonly RateLimitRule[];
  /** Percent of the requests that are counted at all. */
  readonly enabledPercent: number;
  /** Percent of the requests over the limit that are refused. */
  readonly enforcedPercent: number;
}

export interface RateLimitRule {
  /** Which setting it is: `RateLimits.InstanceLevel.Routes[0]`. */
  readonly of: string;
  /** Absent: every request. */
  readonly match?: RouteMatch;
  /** Absent: no limit. */
  readonly tokens?: TokenBucketLimit;
}

export interface TokenBucketLimit {
  readonly maxTokens: number;
  /** At the end of each interval. */
  readonly tokensPerFill: number;
  readonly fillMs: number;
}

/** Envoy's settings of an HTTP listener, as Consul's mesh entry has them. */
export interface RequestNormalization {
  /** Paths are judged and sent on as they came. Absent: `.` and `..` are resolved, `\` is `/`, escapes that need not be are undone. */
  readonly keepPaths?: true;
  /** Absent: they are sent on as they came. Rules see them as one slash either way. */
  readonly mergeSlashes?: true;
  /** What happens to %2F and %5C. Absent: they are sent on as they came; rules see them both as they are and as slashes. */
  readonly escapedSlashes?: 'reject' | 'redirect' | 'decode';
  /** What happens to fields such as `a_b`, which some applications take for `a-b`. Absent: nothing. */
  readonly underscores?: 'reject' | 'drop';
}

/** Where a terminating gateway takes calls for services outside of the mesh. */
export interface TerminatingListener {
  readonly binds: readonly SocketAddress[];
  readonly services: readonly TerminatedService[];
}

/** A service outside, or a subset of it, for which the gateway stands as its sidecar would: with its identity and its intentions. */
export interface TerminatedService extends Omit<InboundListener, 'bind' | 'app'> {
  readonly service: string;
  /** The name that callers ask for in their handshake. */
  readonly sni: string;
  /** SPIFFE URI of the service. */
  readonly identity: string;
  readonly cluster: string;
  /** Host that the service expects in requests; absent: as the caller says. */
  readonly host?: string;
}

export type IntentionAction = 'allow' | 'deny';

export interface IntentionRule {
  /** Source service, or `*`. */
  readonly source: string;
  readonly action: IntentionAction;
  readonly precedence: number;
  /** Instead of `action`: the first that matches a request decides, and the default where none does (Consul). http, http2, grpc only. */
  readonly permissions?: readonly PermissionRule[];
  /** What a request must carry to be let through by this rule, by its default too. */
  readonly tokens?: TokenRequirement;
}

export interface PermissionRule {
  readonly action: IntentionAction;
  /** Without query parameters. A request is allowed only if it is whatever the letter case of its path. */
  readonly match: RouteMatch;
  /** An allow needs them besides; a deny is for requests that carry them, and leaves others to the default (Consul). */
  readonly tokens?: TokenRequirement;
}

/** A token of any one of these. */
export interface TokenRequirement {
  readonly providers: readonly { readonly name: string; readonly claims: readonly ClaimRule[] }[];
}

export interface ClaimRule {
  /** Names of nested claims. */
  readonly path: readonly string[];
  /** The claim is this text, or a list with it. */
  readonly value: string;
}

/** An issuer of JSON Web Tokens, where its tokens are found, and what becomes of them. */
export interface JwtProvider {
  readonly name: string;
  /** Absent: anybody. */
  readonly issuer?: string;
  /** One of them; absent: for anybody. */
  readonly audiences?: readonly string[];
  readonly keys: { readonly jwks: string } | { readonly file: string } | RemoteKeys;
  /** Tried in order. */
  readonly locations: readonly TokenLocation[];
  /** The application gets to see the token. */
  readonly forward: boolean;
  /** The header in which the application gets the payload, as base64url. */
  readonly payloadHeader?: { readonly name: string; readonly padded: boolean };
  readonly clockSkewMs: number;
  /** How many tokens that were good are remembered. */
  readonly cacheSize: number;
}

/** A key set that the sidecar fetches. */
export interface RemoteKeys {
  readonly uri: string;
  readonly timeoutMs: number;
  /** How long it is good. */
  readonly cacheMs: number;
  readonly retries: number;
  /** Before the first of them; twice as long before each further one, up to the maximum. */
  readonly backOffMs: number;
  readonly maxBackOffMs: number;
  /** PEM of who must vouch for an https server; absent: whom the system trusts. What can't be had makes every fetch fail. */
  readonly ca?: { readonly pem: string } | { readonly file: string } | { readonly unknown: string };
}

/** Names of headers are in lower case. */
export type TokenLocation =
  | { readonly header: string; readonly prefix: string }
  | { readonly parameter: string }
  | { readonly cookie: string };

export interface OutboundListener {
  /** Upstream id: `payments`, `payments?dc=dc2`. */
  readonly name: string;
  /** Several, when the upstream port is offered on the instance's own address and on 127.0.0.1. The first must bind, the others may fail. */
  readonly binds: readonly SocketAddress[];
  readonly protocol: Protocol;
  /** Tried in order; the last one matches everything. A tcp listener has exactly that one. */
  readonly routes: readonly Route[];
  /** Of a gateway: who issues the tokens that its routes ask for. Their payload headers are dropped from whatever comes. */
  readonly jwtProviders?: readonly JwtProvider[];
  /** Of a gateway: which routes hold is up to the host of the request, and `routes` are for none. */
  readonly virtualHosts?: readonly VirtualHost[];
  /** Absent: callers speak without TLS. */
  readonly tls?: ListenerTls;
  /** Of the head of a request. Absent: the limit of the data plane. */
  readonly maxHeadBytes?: number;
}

/** TLS towards callers from outside of the mesh, who show no certificate. Versions begin with 1.2 unless it says otherwise. */
export interface ListenerTls extends TlsParameters {
  /** That whose names fit what a caller asks for is shown, the first one to all others. */
  readonly certificates: readonly CertificateSource[];
}

/** What one side of a handshake offers. */
export interface TlsParameters {
  readonly minVersion?: TlsVersion;
  readonly maxVersion?: TlsVersion;
  /** Of TLS 1.2 and older, by the names of OpenSSL. */
  readonly ciphers?: readonly string[];
  /** For the exchange of keys, the best first. */
  readonly curves?: readonly string[];
}

export type TlsVersion = 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3';

/** A certificate that comes beside the configuration, by its identity, or files (PEM) where the data plane runs. */
export type CertificateSource = { readonly secret: string } | { readonly certFile: string; readonly keyFile: string };

/** Routes of the hosts that one of these domains means. Those of a listener have no domain in common. */
export interface VirtualHost {
  /** Lower case, without a port: `web.example.com`, `*.example.com`, `web.ingress.*`, or `*` for any host. */
  readonly domains: readonly string[];
  readonly routes: readonly Route[];
}

export interface Route {
  readonly match: RouteMatch;
  /** Weights add up to 100, in steps of 0.01. Only http, http2 and grpc listeners have more than one. */
  readonly splits: readonly RouteSplit[];
  readonly action?: RouteAction;
  /** Requests must carry a token of these. */
  readonly tokens?: TokenRequirement;
  /** Where copies of requests go, whose answers nobody gets. */
  readonly mirror?: Mirror;
  /** What a client is known by, so that it stays with its split as long as the weights let it. */
  readonly sticky?: StickySplit;
  /** What makes a request's hash, for clusters that balance by one. */
  readonly hash?: readonly HashPolicy[];
}

/** What several give is one hash; a terminal one that gives something is the last. */
export type HashPolicy = (
  | { readonly type: 'source-ip' }
  /** `name` in lower case. */
  | { readonly type: 'header'; readonly name: string }
  | { readonly type: 'query'; readonly name: string }
  /** With `ttlMs` a client without the cookie is given one; 0: for its session. */
  | { readonly type: 'cookie'; readonly name: string; readonly path?: string; readonly ttlMs?: number }
) & { readonly terminal?: boolean };

export interface Mirror {
  readonly cluster: string;
  /** Of all requests. */
  readonly percent: number;
}

/** The header counts, if a request has it; else the cookie, which a client without it is given. */
export interface StickySplit {
  /** Lower case. */
  readonly header?: string;
  /** `ttlMs` 0: until the browser closes. */
  readonly cookie?: { readonly name: string; readonly ttlMs: number };
}

/** All that are present must hold; none present matches everything. At most one of the three paths. */
export interface RouteMatch {
  /** Of the path without its query. */
  readonly pathExact?: string;
  readonly pathPrefix?: string;
  /** RE2 syntax, over the whole path. */
  readonly pathRegex?: string;
  /** ASCII case of the path does not matter. */
  readonly caseInsensitive?: boolean;
  readonly headers?: readonly HeaderMatch[];
  readonly query?: readonly QueryMatch[];
  /** Upper case. */
  readonly methods?: readonly string[];
}

export interface HeaderMatch {
  /** Lower case. */
  readonly name: string;
  /** `present` has no value. */
  readonly type: 'present' | 'exact' | 'prefix' | 'suffix' | 'contains' | 'regex';
  readonly value: string;
  readonly invert: boolean;
  readonly ignoreCase?: boolean;
}

export interface QueryMatch {
  readonly name: string;
  readonly type: 'present' | 'exact' | 'regex';
  readonly value: string;
}

/** What happens to a request on its way. Absent: nothing. */
export interface RouteAction {
  /** Replaces what the match named: the prefix, or the exact path. */
  readonly prefixRewrite?: string;
  /** From the first byte of the request to the last of the answer; 0: none. Absent: the default of the data plane. */
  readonly timeoutMs?: number;
  /** Longest silence within an exchange; 0: none. */
  readonly idleTimeoutMs?: number;
  readonly retry?: RetryPolicy;
  readonly requestHeaders?: HeaderEdits;
  readonly responseHeaders?: HeaderEdits;
}

export interface RetryPolicy {
  /** Further attempts after the first one. */
  readonly count: number;
  readonly onConnectFailure: boolean;
  /** Envoy's conditions: `5xx`, `gateway-error`, `reset`, `connect-failure`, `retriable-4xx`, `refused-stream`, ... */
  readonly on: readonly string[];
  readonly onStatusCodes: readonly number[];
}

/** Removals first, then `set`, then `add`. Names are in lower case. */
export interface HeaderEdits {
  readonly add: Readonly<Record<string, string>>;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
}

export interface RouteSplit {
  readonly weight: number;
  readonly cluster: string;
  readonly requestHeaders?: HeaderEdits;
  readonly responseHeaders?: HeaderEdits;
}

export interface Cluster {
  /** Target id: `payments.default.default.dc1`. */
  readonly name: string;
  readonly service: string;
  readonly datacenter: string;
  readonly sni: string;
  /** SPIFFE URIs, one of which the server's certificate must carry. */
  readonly identities: readonly string[];
  /** Between sidecars. Absent: TLS 1.3 alone. */
  readonly tls?: TlsParameters;
  readonly connectTimeoutMs: number;
  /** Healthy ones only. */
  readonly endpoints: readonly Endpoint[];
  /** Spoken to in HTTP/2. Absent: HTTP/1.1, or bytes. */
  readonly protocol?: 'http2' | 'grpc';
  /** Of the resolver; a route's own is stronger. 0: none. Absent: the default of the data plane. */
  readonly requestTimeoutMs?: number;
  /** Clusters to use instead, in order, as long as this one has no endpoint that can be reached. */
  readonly failover?: readonly string[];
  /** Outside of the mesh: no endpoint has an identity, and `identities` is empty. */
  readonly external?: ExternalSystem;
  /** Which endpoint a request goes to. Absent: each in its turn. */
  readonly loadBalancer?: LoadBalancer;
  /** When endpoints that fail are passed over. Absent: Envoy's defaults, but never the last one. */
  readonly outlier?: OutlierDetection;
  /** What may be under way at the same time. Absent: anything. */
  readonly limits?: ClusterLimits;
  /** How many of the requests under way may be retries. Absent: all. */
  readonly retryBudget?: RetryBudget;
}

/** Subset of the service that a cluster is; empty: all of it. Consul writes it before the service in the name that a handshake asks for. */
export function subsetOf({ service, sni }: Pick<Cluster, 'service' | 'sni'>): string {
  const [head = ''] = sni.split('.internal.');
  return head.startsWith(`${service}.`) ? '' : (head.split('.')[0] ?? '');
}

export interface RetryBudget {
  /** Of the requests that are under way. */
  readonly percent: number;
  /** So many may be in any case. */
  readonly minConcurrency: number;
}

export interface LoadBalancer {
  /** `peak_ewma` is none of Consul's. */
  readonly policy: 'random' | 'round_robin' | 'least_request' | 'ring_hash' | 'maglev' | 'peak_ewma';
  /** Of least_request: how many are compared. */
  readonly choiceCount?: number;
  readonly minimumRingSize?: number;
  readonly maximumRingSize?: number;
}

/** Consul's passive health check, with Envoy's defaults for what is absent. */
export interface OutlierDetection {
  /** Between two looks at those that were ejected. */
  readonly intervalMs?: number;
  /** So many failures in a row eject an endpoint; 0: none do. */
  readonly consecutive5xx?: number;
  /** Chance in percent that one is really ejected. */
  readonly enforcing5xx?: number;
  /** The same for 502, 503, 504 and no answer at all. */
  readonly consecutiveGatewayFailure?: number;
  readonly enforcingGatewayFailure?: number;
  /** Of all endpoints; one may be ejected in any case, unless it is 0. */
  readonly maxEjectionPercent?: number;
  /** Times the number of ejections. */
  readonly baseEjectionMs?: number;
  /** Who asks for it, for reasons: `service-defaults web`. */
  readonly from: string;
}

export interface ClusterLimits {
  readonly maxConnections?: number;
  /** That wait for a connection. */
  readonly maxPendingRequests?: number;
  readonly maxConcurrentRequests?: number;
  /** Who says so, for reasons: `service-defaults web`. */
  readonly from: string;
}

/** How a system outside of the mesh is spoken to. */
export interface ExternalSystem {
  /** Absent: without TLS. */
  readonly tls?: OriginatedTls;
}

/** Files, PEM, are where the data plane runs. */
export interface OriginatedTls {
  readonly caFile: string;
  /** What to show, with its key. */
  readonly certFile?: string;
  readonly keyFile?: string;
  /** Name to ask for, which the certificate must have. Absent: any name will do. */
  readonly sni?: string;
}

export interface Endpoint extends SocketAddress {
  /** `<node>/<proxy service id>` */
  readonly id: string;
  readonly weight: number;
  /** Serves only when none of a smaller one can. Absent: 0, the highest. */
  readonly priority?: number;
}

/**
 * A forward without identity: a blueprint's `ingress` from a host port to workloads. Round robin over the targets. HTTP/1 is
 * recognized by its first bytes and forwarded request by request, so that targets may change under connections that clients
 * keep; anything else is forwarded as bytes.
 */
export interface ForwardConfig {
  /** What it binds: `127.0.0.1:9090`. Its targets change, the listener stays. */
  readonly id: string;
  readonly bind: SocketAddress;
  readonly targets: readonly SocketAddress[];
}

/** A leaf certificate with its key (PEM, leaf first, then intermediates). Secret: never logged, never in a ProxyConfig. */
export interface LeafCertificate {
  /** SPIFFE URI; of a certificate that a user gave, `inline-certificate/<datacenter>/<name>`. */
  readonly identity: string;
  readonly certPem: string;
  readonly keyPem: string;
  /** Milliseconds since the epoch. */
  readonly notAfter: number;
}

/** Everything a data plane serves; sent whole on connect and as differences afterwards. */
export interface DataplaneUpdate {
  readonly type: 'update';
  /** Catalog index that this update brings the data plane to. */
  readonly index: number;
  /** True on the first message of a connection: what is not in it is removed. */
  readonly full: boolean;
  readonly proxies: readonly ProxyConfig[];
  readonly removedProxies: readonly string[];
  readonly forwards: readonly ForwardConfig[];
  readonly removedForwards: readonly string[];
  readonly leaves: readonly LeafCertificate[];
  /** PEM of all trusted roots; absent when unchanged. */
  readonly roots?: readonly string[];
}

/** Asks a sidecar to prove its upstreams: mutual TLS with an endpoint of each cluster that its routes lead to, whose sidecar dials its application; one that works is enough. No request is sent. */
export interface DataplaneProbe {
  readonly type: 'probe';
  readonly id: number;
  readonly proxy: string;
}

/** Asks to be told when nothing is under way any more to targets that forwards have lost, nor on forwards that were removed. */
export interface DataplaneSettle {
  readonly type: 'settle';
  readonly id: number;
}

/** Asks what sidecars have counted, as text for Prometheus. It comes in pieces, since of many sidecars it is long. */
export interface DataplaneMetrics {
  readonly type: 'metrics';
  readonly id: number;
  readonly format: MetricsFormat;
  /** Of one sidecar alone, by its id or the last part of it, or of those of a service. */
  readonly proxy?: string;
}

/** Asks what sidecars have counted, by who has called whom. It comes in pieces. */
export interface DataplaneTraffic {
  readonly type: 'traffic';
  readonly id: number;
}

/** Asks to be told of each request, and connection that passes as bytes, that ends from now on and that the filter lets through, until `untap` with the same id. */
export interface DataplaneTap {
  readonly type: 'tap';
  readonly id: number;
  readonly filter: TapFilter;
}

export interface DataplaneUntap {
  readonly type: 'untap';
  readonly id: number;
}

/** All that are present must hold. */
export interface TapFilter {
  /** Id of a proxy, or its last part. */
  readonly proxy?: string;
  readonly direction?: 'inbound' | 'outbound';
  /** Name of the upstream that an application has called. */
  readonly upstream?: string;
  /** What a sidecar of this service, or gateway, has seen: calls that it has made and that it was to answer. */
  readonly service?: string;
  /** What was called, as either side has it: upstreams of it in other datacenters, too. */
  readonly destination?: string;
  /** The service that sends. */
  readonly source?: string;
  readonly method?: string;
  readonly pathPrefix?: string;
  /** `503`, `5xx`. */
  readonly status?: string;
}

export type DataplaneCommand =
  | DataplaneUpdate
  | DataplaneProbe
  | DataplaneSettle
  | DataplaneMetrics
  | DataplaneTraffic
  | DataplaneTap
  | DataplaneUntap;

export type DataplaneReport =
  | { readonly type: 'hello'; readonly pid: number; readonly version: string }
  /** The listeners of everything in the update are bound, or `errors` says which are not (by proxy or forward id). */
  | { readonly type: 'ack'; readonly index: number; readonly errors: Readonly<Record<string, string>> }
  /** A proxy that is leaving has nothing open any more. Comes after the acknowledgement, at once if nothing was open. */
  | { readonly type: 'drained'; readonly proxy: string }
  | { readonly type: 'settled'; readonly id: number }
  | { readonly type: 'metrics'; readonly id: number; readonly text: string; readonly more: boolean }
  /** `boundsMs`: of the buckets of latencies. */
  | {
      readonly type: 'traffic';
      readonly id: number;
      readonly boundsMs: readonly number[];
      readonly flows: readonly Flow[];
      readonly more: boolean;
    }
  /** `dropped`: requests that came too fast since the last time, and are not told of. */
  | { readonly type: 'tapped'; readonly id: number; readonly requests: readonly TappedRequest[]; readonly dropped: number }
  /** Refusals that are new or have come again: all that are remembered to begin with, and each as it is in whole. */
  | { readonly type: 'denied'; readonly calls: readonly DeniedCall[] }
  | { readonly type: 'probe-result'; readonly id: number; readonly upstreams: Readonly<Record<string, ProbeOutcome>> };

/** `denied`: an intention refuses this source, which is a decision and not a failure. */
export type ProbeOutcome =
  | {
      readonly state: 'ok' | 'denied';
      readonly seen?: SeenIdentities;
      /** All handshakes, where the routes of the upstream lead to several clusters. */
      readonly handshakes?: readonly SeenIdentities[];
    }
  | { readonly state: 'failed'; readonly reason: string };

/** SPIFFE URIs from the certificates of one handshake, each as the other side has verified it. */
export interface SeenIdentities {
  readonly client: string;
  readonly server: string;
}

/**
 * ALPN protocol of the readiness probe between sidecars: the inbound side dials its application and answers one line,
 * `ok <client's identity>`, `denied <client's identity>` or `failed <reason>`.
 */
export const READY_ALPN = 'mesh-ready/1';
