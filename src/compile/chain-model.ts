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
}

/** Routers and splitters join this union; what walks a chain switches over `type`. */
export type ChainNode = ResolverNode;

export interface ResolverNode {
  readonly type: 'resolver';
  /** `resolver:<target id>` */
  readonly id: string;
  /** Target id. */
  readonly target: string;
  readonly connectTimeoutMs: number;
  /** There is no resolver entry. */
  readonly isDefault: boolean;
}

export interface ChainTarget {
  /** `[subset.]service.namespace.partition.datacenter` */
  readonly id: string;
  readonly service: string;
  readonly datacenter: string;
  readonly sni: string;
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
}

export interface ChainOverrides {
  readonly protocol?: string;
  readonly connectTimeoutMs?: number;
}

/** Entries that contradict each other, in Consul's words. */
export interface GraphError {
  /** The chain that can't be compiled, or the destination whose intentions make no sense. */
  readonly service: string;
  readonly message: string;
}
