import type { EntryBase } from '../entries/kind.ts';
import type { SetCa } from './ca.ts';

/** Every stored thing carries the indexes at which it was made and last changed. */
export interface Indexed {
  readonly CreateIndex: number;
  readonly ModifyIndex: number;
}

/** Names follow Consul's JSON, so that an API handler is a projection and not a translation. */
export interface Node extends Indexed {
  readonly Node: string;
  readonly ID: string;
  readonly Address: string;
  readonly Datacenter: string;
  readonly TaggedAddresses: Readonly<Record<string, string>>;
  readonly Meta: Readonly<Record<string, string>>;
}

export interface ServiceAddress {
  readonly Address: string;
  readonly Port: number;
}

export interface ProxyUpstream {
  readonly DestinationType: 'service' | 'prepared_query';
  readonly DestinationName: string;
  /** Empty: the proxy's own datacenter. */
  readonly Datacenter: string;
  readonly LocalBindAddress: string;
  readonly LocalBindPort: number;
  readonly Config: Readonly<Record<string, unknown>>;
}

export interface ServiceProxy {
  readonly DestinationServiceName: string;
  readonly DestinationServiceID: string;
  readonly LocalServiceAddress: string;
  readonly LocalServicePort: number;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly Upstreams: readonly ProxyUpstream[];
}

export type ServiceKind = '' | 'connect-proxy' | 'ingress-gateway' | 'terminating-gateway' | 'mesh-gateway' | 'api-gateway';

/** One instance. `ID` is unique on its node; two nodes may have the same id. */
export interface Service extends Indexed {
  readonly Node: string;
  readonly Kind: ServiceKind;
  readonly ID: string;
  readonly Service: string;
  readonly Tags: readonly string[];
  /** Reachable (mapped) address; empty: the node's. The address of the blueprint stands in TaggedAddresses.blueprint. */
  readonly Address: string;
  readonly Port: number;
  readonly TaggedAddresses: Readonly<Record<string, ServiceAddress>>;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Weights: { readonly Passing: number; readonly Warning: number };
  readonly EnableTagOverride: boolean;
  /** Present for Kind connect-proxy. */
  readonly Proxy?: ServiceProxy;
  readonly ConnectNative: boolean;
}

export type CheckStatus = 'passing' | 'warning' | 'critical';

export interface Check extends Indexed {
  readonly Node: string;
  readonly CheckID: string;
  readonly Name: string;
  readonly Status: CheckStatus;
  readonly Notes: string;
  readonly Output: string;
  /** Empty for a node check. */
  readonly ServiceID: string;
  readonly ServiceName: string;
  readonly Type: string;
}

export type StoredEntry = EntryBase & Indexed;

/** One key of the key-value store. */
export interface KvPair extends Indexed {
  readonly Key: string;
  /** Base64. */
  readonly Value: string;
  readonly Flags: number;
  /** How often a session has taken it. */
  readonly LockIndex: number;
  /** The session that holds it. */
  readonly Session?: string;
}

/** Fields that the caller gives; indexes are the store's. */
export type Unindexed<T> = Omit<T, 'CreateIndex' | 'ModifyIndex'>;

/** Everything that changes a catalog. Plain JSON, so that the log on disk is a list of these. `dc` is the datacenter. */
export type Op =
  /** Consul's catalog register: upserts the node, and the service and checks if given, in one step. */
  | {
      readonly type: 'register';
      readonly dc: string;
      readonly node: Unindexed<Node>;
      readonly services?: readonly Unindexed<Service>[];
      readonly checks?: readonly Unindexed<Check>[];
    }
  /** Without service and check: the whole node. */
  | { readonly type: 'deregister'; readonly dc: string; readonly node: string; readonly serviceId?: string; readonly checkId?: string }
  | {
      readonly type: 'check-status';
      readonly dc: string;
      readonly node: string;
      readonly checkId: string;
      readonly status: CheckStatus;
      readonly output: string;
    }
  /** Upsert. With `cas`, only if the present ModifyIndex equals it (0: only if absent). */
  | { readonly type: 'put-entry'; readonly dc: string; readonly entry: EntryBase; readonly cas?: number }
  /** With all that is in it. One that is not there counts as removed. */
  | { readonly type: 'remove-datacenter'; readonly dc: string }
  | SetCa
  | { readonly type: 'delete-entry'; readonly dc: string; readonly kind: string; readonly name: string; readonly cas?: number };

/**
 * What a change touched, as strings that watchers compare: `dc1/node/payments`, `dc1/service/payments` (any instance or
 * check of that name), `dc1/connect/payments` (any sidecar that stands for it), `dc1/config/service-defaults/payments`,
 * `dc1/intentions/payments` (by destination). Names are in lower case; build and compare them with `keys.ts`.
 */
export type ChangeKey = string;
