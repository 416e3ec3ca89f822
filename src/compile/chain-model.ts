import type { ServiceDefaults } from '../entries/service-defaults.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import type { ServiceRoute } from '../entries/service-router.ts';
import type { ServiceSplit } from '../entries/service-splitter.ts';

/** How calls to a service are routed, split and resolved: Consul's discovery chain. Ids have the form of newer versions. */
export interface Chain {
  readonly service: string;
  /** Where it was evaluated: the datacenter of its targets, unless an entry says otherwise. */
  readonly datacenter: string;
  /** As configured; only http, http2 and grpc carry requests that can be told apart. */
  readonly protocol: string;
  readonly startNode: string;
  readonly nodes: Readonly<Record<string, ChainNode>>;
  readonly targets: Readonly<Record<string, ChainTarget>>;
  /** No entry shapes it. */
  readonly isDefault: boolean;
  /** Digest of the overrides that took effect, eight hex digits; undefined when none did. */
  readonly customizationHash: string | undefined;
  /** Of the service-defaults of the service. */
  readonly serviceMeta: Readonly<Record<string, string>>;
  /** Of proxy-defaults, then of the service-defaults of the service. */
  readonly envoyExtensions: NonNullable<ServiceDefaults['EnvoyExtensions']>;
}

export type ChainNode = RouterNode | SplitterNode | ResolverNode;

/** Only the service itself is routed: routers of what it leads to do not count. */
export interface RouterNode {
  readonly type: 'router';
  /** `router:payments.default.default` */
  readonly id: string;
  /** The first that matches counts; the last one matches everything. */
  readonly routes: readonly ChainRoute[];
}

export interface ChainRoute {
  readonly definition: ServiceRoute;
  /** Node id. */
  readonly next: string;
}

export interface SplitterNode {
  readonly type: 'splitter';
  /** `splitter:payments.default.default` */
  readonly id: string;
  readonly splits: readonly ChainSplit[];
  /** Of the first part whose instances are chosen by a hash: only one such rule can hold for all parts. */
  readonly loadBalancer: ServiceResolver['LoadBalancer'];
}

export interface ChainSplit {
  /** With the header edits of the splitters that led here merged in. */
  readonly definition: ServiceSplit;
  /** Percent. */
  readonly weight: number;
  /** Node id. */
  readonly next: string;
}

export interface ResolverNode {
  readonly type: 'resolver';
  /** `resolver:<target id>` */
  readonly id: string;
  /** Target id. */
  readonly target: string;
  readonly connectTimeoutMs: number;
  /** Undefined: nothing said. */
  readonly requestTimeoutMs: number | undefined;
  /** No resolver entry says anything. */
  readonly isDefault: boolean;
  /** Target ids to use instead, in order, as long as the target has no instance that can be called. */
  readonly failover: readonly string[];
  readonly loadBalancer: ServiceResolver['LoadBalancer'];
}

export interface ChainTarget {
  /** `[subset.]service.namespace.partition.datacenter`, `service.namespace.partition.external.peer` */
  readonly id: string;
  readonly service: string;
  /** Empty: all instances. */
  readonly subset: string;
  /** Empty for a service of a peer. */
  readonly datacenter: string;
  /** Empty: of this mesh. */
  readonly peer: string;
  /** Empty for a service of a peer: only it knows. */
  readonly sni: string;
  /** Name of it in stable form; differs from the SNI only for external services. */
  readonly name: string;
  /** Which instances belong to it: an expression, empty for all. */
  readonly filter: string;
  /** Those with warnings do not. */
  readonly onlyPassing: boolean;
  /** Near instances are preferred. Absent: all are alike. */
  readonly byLocality?: true;
  readonly connectTimeoutMs: number;
  /** How another datacenter is reached; empty: directly. */
  readonly meshGateway: string;
  /** Instances may be called by their own address. */
  readonly dialedDirectly: boolean;
  /** Stands for a system outside the mesh. */
  readonly external: boolean;
}

export interface ChainRequest {
  /** Whose config entries are read: the caller's datacenter. */
  readonly dc: string;
  readonly service: string;
  /** The upstream's datacenter; `dc` by default. */
  readonly evaluateInDc?: string;
  readonly trustDomain: string;
  /** Of the upstream's own configuration: stronger than what the entries say. */
  readonly overrides?: ChainOverrides;
  /** As what a route of an API gateway leads to, which has matched the request already. */
  readonly withoutRouter?: boolean;
  /** Consul 1.8: mesh gateways are spoken of for other datacenters only. */
  readonly gatewaysElsewhereOnly?: boolean;
}

export interface ChainOverrides {
  /** One without requests also switches routers and splitters off. */
  readonly protocol?: string;
  readonly connectTimeoutMs?: number;
  readonly meshGateway?: string;
}

/** Entries that contradict each other, in Consul's words. */
export interface GraphError {
  /** The chain that can't be compiled, or the destination whose intentions make no sense. */
  readonly service: string;
  readonly message: string;
}
