/**
 * The one thing that control plane and data plane share. Built from a catalog snapshot, it says everything that a sidecar
 * does, and nothing about how. The built-in data plane, Envoy (later) and `mesh explain` are three readings of it.
 */

export type Protocol = 'tcp' | 'http' | 'http2' | 'grpc';

export interface ProxyConfig {
  /** `<datacenter>/<node>/<proxy service id>`. */
  readonly id: string;
  /** The service this sidecar stands for, and its datacenter. */
  readonly service: string;
  readonly datacenter: string;
  /** SPIFFE URI of the sidecar's own leaf certificate. */
  readonly identity: string;
  readonly inbound: InboundListener;
  readonly outbound: readonly OutboundListener[];
  /** By name; every route and outbound listener refers to one of these. */
  readonly clusters: Readonly<Record<string, Cluster>>;
  /** Digest of everything above: equal hash, nothing to swap. */
  readonly hash: string;
}

export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export interface InboundListener {
  readonly bind: SocketAddress;
  readonly protocol: Protocol;
  /** Where the application really listens. */
  readonly app: SocketAddress;
  readonly connectTimeoutMs: number;
  /** Highest precedence first; the first whose source matches decides. */
  readonly intentions: readonly IntentionRule[];
  /** When no intention matches. */
  readonly defaultAction: IntentionAction;
}

export type IntentionAction = 'allow' | 'deny';

export interface IntentionRule {
  /** Source service, or `*`. */
  readonly source: string;
  readonly action: IntentionAction;
  readonly precedence: number;
}

export interface OutboundListener {
  /** Upstream id: `payments`, `payments?dc=dc2`. */
  readonly name: string;
  /** Several, when the upstream port is offered on the instance's own address and on 127.0.0.1. The first must bind, the others may fail. */
  readonly binds: readonly SocketAddress[];
  readonly protocol: Protocol;
  /** Tried in order; the last one matches everything. A tcp listener has exactly that one. */
  readonly routes: readonly Route[];
}

export interface Route {
  readonly match: RouteMatch;
  /** Weights add up to 100. */
  readonly splits: readonly RouteSplit[];
}

/** Later work adds headers, query parameters and methods; an absent field matches everything. */
export interface RouteMatch {
  readonly pathPrefix?: string;
}

export interface RouteSplit {
  readonly weight: number;
  readonly cluster: string;
}

export interface Cluster {
  /** Target id: `payments.default.default.dc1`. */
  readonly name: string;
  readonly service: string;
  readonly datacenter: string;
  readonly sni: string;
  /** SPIFFE URIs, one of which the server's certificate must carry. */
  readonly identities: readonly string[];
  readonly connectTimeoutMs: number;
  /** Healthy ones only. */
  readonly endpoints: readonly Endpoint[];
}

export interface Endpoint extends SocketAddress {
  /** `<node>/<proxy service id>` */
  readonly id: string;
  readonly weight: number;
}

/** A plain TCP forward without identity: a blueprint's `ingress` from a host port to workloads. Round robin over the targets. */
export interface ForwardConfig {
  /** Resource id: `ingress.web`. */
  readonly id: string;
  readonly bind: SocketAddress;
  readonly targets: readonly SocketAddress[];
}

/** A leaf certificate with its key (PEM, leaf first, then intermediates). Secret: never logged, never in a ProxyConfig. */
export interface LeafCertificate {
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

/** Asks a sidecar to prove its upstreams: mutual TLS with one endpoint of each cluster, whose sidecar dials its application. No request is sent. */
export interface DataplaneProbe {
  readonly type: 'probe';
  readonly id: number;
  readonly proxy: string;
}

export type DataplaneCommand = DataplaneUpdate | DataplaneProbe;

export type DataplaneReport =
  | { readonly type: 'hello'; readonly pid: number; readonly version: string }
  /** The listeners of everything in the update are bound, or `errors` says which are not (by proxy or forward id). */
  | { readonly type: 'ack'; readonly index: number; readonly errors: Readonly<Record<string, string>> }
  | { readonly type: 'probe-result'; readonly id: number; readonly upstreams: Readonly<Record<string, ProbeOutcome>> };

/** `denied`: an intention refuses this source, which is a decision and not a failure. */
export type ProbeOutcome = { readonly state: 'ok' | 'denied' } | { readonly state: 'failed'; readonly reason: string };

/** ALPN protocol of the readiness probe between sidecars: the inbound side dials its application and answers one line, `ok`, `denied` or `failed <reason>`. */
export const READY_ALPN = 'mesh-ready/1';
