import type { ServiceDefinition } from '../base/registration.ts';
import type { Watch } from '../base/watch.ts';
import type { Workload } from '../base/workload.ts';

/**
 * What a resource may do to the world. Resource types see only this; the agent wires it to a driver, the registry and the
 * data plane, tests to fakes.
 */
export interface ApplyContext {
  readonly workloads: WorkloadHost;
  readonly registry: RegistryPort;
  readonly forwards: ForwardPort;
  /** Virtual addresses of one network. */
  allocate(request: AddressRequest): Promise<string>;
  release(addresses: readonly string[]): Promise<void>;
  /** Who holds a port of 127.0.0.1, in words; undefined when it is free. */
  portHolder(port: number): Promise<string | undefined>;
  /** Any free port of 127.0.0.1. */
  freePort(): Promise<number>;
  /** Keeps other homes from choosing a host port; false when one of them was faster. */
  claimPort(port: number): Promise<boolean>;
  releasePort(port: number): void;
  /** What another resource of the state reserved, and its spec. The key must be among the dependencies. */
  record(key: string): { readonly spec: unknown; readonly reservation: unknown };
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
}

/** A workload that is being kept running. */
export interface HostedWorkload {
  readonly workload: Workload;
  readonly status: Watch<WorkloadStatus>;
  /** Pid of the program, if it runs. */
  programPid(): Promise<number | undefined>;
  /** Resolves when ready; rejects with a MeshError that shows the last lines of output if it has been given up. */
  ready(signal: AbortSignal): Promise<void>;
}

export interface WorkloadStatus {
  readonly phase: 'starting' | 'running' | 'ready' | 'backoff' | 'stopping' | 'stopped' | 'failed';
  readonly pid: number | undefined;
  readonly startedAt: number;
  readonly restarts: number;
  readonly lastExit: number | undefined;
}

export interface WorkloadHost {
  /** Starts it; with `adopt`, takes over what runs under this id already. */
  start(workload: Workload, options: { adopt: boolean }): Promise<HostedWorkload>;
  get(id: string): HostedWorkload | undefined;
  /** Stops it if it runs, and removes its files. */
  stop(id: string): Promise<void>;
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
  readonly node: NodeRegistration;
  readonly service: ServiceDefinition;
  /** Virtual address of the instance. */
  readonly address: string;
  /** First inbound port of its sidecar. */
  readonly sidecarPort: number;
}

export interface RegistryPort {
  /** Registers critical; `watch` then keeps the checks at the workloads' state until `deregister`. */
  register(registration: Registration, workloads: readonly HostedWorkload[]): Promise<void>;
  deregister(node: string, serviceId: string): Promise<void>;
  /** A central default that a manifest asks for; an existing entry is left alone. */
  setProtocolDefault(service: string, protocol: string): Promise<void>;
  /** Takes it back, unless somebody has written that entry since. */
  clearProtocolDefault(service: string, protocol: string): Promise<void>;
  /** Resolves when the sidecar of this service serves its configuration. */
  sidecarReady(node: string, serviceId: string, signal: AbortSignal): Promise<void>;
  /** Resolves when the sidecar completed mutual TLS with this upstream, whose sidecar reached its application. */
  upstreamReady(node: string, serviceId: string, upstream: string, signal: AbortSignal): Promise<void>;
}

export interface ForwardPort {
  /** Publishes where a named thing is (`container.web`, `k8s_cluster.k3s/default/svc/web`): the ready ones of several instances. */
  publish(name: string, targets: () => readonly string[], portOf: (port: number) => number): void;
  withdraw(name: string): void;
  /** Opens a host port. `target` is a published name, now or later. */
  open(forward: { id: string; hostPort: number; wantedPort: number; target: string; targetPort: number }): void;
  close(id: string): void;
  /** Call when the readiness of a published thing changed. */
  refresh(): void;
  /** Resolves when the host port accepts connections. */
  ready(id: string, signal: AbortSignal): Promise<void>;
}
