import type { EntryBase } from '../entries/kind.ts';
import type { AclOp } from './acl.ts';
import type { SetAutopilot } from './autopilot.ts';
import type { SetCa } from './ca.ts';
import type { EntryOp } from './config-entries.ts';
import type { CoordinateOp } from './coordinates.ts';
import type { KvOp } from './kv.ts';
import type { SetManualVips } from './manual-vips.ts';
import type { PeeringOp } from './peerings.ts';
import type { QueryOp } from './prepared-queries.ts';
import type { RestoreOp } from './saved-state.ts';
import type { SessionOp } from './sessions.ts';
import type { TxnOp } from './txn.ts';

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
  readonly Locality?: { readonly Region: string; readonly Zone: string };
}

export interface ServiceAddress {
  readonly Address: string;
  readonly Port: number;
}

/** How traffic leaves a datacenter: `local`, `remote`, `none`; empty: not said. */
export interface MeshGatewayMode {
  readonly Mode: string;
}

export interface ProxyUpstream {
  /** Empty, as a row of the catalog may say it, is a service. */
  readonly DestinationType: '' | 'service' | 'prepared_query';
  readonly DestinationName: string;
  /** A cluster that was peered with; it has no Datacenter then. */
  readonly DestinationPeer?: string;
  /** Empty: the proxy's own datacenter. */
  readonly Datacenter: string;
  readonly LocalBindAddress: string;
  readonly LocalBindPort: number;
  /** Instead of an address and a port. */
  readonly LocalBindSocketPath?: string;
  readonly LocalBindSocketMode?: string;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly MeshGateway?: MeshGatewayMode;
}

/** Paths that are served in plaintext, past the mesh. */
export interface ServiceExpose {
  readonly Checks?: boolean;
  readonly Paths?: readonly {
    readonly ListenerPort: number;
    readonly Path: string;
    readonly LocalPathPort: number;
    readonly Protocol: string;
  }[];
}

export interface ServiceProxy {
  readonly DestinationServiceName: string;
  readonly DestinationServiceID: string;
  readonly LocalServiceAddress: string;
  readonly LocalServicePort: number;
  readonly LocalServiceSocketPath?: string;
  /** `transparent`, `direct`; absent: not said. */
  readonly Mode?: string;
  readonly Config: Readonly<Record<string, unknown>>;
  readonly Upstreams: readonly ProxyUpstream[];
  readonly MeshGateway?: MeshGatewayMode;
  readonly Expose?: ServiceExpose;
  readonly TransparentProxy?: { readonly OutboundListenerPort?: number; readonly DialedDirectly?: boolean };
  readonly AccessLogs?: Readonly<Record<string, unknown>>;
  readonly EnvoyExtensions?: readonly unknown[];
}

/** Empty, `connect-proxy`, or one of the gateways: `ingress-gateway`, `terminating-gateway`, `mesh-gateway`, `api-gateway`. Consul stores any other text too. */
export type ServiceKind = string;

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
  /** A Unix socket, instead of address and port. */
  readonly SocketPath?: string;
  readonly TaggedAddresses: Readonly<Record<string, ServiceAddress>>;
  readonly Meta: Readonly<Record<string, string>>;
  readonly Weights: { readonly Passing: number; readonly Warning: number };
  readonly EnableTagOverride: boolean;
  /** Present for proxies and gateways. */
  readonly Proxy?: ServiceProxy;
  readonly ConnectNative: boolean;
  readonly Locality?: { readonly Region?: string; readonly Zone?: string };
  /**
   * Registered with the agent of its node (`/v1/agent/service/register`), which looks after it and its checks: `sidecar` when it
   * was nested in another service, with which it goes.
   */
  readonly Origin?: 'agent' | 'sidecar';
  /** A configuration file of the agent says so: it goes with the file. */
  readonly FromFile?: true;
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
  /** How it was to be made, for whoever wants to make it: what `/v1/catalog/register` was given, durations as texts. */
  readonly Definition?: Readonly<Record<string, unknown>>;
  /** Of a check that an agent makes: time between two, and the longest that one may take. */
  readonly Interval?: string;
  readonly Timeout?: string;
  readonly FromFile?: true;
  /** Present for a check that the agent of its node makes: what it does. */
  readonly Run?: CheckRun;
}

/** What an agent does to make a check. Times are in nanoseconds, as Go's. */
export interface CheckRun {
  readonly HTTP?: string;
  readonly Header?: Readonly<Record<string, readonly string[]>>;
  readonly Method?: string;
  readonly Body?: string;
  readonly DisableRedirects?: boolean;
  readonly TCP?: string;
  readonly TCPUseTLS?: boolean;
  readonly UDP?: string;
  readonly GRPC?: string;
  readonly GRPCUseTLS?: boolean;
  readonly H2PING?: string;
  readonly H2PingUseTLS?: boolean;
  readonly OSService?: string;
  readonly ScriptArgs?: readonly string[];
  readonly DockerContainerID?: string;
  readonly Shell?: string;
  readonly AliasNode?: string;
  readonly AliasService?: string;
  readonly TLSServerName?: string;
  readonly TLSSkipVerify?: boolean;
  readonly Interval?: number;
  readonly Timeout?: number;
  readonly TTL?: number;
  readonly SuccessBeforePassing?: number;
  readonly FailuresBeforeWarning?: number;
  readonly FailuresBeforeCritical?: number;
  readonly DeregisterCriticalServiceAfter?: number;
  /** In bytes. */
  readonly OutputMaxSize?: number;
}

export type StoredEntry = EntryBase & Indexed;

/** One key of the key-value store. */
export interface KvPair extends Indexed {
  readonly Key: string;
  /** Base64. */
  readonly Value: string;
  /** An unsigned number of 64 bits as decimal text: JSON's numbers end at 53. */
  readonly Flags: string;
  /** How often a session has taken it. */
  readonly LockIndex: number;
  /** The session that holds it. */
  readonly Session?: string;
}

/** A key that was deleted, or a prefix below which all were: what raises the index of a prefix that lost a key. */
export interface Tombstone extends Indexed {
  readonly Key: string;
}

/** A key that a session holds. */
export interface Lock extends Indexed {
  readonly Session: string;
  readonly Key: string;
}

/** What takes locks on keys, for as long as its node and its checks are well. */
export interface Session extends Indexed {
  /** A UUID in lower case. */
  readonly ID: string;
  readonly Name: string;
  readonly Node: string;
  /** Nanoseconds for which nobody can take its keys when it is gone. */
  readonly LockDelay: number;
  /** What becomes of its keys then. */
  readonly Behavior: 'release' | 'delete';
  /** A duration such as `15s` within which it must be renewed; empty: for ever. */
  readonly TTL: string;
  /** Ids of checks of its node, and of services there. */
  readonly NodeChecks: readonly string[];
  readonly ServiceChecks: readonly { readonly ID: string; readonly Namespace?: string }[];
}

/** Fields that the caller gives; indexes are the store's. */
export type Unindexed<T> = Omit<T, 'CreateIndex' | 'ModifyIndex'>;

/** Everything that changes a catalog. Plain JSON, so that the log on disk is a list of these. `dc` is the datacenter. */
export type Op =
  | KvOp
  | SessionOp
  | TxnOp
  | AclOp
  | CoordinateOp
  | QueryOp
  | RestoreOp
  /** Consul's catalog register: upserts the node, and the service and checks if given, in one step. */
  | {
      readonly type: 'register';
      readonly dc: string;
      readonly node: Unindexed<Node>;
      /** A node that is there stays as it is. */
      readonly skipNodeUpdate?: boolean;
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
  | EntryOp
  | PeeringOp
  /** With all that is in it. One that is not there counts as removed. */
  | { readonly type: 'remove-datacenter'; readonly dc: string }
  | SetAutopilot
  | SetManualVips
  | SetCa;

/**
 * What a change touched, as strings that watchers compare: `dc1/node/payments`, `dc1/service/payments` (any instance or
 * check of that name), `dc1/connect/payments` (any sidecar that stands for it), `dc1/config/service-defaults/payments`,
 * `dc1/intentions/payments` (by destination). Names are in lower case; build and compare them with `keys.ts`.
 */
export type ChangeKey = string;
