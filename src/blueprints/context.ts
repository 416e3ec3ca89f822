import type { ServiceDefinition, UpstreamDefinition } from '../base/registration.ts';
import type { Watch } from '../base/watch.ts';
import type { Workload } from '../base/workload.ts';
import type { EntryBase } from '../entries/kind.ts';
import type { IntentionPermission } from '../entries/permissions.ts';
import type { DesiredResource } from './graph.ts';

/**
 * What a resource may do to the world. Resource types see only this; the agent wires it to a driver, the registry and the
 * data plane, tests to fakes.
 */
export interface ApplyContext {
  readonly workloads: WorkloadHost;
  readonly registry: RegistryPort;
  readonly forwards: ForwardPort;
  readonly datacenters: DatacenterPort;
  readonly files: FilePort;
  /** Virtual addresses of one network. */
  allocate(request: AddressRequest): Promise<string>;
  release(addresses: readonly string[]): Promise<void>;
  /** Who has allocated a virtual address. */
  addressHolder(address: string): string | undefined;
  /** Where a host port is open that passes to this resource when the one whose place it takes goes. */
  handedOver(port: number): number | undefined;
  /** Who holds a port of 127.0.0.1, in words; undefined when it is free. */
  portHolder(port: number): Promise<string | undefined>;
  /** Host port of the agent's own HTTP API, unless a Consul server of a blueprint has it. */
  apiPort(): number | undefined;
  /** Any free port of 127.0.0.1. */
  freePort(): Promise<number>;
  /** Keeps other homes from choosing a host port; false when one of them was faster. Two claims need two releases. */
  claimPort(port: number): Promise<boolean>;
  releasePort(port: number): void;
  /**
   * The workloads of these resources (keys with their generations), and of no others, don't run from now on: their traffic
   * ends first, then they do; everything else of them stays. Those of others that were paused start again.
   */
  setPaused(keys: ReadonlySet<string>): Promise<void>;
  /** Until this workload is stopped, a change of these files ends its traffic and then its process, and starts it again. */
  restartOnChange(id: string, watch: FileWatch): void;
  /** A resource of the state: itself, or one of its dependencies. */
  record(key: string, generation?: number): ResourceRecord;
  /** Specs of the other applied resources of a type, in the order in which they were made: before that of a key, and after it. */
  others(type: string, key: string, generation?: number): { readonly below: readonly unknown[]; readonly above: readonly unknown[] };
}

/** What a resource reserved, its spec, and where it is written. */
export interface ResourceRecord extends Pick<DesiredResource, 'spec' | 'definedAt' | 'place' | 'entryPlaces'> {
  readonly reservation: unknown;
}

export interface AddressRequest {
  /** Resource key, shown when an address or port is taken. */
  readonly owner: string;
  /** `10.5.0.0/16` */
  readonly subnet: string;
  /** A fixed address inside the subnet; otherwise the lowest free one. */
  readonly wanted?: string;
  readonly ports: readonly number[];
  readonly names: readonly string[];
  /** A port that this user may not open (below 1024) may stand for another one: whoever calls it reads the address first. */
  readonly movable?: true;
}

/** A workload that is being kept running. */
export interface HostedWorkload {
  readonly workload: Workload;
  readonly status: Watch<WorkloadStatus>;
  /** Pid of the program, if it runs. */
  programPid(): Promise<number | undefined>;
  /** Resolves when ready; rejects with a MeshError that shows the last lines of output if it has been given up. */
  ready(signal: AbortSignal): Promise<void>;
  /** What keeps it from being ready at this moment, in words; undefined if nothing can be told. */
  trouble(): Promise<string | undefined>;
}

export interface WorkloadStatus {
  readonly phase: 'starting' | 'running' | 'ready' | 'backoff' | 'stopping' | 'stopped' | 'failed' | 'paused';
  readonly pid: number | undefined;
  readonly startedAt: number;
  readonly restarts: number;
  readonly lastExit: number | undefined;
  /** When that was, in ms since the epoch, and why: by itself, because its liveness check failed, or it never began. */
  readonly lastExitAt?: number | undefined;
  readonly lastExitCause?: 'exited' | 'not-alive' | 'not-started' | undefined;
}

/** Files whose change restarts a workload. */
export interface FileWatch {
  /** Absolute. */
  readonly folder: string;
  /** Relative to the folder: `src/**`. */
  readonly patterns: readonly string[];
}

export interface WorkloadHost {
  /** Starts it; with `adopt`, takes over what runs under this id already. */
  start(workload: Workload, options: { adopt: boolean }): Promise<HostedWorkload>;
  get(id: string): HostedWorkload | undefined;
  /** Only looks at something that runs elsewhere: its status follows the workload's readiness probes, made there, until `stop`. */
  observe(workload: Workload, address: string): Promise<HostedWorkload>;
  /** Stops it if it runs, and removes its files. */
  stop(id: string): Promise<void>;
  /**
   * Runs it to its end. Resolves with what it printed when it exits with 0; otherwise rejects with a MeshError that shows the
   * exit code and the last lines. `timeoutMs` 0: no limit. When the signal aborts, its processes are ended. Its log stays
   * until `stop`.
   */
  runOnce(workload: Workload, options: { timeoutMs: number; signal: AbortSignal }): Promise<{ output: string }>;
  reach(address: string, port: number): { address: string; port: number };
  /** Removes a folder that relative mounts have made. */
  removeData(folder: string): Promise<void>;
}

export interface NodeRegistration {
  readonly name: string;
  /** Virtual address of the node. */
  readonly address: string;
  readonly meta: Readonly<Record<string, string>>;
}

/** One service with its sidecar, and the workloads on whose health its checks depend. */
export interface Registration {
  /** Absent: the implicit datacenter. */
  readonly datacenter?: string;
  readonly node: NodeRegistration;
  readonly service: ServiceDefinition;
  /** Virtual address of the instance. */
  readonly address: string;
  /** First inbound port of its sidecar. */
  readonly sidecarPort: number;
  /** Where it listens, if that is none of the blueprint's addresses: it runs elsewhere. */
  readonly elsewhere?: { readonly address: string; readonly port: number };
}

/** One source among the service-intentions of a destination: with an action, or with permissions. */
export interface WrittenIntention {
  readonly source: string;
  readonly destination: string;
  readonly action?: 'allow' | 'deny';
  readonly permissions?: readonly IntentionPermission[];
  readonly description?: string;
}

export interface RegistryPort {
  /** Registers critical; `watch` then keeps the checks at the workloads' state until `deregister`. */
  register(registration: Registration, workloads: readonly HostedWorkload[]): Promise<void>;
  /** Out of the registry, and the sidecar drained: when it resolves nobody is sent there any more, and requests have ended. */
  deregister(node: string, serviceId: string, datacenter?: string): Promise<void>;
  /** A central default that a manifest asks for; an existing entry is left alone. */
  setProtocolDefault(service: string, protocol: string, datacenter?: string): Promise<void>;
  /** Takes it back, unless somebody has written that entry since. */
  clearProtocolDefault(service: string, protocol: string, datacenter?: string): Promise<void>;
  /**
   * Writes config entries (normalized and validated already), all or none. Rejects with what contradicts what is there.
   * `onlyNew`: nothing is written when one of them is there already. `place`: where they were written, `/shop/v2/web.hcl:3`.
   */
  putEntries(entries: readonly EntryBase[], datacenter?: string, options?: PutEntriesOptions): Promise<void>;
  /**
   * Takes entries back that `putEntries` wrote, in an order that the chains allow. Those stay that somebody has written since
   * (unless `force` is set), or builds on.
   */
  removeEntries(entries: readonly EntryBase[], datacenter?: string, options?: RemoveEntriesOptions): Promise<void>;
  /** An entry as it stands now, without its indexes. */
  entry(kind: string, name: string, datacenter?: string): EntryBase | undefined;
  /** Puts one intention among those of its destination, in place of one with the same source. */
  putIntention(intention: WrittenIntention, datacenter?: string): Promise<void>;
  /** Takes it back, and nothing else, unless somebody has changed it since. */
  removeIntention(intention: WrittenIntention, datacenter?: string): Promise<void>;
  /** Resolves when the sidecar of this service serves its configuration. */
  sidecarReady(node: string, serviceId: string, signal: AbortSignal, datacenter?: string): Promise<void>;
  /** Resolves when the sidecar completed mutual TLS with this upstream, whose sidecar reached its application. */
  upstreamReady(node: string, serviceId: string, upstream: string, signal: AbortSignal, datacenter?: string): Promise<void>;
  /** Why `upstreamReady` would wait at this moment, in words; undefined if nothing can be told. */
  upstreamTrouble(node: string, serviceId: string, upstream: UpstreamName, datacenter?: string): Promise<string | undefined>;
}

export interface PutEntriesOptions {
  readonly onlyNew?: boolean;
  readonly place?: string;
  /** Of those that stand elsewhere. */
  readonly entryPlaces?: Readonly<Record<string, string>>;
}

export interface RemoveEntriesOptions {
  /** Also those that somebody has written since. */
  readonly force?: boolean;
  /** Entries that stand in the place of removed ones of their kind and name again. */
  readonly back?: readonly EntryBase[];
}

export type UpstreamName = Pick<UpstreamDefinition, 'service' | 'datacenter'>;

/** A container that runs a Consul server is a datacenter of the agent. */
export interface DatacenterSpec {
  readonly name: string;
  /** As the blueprint says: `consul:1.7.2`. */
  readonly image: string;
  /** Node name of its server. */
  readonly node: string;
  /** Virtual address and port of its HTTP API. */
  readonly address: string;
  readonly httpPort: number;
  /** Written once, when it starts (`config_entries { bootstrap }`); an entry that is there already stays. */
  readonly entries: readonly EntryBase[];
  /** Keys of other resources that are servers of the same datacenter: it goes with the last of them. */
  readonly beside?: readonly string[];
}

export interface DatacenterPort {
  /** `owner`: key of the resource. Rejects when another resource, which it does not stand beside, is that datacenter already. */
  open(owner: string, spec: DatacenterSpec): Promise<void>;
  /** With everything in it: nodes, services, entries. */
  close(owner: string, spec: DatacenterSpec): Promise<void>;
}

/** Files of the user that resources make (templates, copies, certificates). Absolute paths; folders are made. */
export interface FilePort {
  write(path: string, content: string | Uint8Array, mode: number): Promise<void>;
  /** A file, or a folder with all that is in it. `mode`: of files; undefined keeps theirs. Returns the files that were written. */
  copy(source: string, destination: string, mode: number | undefined): Promise<string[]>;
  /** The text of a file; undefined if there is none. */
  read(path: string): Promise<string | undefined>;
  /** Removes a file. What is not there counts as removed. */
  remove(path: string): Promise<void>;
}

export interface ForwardPort {
  /** Publishes where a named thing is (`container.web`, `k8s_cluster.k3s/default/svc/web`): the ready ones of several instances. */
  /** With `empty`, nothing is meant to be behind it: nobody waits for it to be ready. `nobody`: why nothing ever will be. */
  publish(
    name: string,
    targets: () => readonly string[],
    portOf: (port: number) => number,
    options?: { readonly empty: boolean; readonly nobody?: string },
  ): void;
  withdraw(name: string): void;
  /**
   * Opens a port. `target` is a published name, now or later. When two are open for one port, the first has it until it is
   * closed; then the next one takes its place, without a gap.
   */
  open(forward: Forward): void;
  close(id: string): void;
  /** Call when the readiness of a published thing changed. */
  refresh(): void;
  /** Resolves when what was under way to things that forwards no longer lead to has ended, or was given up. */
  settled(): Promise<void>;
  /** Resolves when the port accepts connections; for one that waits for its turn, when its target is ready. */
  ready(id: string, signal: AbortSignal): Promise<void>;
  /** Why `ready` would wait at this moment, in words; undefined if nothing can be told. */
  trouble(id: string): string | undefined;
}

export interface Forward {
  readonly id: string;
  /** Absent: 127.0.0.1, and it is a host port. Otherwise a virtual address that was allocated. */
  readonly address?: string;
  readonly hostPort: number;
  readonly wantedPort: number;
  readonly target: string;
  readonly targetPort: number;
  /** See `Workload.generation`. */
  readonly generation?: number;
  /** See `HostPort`. */
  readonly api?: true;
  readonly optional?: true;
}
