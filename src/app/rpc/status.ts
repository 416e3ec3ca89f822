import type { BlueprintMetadata } from '../../blueprints/metadata.ts';

/** What `mesh status` shows, and its `--json` form (`version` changes when the shape does). */
export interface StatusReport {
  readonly version: 1;
  readonly agent: AgentStatus;
  readonly blueprints: readonly BlueprintReport[];
  readonly resources: readonly ResourceStatusReport[];
  readonly workloads: readonly WorkloadReport[];
  /** Commands and Jobs that ran to their end, or are on their way, since the agent has been up. */
  readonly runs: readonly RunReport[];
  readonly services: readonly ServiceReport[];
  readonly proxies: readonly ProxyReport[];
  readonly ingresses: readonly IngressReport[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface BlueprintReport {
  readonly name: string;
  readonly id: string;
  readonly since: string;
  /** Names of the blueprints that it builds on. */
  readonly buildsOn?: readonly string[];
  /** Its workloads don't run until `mesh resume`. */
  readonly paused?: true;
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
  /** Where the agent answers DNS, UDP and TCP; absent while it doesn't. */
  readonly dns?: string;
  readonly home: string;
  readonly since: string;
  /** Index of the catalog. */
  readonly index: number;
  /** `pids`: of all its processes, where there are several. `version`: of its code, which outlives a restart of the agent. */
  readonly dataplane: {
    readonly pid: number | undefined;
    readonly pids?: readonly number[];
    readonly connected: boolean;
    readonly version?: string;
  };
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
  /** As in its blueprint: `k8s_config.web/web-0/web`. While one takes the place of another, both have it. */
  readonly id: string;
  /** Which of them it is; absent for one that has replaced nothing. */
  readonly generation?: number;
  readonly name: string;
  /** Names of the blueprints that ask for it. */
  readonly owners: readonly string[];
  readonly image: string;
  readonly phase: string;
  readonly pid?: number;
  readonly since: string;
  readonly restarts: number;
  /** Exit code of the process before the present one; 128 + its number when a signal ended it. */
  readonly lastExit?: number;
  readonly lastExitAt?: string;
  /** `exited with code 3`, `was ended by signal 9 (SIGKILL)`, `was restarted: its liveness check failed`. */
  readonly lastExitReason?: string;
  /** What it printed last, when it has given up or waits for its next start. */
  readonly lastLines?: readonly string[];
  /** As the blueprint says, and where it can be dialled. */
  readonly address: string;
  readonly reachable: string;
  readonly ports: readonly number[];
  /** Where each of its ports can be dialled, in their order: `127.5.0.110:9090`, or another port where only 127.0.0.1 exists. */
  readonly endpoints: readonly string[];
  readonly log: string;
  /** Absent: that of its image. */
  readonly command?: readonly string[];
  readonly mounts?: readonly MountReport[];
  /** `readiness: http GET :9090/ready every 10s`. */
  readonly checks?: readonly string[];
}

export interface MountReport {
  readonly destination: string;
  /** A path of this machine. Absent: a text of its manifests. */
  readonly source?: string;
  readonly readOnly: boolean;
}

export interface RunReport {
  /** As that of a workload. */
  readonly id: string;
  readonly generation?: number;
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly state: 'running' | 'done' | 'failed';
  readonly since: string;
  readonly endedAt?: string;
  readonly exit?: number;
  /** How it ended, unless with code 0. */
  readonly reason?: string;
  readonly lastLines?: readonly string[];
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
  /** Or the name of the gateway. */
  readonly service: string;
  /** Of what it takes for its service; a gateway takes nothing for one. */
  readonly protocol?: string;
  readonly listen?: string;
  /** Of a gateway: its listeners. */
  readonly upstreams: readonly { readonly name: string; readonly protocol: string; readonly listen: string }[];
  /** Catalog index of the configuration it should serve, and of the one that it does. */
  readonly configIndex: number;
  readonly servesIndex: number;
  readonly error?: string;
}
