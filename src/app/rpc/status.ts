import type { BlueprintMetadata } from '../../blueprints/metadata.ts';

/** What `mesh status` shows, and its `--json` form (`version` changes when the shape does). */
export interface StatusReport {
  readonly version: 1;
  readonly agent: AgentStatus;
  readonly blueprints: readonly BlueprintReport[];
  readonly resources: readonly ResourceStatusReport[];
  readonly workloads: readonly WorkloadReport[];
  readonly services: readonly ServiceReport[];
  readonly proxies: readonly ProxyReport[];
  readonly ingresses: readonly IngressReport[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface BlueprintReport {
  readonly name: string;
  readonly id: string;
  readonly since: string;
  /** What it says of itself. */
  readonly metadata?: BlueprintMetadata;
}

export interface IngressReport {
  readonly id: string;
  readonly url: string;
  /** The port of the blueprint, which `--ports auto` found taken. */
  readonly movedFrom?: number;
  readonly target: string;
  readonly error?: string;
}

export interface AgentStatus {
  readonly pid: number;
  readonly version: string;
  readonly http: string;
  readonly home: string;
  readonly since: string;
  /** Index of the catalog. */
  readonly index: number;
  readonly dataplane: { readonly pid: number | undefined; readonly connected: boolean };
  readonly addresses: 'loopback' | 'ports';
}

export interface ResourceStatusReport {
  readonly key: string;
  readonly status: string;
  readonly owners: readonly string[];
  readonly since: string;
  readonly error?: string;
}

export interface WorkloadReport {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly phase: string;
  readonly pid?: number;
  readonly since: string;
  readonly restarts: number;
  readonly lastExit?: number;
  /** As the blueprint says, and where it can be dialled. */
  readonly address: string;
  readonly reachable: string;
  readonly ports: readonly number[];
  readonly log: string;
}

export interface ServiceReport {
  readonly name: string;
  readonly datacenter: string;
  readonly protocol: string;
  readonly instances: readonly { readonly id: string; readonly node: string; readonly address: string; readonly health: string }[];
}

export interface ProxyReport {
  readonly id: string;
  readonly service: string;
  readonly protocol: string;
  readonly listen: string;
  readonly upstreams: readonly { readonly name: string; readonly protocol: string; readonly listen: string }[];
  /** Catalog index of the configuration it should serve, and of the one that it does. */
  readonly configIndex: number;
  readonly servesIndex: number;
  readonly error?: string;
}
