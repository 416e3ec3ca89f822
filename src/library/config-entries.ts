// Generated from src/entries: npx vitest run --project all test/library/entry-types.test.ts -u

/** A time such as `'30s'` or `'1h30m'`; a number is of nanoseconds. */
export type Duration = string | number;

/** Any config entry that can be written; `Kind` says which. */
export type ConfigEntry =
  | ServiceDefaultsEntry
  | ProxyDefaultsEntry
  | ServiceRouterEntry
  | ServiceSplitterEntry
  | ServiceResolverEntry
  | IngressGatewayEntry
  | TerminatingGatewayEntry
  | ServiceIntentionsEntry
  | MeshEntry
  | ExportedServicesEntry
  | SamenessGroupEntry
  | ApiGatewayEntry
  | HttpRouteEntry
  | TcpRouteEntry
  | FileSystemCertificateEntry
  | InlineCertificateEntry
  | JwtProviderEntry;

/** `service-defaults` */
export interface ServiceDefaultsEntry {
  readonly Kind: 'service-defaults';
  readonly Name: string;
  /** tcp, http, http2 or grpc; empty means tcp. */
  readonly Protocol?: 'tcp' | 'http' | 'http2' | 'grpc';
  /** Proxy mode: direct or transparent. */
  readonly Mode?: '' | 'direct' | 'transparent';
  /** Settings of the transparent mode. */
  readonly TransparentProxy?: TransparentProxy;
  /** strict or permissive. */
  readonly MutualTLSMode?: '' | 'strict' | 'permissive';
  /** How the service is reached from other datacenters. */
  readonly MeshGateway?: MeshGateway;
  /** Paths that are served in plaintext. */
  readonly Expose?: Expose;
  /** SNI of an external system that this service stands for. */
  readonly ExternalSNI?: string;
  /** Settings of the upstreams of this service. */
  readonly UpstreamConfig?: ServiceDefaultsUpstreamConfig;
  /** An external system behind a terminating gateway. */
  readonly Destination?: ServiceDefaultsDestination;
  /** Connections that the sidecar takes at the same time. */
  readonly MaxInboundConnections?: number;
  /** Time to connect to the application, in milliseconds; 5000 by default. */
  readonly LocalConnectTimeoutMs?: number;
  /** Time for a whole request, in milliseconds. */
  readonly LocalRequestTimeoutMs?: number;
  /** exact_balance spreads connections over the threads of Envoy. */
  readonly BalanceInboundConnections?: string;
  /** Limits of requests per second. */
  readonly RateLimits?: ServiceDefaultsRateLimit;
  /** Extensions of Envoy. */
  readonly EnvoyExtensions?: readonly EnvoyExtension[];
  /** Largest headers of a request, in KiB. */
  readonly MaxRequestHeadersKB?: number;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `proxy-defaults` */
export interface ProxyDefaultsEntry {
  readonly Kind: 'proxy-defaults';
  readonly Name: 'global';
  /** Proxy mode: direct or transparent. */
  readonly Mode?: '' | 'direct' | 'transparent';
  /** Settings of the transparent mode. */
  readonly TransparentProxy?: TransparentProxy;
  /** strict or permissive. */
  readonly MutualTLSMode?: '' | 'strict' | 'permissive';
  /** Opaque settings of all proxies: protocol, local_connect_timeout_ms, … */
  readonly Config?: Readonly<Record<string, unknown>>;
  /** How services of other datacenters are reached. */
  readonly MeshGateway?: MeshGateway;
  /** Paths that are served in plaintext. */
  readonly Expose?: Expose;
  /** Access logs of all proxies. */
  readonly AccessLogs?: ProxyDefaultsAccessLog;
  /** Extensions of Envoy. */
  readonly EnvoyExtensions?: readonly EnvoyExtension[];
  /** How targets of a failover are chosen. */
  readonly FailoverPolicy?: ProxyDefaultsFailoverPolicy;
  /** Prefer near instances; a Consul without Enterprise refuses it. */
  readonly PrioritizeByLocality?: PrioritizeByLocality;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `service-router` */
export interface ServiceRouterEntry {
  readonly Kind: 'service-router';
  readonly Name: string;
  /** Routes; the first that matches counts. What none matches goes to the service itself. */
  readonly Routes?: readonly ServiceRouterRoute[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `service-splitter` */
export interface ServiceSplitterEntry {
  readonly Kind: 'service-splitter';
  readonly Name: string;
  /** The parts; their weights add up to 100. */
  readonly Splits?: readonly ServiceSplitterSplit[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `service-resolver` */
export interface ServiceResolverEntry {
  readonly Kind: 'service-resolver';
  readonly Name: string;
  /** Time to connect to an instance; 5s by default. */
  readonly ConnectTimeout?: Duration;
  /** Time for a whole request; a route may say otherwise. */
  readonly RequestTimeout?: Duration;
  /** The subset that is meant when none is named. */
  readonly DefaultSubset?: string;
  /** Named subsets of the instances. */
  readonly Subsets?: Readonly<Record<string, ServiceResolverSubset>>;
  /** Resolve something else instead. */
  readonly Redirect?: ServiceResolverRedirect;
  /** Where calls go when a subset, or "*" for any, has no healthy instance. */
  readonly Failover?: Readonly<Record<string, ServiceResolverFailover>>;
  /** Prefer near instances; a Consul without Enterprise refuses it. */
  readonly PrioritizeByLocality?: PrioritizeByLocality;
  /** How instances take turns. */
  readonly LoadBalancer?: ServiceResolverLoadBalancer;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `ingress-gateway` */
export interface IngressGatewayEntry {
  readonly Kind: 'ingress-gateway';
  readonly Name: string;
  /** TLS of all listeners. */
  readonly TLS?: TLS;
  /** Ports, and what is behind them. */
  readonly Listeners?: readonly IngressGatewayListener[];
  /** Limits of all services. */
  readonly Defaults?: IngressGatewayDefault;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `terminating-gateway` */
export interface TerminatingGatewayEntry {
  readonly Kind: 'terminating-gateway';
  readonly Name: string;
  /** Services outside the mesh that it leads to. */
  readonly Services?: readonly TerminatingGatewayService[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `service-intentions` */
export interface ServiceIntentionsEntry {
  readonly Kind: 'service-intentions';
  readonly Name: string;
  /** Tokens that every request must carry. */
  readonly JWT?: JWT;
  /** Who may call, and who may not. */
  readonly Sources?: readonly ServiceIntentionsSource[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `mesh` */
export interface MeshEntry {
  readonly Kind: 'mesh';
  readonly Name?: 'mesh';
  /** Settings of the transparent mode. */
  readonly TransparentProxy?: MeshTransparentProxy;
  /** MutualTLSMode may be permissive. */
  readonly AllowEnablingPermissiveMutualTLS?: boolean;
  /** Refuse routes to clusters that do not exist. */
  readonly ValidateClusters?: boolean;
  /** What sidecars offer in TLS. */
  readonly TLS?: MeshTLS;
  /** How sidecars speak HTTP. */
  readonly HTTP?: MeshHTTP;
  /** How peers reach each other. */
  readonly Peering?: MeshPeering;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `exported-services` */
export interface ExportedServicesEntry {
  readonly Kind: 'exported-services';
  readonly Name: string;
  /** Services that others may call. */
  readonly Services?: readonly ExportedServicesService[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `sameness-group` */
export interface SamenessGroupEntry {
  readonly Kind: 'sameness-group';
  readonly Name: string;
  /** Services without a failover of their own use it. */
  readonly DefaultForFailover?: boolean;
  /** The own partition is a member. */
  readonly IncludeLocal?: boolean;
  /** Where the same services run. */
  readonly Members?: readonly SamenessGroupMember[];
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `api-gateway` */
export interface ApiGatewayEntry {
  readonly Kind: 'api-gateway';
  readonly Name: string;
  /** TLS of all listeners. */
  readonly TLS?: TLS;
  /** Limits towards every service. */
  readonly Defaults?: Limit;
  /** External authorization, of routes that say nothing. */
  readonly ExtAuthz?: ApiGatewayExtAuthz;
  /** Ports that routes are bound to. */
  readonly Listeners?: readonly ApiGatewayListener[];
  /** Computed: whether the gateway and its listeners are fit for use. */
  readonly Status?: Status;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `http-route` */
export interface HttpRouteEntry {
  readonly Kind: 'http-route';
  readonly Name: string;
  /** Gateways that the route wants to be bound to, or one listener each. */
  readonly Parents?: readonly Certificate[];
  /** Which requests go where. */
  readonly Rules?: readonly HttpRouteRule[];
  /** Values of the Host header that it is for; empty: those of its listener. */
  readonly Hostnames?: readonly string[];
  /** Computed: whether the route is fit for use and bound. */
  readonly Status?: Status;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `tcp-route` */
export interface TcpRouteEntry {
  readonly Kind: 'tcp-route';
  readonly Name: string;
  /** Gateways that the route wants to be bound to, or one listener each. */
  readonly Parents?: readonly Certificate[];
  /** Where connections go: one service. */
  readonly Services?: readonly TcpRouteService[];
  /** Computed: whether the route is fit for use and bound. */
  readonly Status?: Status;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `file-system-certificate` */
export interface FileSystemCertificateEntry {
  readonly Kind: 'file-system-certificate';
  readonly Name: string;
  /** Path of the certificate where the gateway runs, PEM. */
  readonly Certificate?: string;
  /** Path of its private key, PEM. */
  readonly PrivateKey?: string;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `inline-certificate` */
export interface InlineCertificateEntry {
  readonly Kind: 'inline-certificate';
  readonly Name: string;
  /** The certificate, and those that it comes from, PEM. */
  readonly Certificate?: string;
  /** Its private key, PEM. Whoever may read entries of this kind reads it. */
  readonly PrivateKey?: string;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

/** `jwt-provider` */
export interface JwtProviderEntry {
  readonly Kind: 'jwt-provider';
  readonly Name: string;
  /** Keys that tokens are signed with. */
  readonly JSONWebKeySet?: JwtProviderJSONWebKeySet;
  /** Who must have issued a token: its claim iss. */
  readonly Issuer?: string;
  /** Whom a token must be for: one of these in its claim aud. */
  readonly Audiences?: readonly string[];
  /** Where requests carry their token; Authorization: Bearer, and ?access_token= by default. */
  readonly Locations?: readonly JwtProviderLocation[];
  /** What the service gets to see of a token. */
  readonly Forwarding?: JwtProviderForwarding;
  /** How far clocks may be apart; 30 by default. */
  readonly ClockSkewSeconds?: number;
  /** Remembers tokens that were good. */
  readonly CacheConfig?: JwtProviderCacheConfig;
  /** Pairs of your own. */
  readonly Meta?: Readonly<Record<string, string>>;
}

interface TransparentProxy {
  /** Port that outgoing traffic is redirected to; 15001 by default. */
  readonly OutboundListenerPort?: number;
  /** Instances may be called by their own address. */
  readonly DialedDirectly?: boolean;
}

interface MeshGateway {
  /** How other datacenters are reached: none, local or remote. */
  readonly Mode?: string;
}

interface Expose {
  /** Offer the paths of all HTTP checks in plaintext, for the agent. */
  readonly Checks?: boolean;
  /** Paths that are served in plaintext. */
  readonly Paths?: readonly Path[];
}

interface Path {
  /** Port of the plaintext listener. */
  readonly ListenerPort?: number;
  /** The one path that it serves. */
  readonly Path?: string;
  /** Port of the application behind it. */
  readonly LocalPathPort?: number;
  /** http or http2. */
  readonly Protocol?: string;
  /** Made from a check, not written by hand. */
  readonly ParsedFromCheck?: boolean;
}

export interface ServiceDefaultsUpstreamConfig {
  /** Settings of single upstreams. */
  readonly Overrides?: readonly ServiceDefaultsOverride[];
  /** Settings of all upstreams. */
  readonly Defaults?: ServiceDefaultsOverride;
}

export interface ServiceDefaultsOverride {
  /** The upstream service; empty in Defaults. */
  readonly Name?: string;
  /** Cluster peer of the upstream. */
  readonly Peer?: string;
  /** Replaces the listener of Envoy. */
  readonly EnvoyListenerJSON?: string;
  /** Replaces the cluster of Envoy. */
  readonly EnvoyClusterJSON?: string;
  /** Protocol of the upstream listener. */
  readonly Protocol?: string;
  /** Time to connect to an instance, in milliseconds; 5000 by default. */
  readonly ConnectTimeoutMs?: number;
  /** Limits of connections and requests. */
  readonly Limits?: Limit;
  /** Ejection of instances that fail. */
  readonly PassiveHealthCheck?: PassiveHealthCheck;
  /** Mesh gateway mode of this upstream. */
  readonly MeshGateway?: MeshGateway;
  /** exact_balance spreads connections over the threads of Envoy. */
  readonly BalanceOutboundConnections?: string;
}

interface Limit {
  /** Connections to all instances together. */
  readonly MaxConnections?: number;
  /** Requests that wait for a connection. */
  readonly MaxPendingRequests?: number;
  /** Requests at the same time. */
  readonly MaxConcurrentRequests?: number;
  /** Ejection of instances that fail; used of the Defaults of an API gateway and of its routes. */
  readonly PassiveHealthCheck?: PassiveHealthCheck;
}

interface PassiveHealthCheck {
  /** Time between two looks at the counters. */
  readonly Interval?: Duration;
  /** Failures in a row that eject an instance. */
  readonly MaxFailures?: number;
  /** Chance in percent that it is really ejected. */
  readonly EnforcingConsecutive5xx?: number;
  /** The same for failures of gateways: 502, 503 and 504. */
  readonly EnforcingConsecutiveGatewayFailure?: number;
  /** Answers 5xx in a row that eject an instance, instead of MaxFailures. */
  readonly Consecutive5xx?: number;
  /** Failures of gateways in a row that eject an instance; 0: none do. */
  readonly ConsecutiveGatewayFailure?: number;
  /** Part of all instances that may be ejected at once. */
  readonly MaxEjectionPercent?: number;
  /** How long the first ejection lasts. */
  readonly BaseEjectionTime?: Duration;
}

export interface ServiceDefaultsDestination {
  /** Addresses of an external system. */
  readonly Addresses?: readonly string[];
  /** Its port. */
  readonly Port?: number;
}

export interface ServiceDefaultsRateLimit {
  /** Limits of one instance. */
  readonly InstanceLevel?: ServiceDefaultsInstanceLevel;
}

export interface ServiceDefaultsInstanceLevel {
  /** Requests per second. */
  readonly RequestsPerSecond?: number;
  /** Requests at once. */
  readonly RequestsMaxBurst?: number;
  /** Limits of single routes. */
  readonly Routes?: readonly ServiceDefaultsRoute[];
}

export interface ServiceDefaultsRoute {
  /** The whole path. */
  readonly PathExact?: string;
  /** The beginning of the path. */
  readonly PathPrefix?: string;
  /** An expression for the path. */
  readonly PathRegex?: string;
  /** Requests per second. */
  readonly RequestsPerSecond?: number;
  /** Requests at once. */
  readonly RequestsMaxBurst?: number;
}

interface EnvoyExtension {
  /** Name of the extension: builtin/lua, builtin/wasm, … */
  readonly Name?: string;
  /** Fail when it cannot be applied. */
  readonly Required?: boolean;
  /** Arguments of the extension. */
  readonly Arguments?: Readonly<Record<string, unknown>>;
  /** Constraint on the version of Consul. */
  readonly ConsulVersion?: string;
  /** Constraint on the version of Envoy. */
  readonly EnvoyVersion?: string;
}

export interface ProxyDefaultsAccessLog {
  /** Write access logs. */
  readonly Enabled?: boolean;
  /** Leave out connections that no filter took. */
  readonly DisableListenerLogs?: boolean;
  /** file, stderr or stdout. */
  readonly Type?: string;
  /** Where to, for type file. */
  readonly Path?: string;
  /** Format of a line, as JSON. */
  readonly JSONFormat?: string;
  /** Format of a line, as text. */
  readonly TextFormat?: string;
}

export interface ProxyDefaultsFailoverPolicy {
  /** sequential or order-by-locality. */
  readonly Mode?: string;
  /** Regions in order of preference. */
  readonly Regions?: readonly string[];
}

interface PrioritizeByLocality {
  /** none, or failover: instances further off serve only when no nearer one can. */
  readonly Mode?: string;
}

export interface ServiceRouterRoute {
  /** When this route is taken; always, if absent. */
  readonly Match?: ServiceRouterMatch;
  /** Where the request goes. */
  readonly Destination?: ServiceRouterDestination;
}

export interface ServiceRouterMatch {
  /** What the request must look like. */
  readonly HTTP?: ServiceRouterHTTP;
}

export interface ServiceRouterHTTP {
  /** The whole path. */
  readonly PathExact?: string;
  /** The beginning of the path. */
  readonly PathPrefix?: string;
  /** An expression (RE2) for the whole path. */
  readonly PathRegex?: string;
  /** The case of the path does not matter. */
  readonly CaseInsensitive?: boolean;
  /** Headers that must match, all of them. */
  readonly Header?: readonly ServiceRouterHeader[];
  /** Query parameters that must match, all of them. */
  readonly QueryParam?: readonly ServiceRouterQueryParam[];
  /** Methods, one of which must match. */
  readonly Methods?: readonly string[];
}

export interface ServiceRouterHeader {
  /** Name of the header, in any case. */
  readonly Name?: string;
  /** It is there. */
  readonly Present?: boolean;
  /** Its value. */
  readonly Exact?: string;
  /** The beginning of its value. */
  readonly Prefix?: string;
  /** The end of its value. */
  readonly Suffix?: string;
  /** A part of its value. */
  readonly Contains?: string;
  /** An expression (RE2) for its whole value. */
  readonly Regex?: string;
  /** The opposite. */
  readonly Invert?: boolean;
  /** The case of the value does not matter. */
  readonly IgnoreCase?: boolean;
}

export interface ServiceRouterQueryParam {
  /** Name of the query parameter. */
  readonly Name?: string;
  /** It is there. */
  readonly Present?: boolean;
  /** Its value. */
  readonly Exact?: string;
  /** An expression (RE2) for its whole value. */
  readonly Regex?: string;
}

export interface ServiceRouterDestination {
  /** Time for the whole request, retries included; negative: no limit. */
  readonly RequestTimeout?: Duration;
  /** Time without any byte; negative: no limit. */
  readonly IdleTimeout?: Duration;
  /** Service to call; the own one by default. */
  readonly Service?: string;
  /** Subset of its instances; such a route is not split any further. */
  readonly ServiceSubset?: string;
  /** Replaces the part of the path that matched. */
  readonly PrefixRewrite?: string;
  /** How often to try again. */
  readonly NumRetries?: number;
  /** Try again when no connection could be made. */
  readonly RetryOnConnectFailure?: boolean;
  /** Conditions of Envoy to try again on: 5xx, gateway-error, reset, … */
  readonly RetryOn?: readonly string[];
  /** Status codes to try again on. */
  readonly RetryOnStatusCodes?: readonly number[];
  /** Edits of the headers of the request. */
  readonly RequestHeaders?: RequestHeader;
  /** Edits of the headers of the answer. */
  readonly ResponseHeaders?: RequestHeader;
}

interface RequestHeader {
  /** Headers to add; one that is there already gets one more value. */
  readonly Add?: Readonly<Record<string, string>>;
  /** Headers to set; one that is there already is replaced. */
  readonly Set?: Readonly<Record<string, string>>;
  /** Headers to remove. */
  readonly Remove?: readonly string[];
}

export interface ServiceSplitterSplit {
  /** Percent of the requests, in steps of 0.01. */
  readonly Weight?: number;
  /** Service to call; the own one by default. */
  readonly Service?: string;
  /** Subset of its instances; such a part is not split any further. */
  readonly ServiceSubset?: string;
  /** Edits of the headers of the request. */
  readonly RequestHeaders?: RequestHeader;
  /** Edits of the headers of the answer. */
  readonly ResponseHeaders?: RequestHeader;
}

export interface ServiceResolverSubset {
  /** Which instances belong to it: an expression over what /v1/health/connect answers. */
  readonly Filter?: string;
  /** Instances with warnings do not belong to it. */
  readonly OnlyPassing?: boolean;
}

export interface ServiceResolverRedirect {
  /** Service to resolve instead. */
  readonly Service?: string;
  /** Subset of it. */
  readonly ServiceSubset?: string;
  /** Needs Consul Enterprise. */
  readonly Namespace?: string;
  /** Needs Consul Enterprise. */
  readonly Partition?: string;
  /** Datacenter to resolve it in. */
  readonly Datacenter?: string;
  /** Cluster peer to resolve it in. */
  readonly Peer?: string;
  /** Needs Consul Enterprise. */
  readonly SamenessGroup?: string;
}

export interface ServiceResolverFailover {
  /** Service to call instead; the own one by default. */
  readonly Service?: string;
  /** Subset of it. */
  readonly ServiceSubset?: string;
  /** Needs Consul Enterprise. */
  readonly Namespace?: string;
  /** Datacenters to try, in this order. */
  readonly Datacenters?: readonly string[];
  /** What to try, in this order; instead of all of the above. */
  readonly Targets?: readonly ServiceResolverTarget[];
  /** In which order the targets are tried. */
  readonly Policy?: ServiceResolverPolicy;
  /** Needs Consul Enterprise. */
  readonly SamenessGroup?: string;
}

export interface ServiceResolverTarget {
  /** Service to call instead; the own one by default. */
  readonly Service?: string;
  /** Subset of it. */
  readonly ServiceSubset?: string;
  /** Needs Consul Enterprise. */
  readonly Partition?: string;
  /** Needs Consul Enterprise. */
  readonly Namespace?: string;
  /** Datacenter of it. */
  readonly Datacenter?: string;
  /** Cluster peer of it. */
  readonly Peer?: string;
}

export interface ServiceResolverPolicy {
  /** sequential, the default, or order-by-locality. */
  readonly Mode?: string;
  /** Regions in order of preference. */
  readonly Regions?: readonly string[];
}

export interface ServiceResolverLoadBalancer {
  /** random, round_robin, least_request, ring_hash or maglev. */
  readonly Policy?: string;
  /** Settings of ring_hash. */
  readonly RingHashConfig?: ServiceResolverRingHashConfig;
  /** Settings of least_request. */
  readonly LeastRequestConfig?: ServiceResolverLeastRequestConfig;
  /** What ring_hash and maglev look at. */
  readonly HashPolicies?: readonly ServiceResolverHashPolicy[];
}

export interface ServiceResolverRingHashConfig {
  /** Least number of entries on the ring. */
  readonly MinimumRingSize?: number;
  /** Largest number of entries on the ring. */
  readonly MaximumRingSize?: number;
}

export interface ServiceResolverLeastRequestConfig {
  /** How many instances are compared. */
  readonly ChoiceCount?: number;
}

export interface ServiceResolverHashPolicy {
  /** header, cookie or query_parameter. */
  readonly Field?: string;
  /** Name of the header, cookie or query parameter. */
  readonly FieldValue?: string;
  /** How to make a cookie that is not there. */
  readonly CookieConfig?: ServiceResolverCookieConfig;
  /** Hash the address of the caller. */
  readonly SourceIP?: boolean;
  /** Look no further when this one gives a hash. */
  readonly Terminal?: boolean;
}

export interface ServiceResolverCookieConfig {
  /** The cookie ends with the session. */
  readonly Session?: boolean;
  /** Life of the cookie. */
  readonly TTL?: Duration;
  /** Path of the cookie. */
  readonly Path?: string;
}

interface TLS {
  /** Speak TLS to callers. */
  readonly Enabled?: boolean;
  /** Certificates of a server of secrets. */
  readonly SDS?: SDS;
  /** Oldest version of TLS: TLS_AUTO, TLSv1_0 to TLSv1_3. */
  readonly TLSMinVersion?: string;
  /** Newest version of TLS. */
  readonly TLSMaxVersion?: string;
  /** Cipher suites, for TLS 1.2 and older. */
  readonly CipherSuites?: readonly string[];
}

interface SDS {
  /** Cluster of Envoy that serves certificates. */
  readonly ClusterName?: string;
  /** Which of its certificates. */
  readonly CertResource?: string;
}

export interface IngressGatewayListener {
  /** Where callers from outside the mesh connect. */
  readonly Port?: number;
  /** tcp, http, http2 or grpc: what its services speak. */
  readonly Protocol?: string;
  /** TLS of this listener. */
  readonly TLS?: TLS;
  /** Services that it leads to; of tcp only one. */
  readonly Services?: readonly IngressGatewayService[];
}

export interface IngressGatewayService {
  /** The service, or *: every service that speaks the protocol of the listener. */
  readonly Name?: string;
  /** Values of the Host header that are meant for it; <service>.ingress.* by default. */
  readonly Hosts?: readonly string[];
  /** A certificate of its own. */
  readonly TLS?: IngressGatewayTLS;
  /** Edits of the headers of the request. */
  readonly RequestHeaders?: RequestHeader;
  /** Edits of the headers of the answer. */
  readonly ResponseHeaders?: RequestHeader;
  /** Connections to all instances together. */
  readonly MaxConnections?: number;
  /** Requests that wait for a connection. */
  readonly MaxPendingRequests?: number;
  /** Requests at the same time. */
  readonly MaxConcurrentRequests?: number;
  /** Ejection of instances that fail. */
  readonly PassiveHealthCheck?: PassiveHealthCheck;
  /** Facts about it. */
  readonly Meta?: Readonly<Record<string, string>>;
}

interface IngressGatewayTLS {
  /** Certificates of a server of secrets. */
  readonly SDS?: SDS;
}

export interface IngressGatewayDefault {
  /** Connections to all instances together. */
  readonly MaxConnections?: number;
  /** Requests that wait for a connection. */
  readonly MaxPendingRequests?: number;
  /** Requests at the same time. */
  readonly MaxConcurrentRequests?: number;
  /** Ejection of instances that fail. */
  readonly PassiveHealthCheck?: PassiveHealthCheck;
}

export interface TerminatingGatewayService {
  /** The service outside the mesh, or * for all that are registered. */
  readonly Name?: string;
  /** Path of the certificate authority that its certificate must come from. */
  readonly CAFile?: string;
  /** Path of the certificate to show to it. */
  readonly CertFile?: string;
  /** Path of the key of that certificate. */
  readonly KeyFile?: string;
  /** Name to ask for in the TLS handshake. */
  readonly SNI?: string;
  /** Leave the Host header as it is. */
  readonly DisableAutoHostRewrite?: boolean;
}

interface JWT {
  /** Providers, one of which must have issued the token. */
  readonly Providers?: readonly Provider[];
}

interface Provider {
  /** Name of a jwt-provider entry. */
  readonly Name?: string;
  /** Claims that must hold. */
  readonly VerifyClaims?: readonly VerifyClaim[];
}

interface VerifyClaim {
  /** Path of the claim. */
  readonly Path?: readonly string[];
  /** What it must be. */
  readonly Value?: string;
}

export interface ServiceIntentionsSource {
  /** The calling service, or *. */
  readonly Name?: string;
  /** Cluster peer that it belongs to. */
  readonly Peer?: string;
  /** Sameness group that it belongs to. */
  readonly SamenessGroup?: string;
  /** allow or deny. */
  readonly Action?: 'allow' | 'deny';
  /** Decide by request; the first that matches counts. */
  readonly Permissions?: readonly ServiceIntentionsPermission[];
  /** Computed: which of several intentions decides; the highest does. */
  readonly Precedence?: number;
  /** Always consul. */
  readonly Type?: string;
  /** For people. */
  readonly Description?: string;
  /** Id of an old intention; read-only. */
  readonly LegacyID?: string;
  /** Meta of an old intention; read-only. */
  readonly LegacyMeta?: Readonly<Record<string, string>>;
  /** Read-only. */
  readonly LegacyCreateTime?: string;
  /** Read-only. */
  readonly LegacyUpdateTime?: string;
}

export interface ServiceIntentionsPermission {
  /** allow or deny. */
  readonly Action?: 'allow' | 'deny';
  /** What a request must look like. */
  readonly HTTP?: ServiceIntentionsHTTP;
  /** Tokens that a request must carry. */
  readonly JWT?: JWT;
}

export interface ServiceIntentionsHTTP {
  /** The whole path. */
  readonly PathExact?: string;
  /** The beginning of the path. */
  readonly PathPrefix?: string;
  /** An expression for the path. */
  readonly PathRegex?: string;
  /** Headers that must match, all of them. */
  readonly Header?: readonly ServiceIntentionsHeader[];
  /** Methods, one of which must match. */
  readonly Methods?: readonly string[];
}

export interface ServiceIntentionsHeader {
  /** Name of the header. */
  readonly Name?: string;
  /** It is there. */
  readonly Present?: boolean;
  /** Its value. */
  readonly Exact?: string;
  /** The beginning of its value. */
  readonly Prefix?: string;
  /** The end of its value. */
  readonly Suffix?: string;
  /** A part of its value. */
  readonly Contains?: string;
  /** An expression for its value. */
  readonly Regex?: string;
  /** Upper and lower case are the same; for Exact, Prefix, Suffix and Contains. */
  readonly IgnoreCase?: boolean;
  /** The opposite. */
  readonly Invert?: boolean;
}

export interface MeshTransparentProxy {
  /** Sidecars in transparent mode reach nothing outside the mesh. */
  readonly MeshDestinationsOnly?: boolean;
}

export interface MeshTLS {
  /** Of connections to a sidecar. */
  readonly Incoming?: MeshIncoming;
  /** Of connections of a sidecar. */
  readonly Outgoing?: MeshIncoming;
}

export interface MeshIncoming {
  /** Oldest version of TLS: TLS_AUTO, TLSv1_0 to TLSv1_3. */
  readonly TLSMinVersion?: string;
  /** Newest version of TLS. */
  readonly TLSMaxVersion?: string;
  /** Cipher suites, for TLS 1.2 and older. */
  readonly CipherSuites?: readonly string[];
  /** Curves for the exchange of keys. */
  readonly ECDHCurves?: readonly string[];
}

export interface MeshHTTP {
  /** Drop the header x-forwarded-client-cert of callers. */
  readonly SanitizeXForwardedClientCert?: boolean;
  /** Of requests to a sidecar. */
  readonly Incoming?: MeshHTTPIncoming;
}

export interface MeshHTTPIncoming {
  /** How paths and headers are cleaned up. */
  readonly RequestNormalization?: MeshRequestNormalization;
}

export interface MeshRequestNormalization {
  /** Leave paths as they are, ".." included. */
  readonly InsecureDisablePathNormalization?: boolean;
  /** Several slashes in a row are one. */
  readonly MergeSlashes?: boolean;
  /** What happens to a path with %2F in it. */
  readonly PathWithEscapedSlashesAction?: string;
  /** What happens to a request with a header such as a_b. */
  readonly HeadersWithUnderscoresAction?: string;
}

export interface MeshPeering {
  /** Servers of peers are called through mesh gateways. */
  readonly PeerThroughMeshGateways?: boolean;
}

export interface ExportedServicesService {
  /** The service, or * for all. */
  readonly Name?: string;
  /** Needs Consul Enterprise. */
  readonly Namespace?: string;
  /** Who may call it. */
  readonly Consumers?: readonly ExportedServicesConsumer[];
}

export interface ExportedServicesConsumer {
  /** Needs Consul Enterprise. */
  readonly Partition?: string;
  /** Cluster peer that may call it. */
  readonly Peer?: string;
  /** Another spelling of Peer. */
  readonly PeerName?: string;
  /** Needs Consul Enterprise. */
  readonly SamenessGroup?: string;
}

export interface SamenessGroupMember {
  /** A partition. */
  readonly Partition?: string;
  /** A cluster peer. */
  readonly Peer?: string;
}

export interface ApiGatewayExtAuthz {
  /** Ask for every request. */
  readonly Enabled?: boolean;
}

export interface ApiGatewayListener {
  /** What routes call it. */
  readonly Name?: string;
  /** The Host that it answers for; empty: any. */
  readonly Hostname?: string;
  /** Where callers from outside the mesh connect. */
  readonly Port?: number;
  /** http or tcp. */
  readonly Protocol?: string;
  /** How it speaks TLS; without certificates it does not. */
  readonly TLS?: ApiGatewayTLS;
  /** What holds for all routes, whatever they say. */
  readonly Override?: ApiGatewayOverride;
  /** What holds for routes that say nothing. */
  readonly Default?: ApiGatewayOverride;
  /** Largest headers of a request, in KiB. */
  readonly MaxRequestHeadersKB?: number;
}

export interface ApiGatewayTLS {
  /** Entries of kind inline-certificate or file-system-certificate. */
  readonly Certificates?: readonly Certificate[];
  /** Certificates of a server of secrets. */
  readonly SDS?: SDS;
  /** Newest version of TLS. */
  readonly MaxVersion?: string;
  /** Oldest version of TLS. */
  readonly MinVersion?: string;
  /** Cipher suites, for TLS 1.2 and older. */
  readonly CipherSuites?: readonly string[];
}

interface Certificate {
  /** Kind of the entry. */
  readonly Kind?: string;
  /** Name of the entry. */
  readonly Name?: string;
  /** Which part of it: the listener of a gateway; empty: any. */
  readonly SectionName?: string;
}

export interface ApiGatewayOverride {
  /** Tokens that requests must carry. Consul: Enterprise. */
  readonly JWT?: JWT;
}

interface Status {
  /** What is so, and why. */
  readonly Conditions?: readonly Condition[];
}

interface Condition {
  /** Accepted, Bound, Conflicted or ResolvedRefs. */
  readonly Type?: string;
  /** True, False or Unknown. */
  readonly Status?: string;
  /** Why, in one word. */
  readonly Reason?: string;
  /** Why, in words. */
  readonly Message?: string;
  /** What it is about, if not the whole entry. */
  readonly Resource?: Certificate;
  /** Since when, as RFC 3339. */
  readonly LastTransitionTime?: string;
}

export interface HttpRouteRule {
  /** What is done to requests. */
  readonly Filters?: HttpRouteFilter;
  /** What is done to answers. */
  readonly ResponseFilters?: HttpRouteResponseFilter;
  /** Requests that it is for: one of these; all, if there are none. */
  readonly Matches?: readonly HttpRouteMatch[];
  /** Where they go. */
  readonly Services?: readonly HttpRouteService[];
}

export interface HttpRouteFilter {
  /** Edits of headers, one after the other. */
  readonly Headers?: readonly HttpRouteHeader[];
  /** Edits of the path. */
  readonly URLRewrite?: HttpRouteURLRewrite;
  /** When to try again. */
  readonly RetryFilter?: HttpRouteRetryFilter;
  /** How long it may take. */
  readonly TimeoutFilter?: HttpRouteTimeoutFilter;
  /** Tokens that requests must carry. Consul: Enterprise. */
  readonly JWT?: JWT;
  /** External processing of requests and answers, by attachment. */
  readonly ExtProc?: readonly HttpRouteExtProc[];
  /** External authorization; as the gateway says by default. */
  readonly ExtAuthz?: HttpRouteExtAuthz;
}

export interface HttpRouteHeader {
  /** Headers to add; one that is there already gets one more value. */
  readonly Add?: Readonly<Record<string, string>>;
  /** Headers to remove. */
  readonly Remove?: readonly string[];
  /** Headers to set; one that is there already is replaced. */
  readonly Set?: Readonly<Record<string, string>>;
}

export interface HttpRouteURLRewrite {
  /** Replaces the part of the path that matched. */
  readonly Path?: string;
}

export interface HttpRouteRetryFilter {
  /** How often to try again. */
  readonly NumRetries?: number;
  /** Conditions of Envoy to try again on: 5xx, gateway-error, reset, … */
  readonly RetryOn?: readonly string[];
  /** Status codes to try again on. */
  readonly RetryOnStatusCodes?: readonly number[];
  /** Try again when no connection could be made. */
  readonly RetryOnConnectFailure?: boolean;
}

export interface HttpRouteTimeoutFilter {
  /** Time for the whole request. */
  readonly RequestTimeout?: Duration;
  /** Time without any byte. */
  readonly IdleTimeout?: Duration;
}

export interface HttpRouteExtProc {
  /** Which attachment it is about. */
  readonly StatPrefix?: string;
  /** Whether it is enabled, disabled or overridden here. */
  readonly Mode?: string;
  /** What is so for this route alone. */
  readonly Overrides?: HttpRouteOverride;
}

export interface HttpRouteOverride {
  /** What is sent to the processor. */
  readonly Processing?: HttpRouteProcessing;
}

export interface HttpRouteProcessing {
  /** Of requests. */
  readonly Request?: HttpRouteRequest;
  /** Of answers. */
  readonly Response?: HttpRouteRequest;
}

export interface HttpRouteRequest {
  /** Whether headers are sent. */
  readonly HeadersMode?: string;
  /** Whether the body is sent, and how. */
  readonly BodyMode?: string;
  /** Whether trailers are sent. */
  readonly TrailersMode?: string;
  /** Largest body that is sent. */
  readonly MaxBodyBytes?: number;
}

export interface HttpRouteExtAuthz {
  /** Ask for these requests. */
  readonly Enabled?: boolean;
}

export interface HttpRouteResponseFilter {
  /** Edits of headers, one after the other. */
  readonly Headers?: readonly HttpRouteHeader[];
}

export interface HttpRouteMatch {
  /** Headers that must match, all of them. */
  readonly Headers?: readonly HttpRouteRuleMatchHeader[];
  /** The method; empty: any. */
  readonly Method?: string;
  /** The path; any by default. */
  readonly Path?: HttpRoutePath;
  /** Query parameters that must match, all of them. */
  readonly Query?: readonly HttpRouteQuery[];
}

export interface HttpRouteRuleMatchHeader {
  /** exact, prefix, suffix, present or regex. */
  readonly Match?: string;
  /** Name of the header, in any case. */
  readonly Name?: string;
  /** What to compare its value with. */
  readonly Value?: string;
  /** The opposite. */
  readonly Invert?: boolean;
}

export interface HttpRoutePath {
  /** exact, prefix or regex. */
  readonly Match?: string;
  /** What to compare the path with. */
  readonly Value?: string;
}

export interface HttpRouteQuery {
  /** exact, present or regex. */
  readonly Match?: string;
  /** Name of the query parameter. */
  readonly Name?: string;
  /** What to compare its value with. */
  readonly Value?: string;
}

export interface HttpRouteService {
  /** The service. */
  readonly Name?: string;
  /** Its share of the requests, beside the weights of the others. */
  readonly Weight?: number;
  /** What is done to requests for it. */
  readonly Filters?: HttpRouteRuleServiceFilter;
  /** What is done to its answers. */
  readonly ResponseFilters?: HttpRouteResponseFilter;
  /** A certificate of its own. */
  readonly TLS?: IngressGatewayTLS;
  /** Limits of connections and requests. */
  readonly Limits?: Limit;
}

export interface HttpRouteRuleServiceFilter {
  /** Edits of headers, one after the other. */
  readonly Headers?: readonly HttpRouteHeader[];
  /** Edits of the path. */
  readonly URLRewrite?: HttpRouteRuleServiceFilterURLRewrite;
  /** When to try again. */
  readonly RetryFilter?: HttpRouteRuleServiceFilterRetryFilter;
  /** How long it may take. */
  readonly TimeoutFilter?: HttpRouteRuleServiceFilterTimeoutFilter;
  /** Tokens that requests must carry. Consul: Enterprise. */
  readonly JWT?: Readonly<Record<string, unknown>>;
  /** External processing of requests and answers, by attachment. */
  readonly ExtProc?: readonly HttpRouteExtProc[];
  /** External authorization; as the gateway says by default. */
  readonly ExtAuthz?: HttpRouteRuleServiceFilterExtAuthz;
}

export interface HttpRouteRuleServiceFilterURLRewrite {
  /** Replaces the part of the path that matched. */
  readonly Path?: string;
}

export interface HttpRouteRuleServiceFilterRetryFilter {
  /** How often to try again. */
  readonly NumRetries?: number;
  /** Conditions of Envoy to try again on: 5xx, gateway-error, reset, … */
  readonly RetryOn?: readonly string[];
  /** Status codes to try again on. */
  readonly RetryOnStatusCodes?: readonly number[];
  /** Try again when no connection could be made. */
  readonly RetryOnConnectFailure?: boolean;
}

export interface HttpRouteRuleServiceFilterTimeoutFilter {
  /** Time for the whole request. */
  readonly RequestTimeout?: Duration;
  /** Time without any byte. */
  readonly IdleTimeout?: Duration;
}

export interface HttpRouteRuleServiceFilterExtAuthz {
  /** Ask for these requests. */
  readonly Enabled?: boolean;
}

export interface TcpRouteService {
  /** The service. */
  readonly Name?: string;
  /** A certificate of its own. */
  readonly TLS?: IngressGatewayTLS;
  /** Limits of connections. */
  readonly Limits?: Limit;
}

export interface JwtProviderJSONWebKeySet {
  /** Keys that are known. */
  readonly Local?: JwtProviderLocal;
  /** Keys that are fetched. */
  readonly Remote?: JwtProviderRemote;
}

export interface JwtProviderLocal {
  /** The key set, base64. */
  readonly JWKS?: string;
  /** A file with the key set, where the sidecar runs. */
  readonly Filename?: string;
}

export interface JwtProviderRemote {
  /** Where the key set is fetched. */
  readonly URI?: string;
  /** How long a fetch may take, in milliseconds. */
  readonly RequestTimeoutMs?: number;
  /** How long fetched keys are good; 10 minutes by default. */
  readonly CacheDuration?: Duration;
  /** Fetch before the first request comes, without waiting for it. */
  readonly FetchAsynchronously?: boolean;
  /** Name the host of the URI in the TLS handshake. */
  readonly UseSNI?: boolean;
  /** What happens when a fetch fails. */
  readonly RetryPolicy?: JwtProviderRetryPolicy;
  /** How the server is reached. */
  readonly JWKSCluster?: JwtProviderJWKSCluster;
}

export interface JwtProviderRetryPolicy {
  /** How often to try again. */
  readonly NumRetries?: number;
  /** How long to wait in between. */
  readonly RetryPolicyBackOff?: JwtProviderRetryPolicyBackOff;
}

export interface JwtProviderRetryPolicyBackOff {
  /** Time before the second try; 1s by default. */
  readonly BaseInterval?: Duration;
  /** The longest time between two tries. */
  readonly MaxInterval?: Duration;
}

export interface JwtProviderJWKSCluster {
  /** How Envoy finds the server; STRICT_DNS by default. */
  readonly DiscoveryType?: string;
  /** Whom to trust. */
  readonly TLSCertificates?: JwtProviderTLSCertificate;
  /** Time to connect; 5s by default. */
  readonly ConnectTimeout?: Duration;
}

export interface JwtProviderTLSCertificate {
  /** A provider of certificates that proxies know. */
  readonly CaCertificateProviderInstance?: JwtProviderCaCertificateProviderInstance;
  /** The authority that the certificate of the server must come from. */
  readonly TrustedCA?: JwtProviderTrustedCA;
}

export interface JwtProviderCaCertificateProviderInstance {
  /** The provider; "default" by default. */
  readonly InstanceName?: string;
  /** Which of its certificates. */
  readonly CertificateName?: string;
}

export interface JwtProviderTrustedCA {
  /** A file, PEM. */
  readonly Filename?: string;
  /** A variable of the environment. */
  readonly EnvironmentVariable?: string;
  /** The certificate itself, PEM. */
  readonly InlineString?: string;
  /** The certificate itself, base64. */
  readonly InlineBytes?: string;
}

export interface JwtProviderLocation {
  /** The token is in a header. */
  readonly Header?: JwtProviderHeader;
  /** The token is in the query. */
  readonly QueryParam?: JwtProviderQueryParam;
  /** The token is in a cookie. */
  readonly Cookie?: JwtProviderCookie;
}

export interface JwtProviderHeader {
  /** Name of the header. */
  readonly Name?: string;
  /** What stands before the token, such as "Bearer ". */
  readonly ValuePrefix?: string;
  /** Leave the header on the request. */
  readonly Forward?: boolean;
}

export interface JwtProviderQueryParam {
  /** Name of the parameter. */
  readonly Name?: string;
}

export interface JwtProviderCookie {
  /** Name of the cookie. */
  readonly Name?: string;
}

export interface JwtProviderForwarding {
  /** Header for the payload of the token. */
  readonly HeaderName?: string;
  /** Pad its base64. */
  readonly PadForwardPayloadHeader?: boolean;
}

export interface JwtProviderCacheConfig {
  /** How many tokens are remembered; 0: none. */
  readonly Size?: number;
}
