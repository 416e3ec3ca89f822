/**
 * One thing to run: what a blueprint's container and a pod's container become, and what a driver starts.
 * Addresses and ports are *virtual* (as the author wrote them); the driver maps them to what can be dialled here.
 */
export interface Workload {
  /** Unique in a home, and stable from run to run: `container.payments`, `k8s_config.web/web-0/web`. */
  readonly id: string;
  /** What people call it: `payments`, `web-0`. */
  readonly name: string;
  /** `nicholasjackson/fake-service:v0.24.2`. The driver resolves it to something to run. Empty: a command of this machine. */
  readonly image: string;
  /** A configuration file has a program of this machine stand for the image: it is the command, and `cwd` a folder of this machine. */
  readonly mapped?: true;
  /** Replaces the image's entry point (Docker's ENTRYPOINT, Kubernetes' `command`). */
  readonly entrypoint?: readonly string[];
  /** Replaces the image's arguments (Docker's CMD, Kubernetes' `args`). */
  readonly command?: readonly string[];
  /** Where it is started: a path of the workload's own, or of this machine. Absent: a folder of its own. */
  readonly cwd?: string;
  readonly env: Readonly<Record<string, string>>;
  /**
   * Which of several generations of a resource it belongs to while one takes the place of the other: names and addresses
   * that both have mean those of its own generation. Set by the engine, never by a resource type.
   */
  readonly generation?: number;
  /** IPv4 address in the network of the blueprint: `10.5.0.110`. Containers of one pod share it. Empty: it has none of its own. */
  readonly address: string;
  /** Ports that the application itself listens on, as far as they are known. */
  readonly ports: readonly WorkloadPort[];
  /**
   * The one that it is told to listen on, with its address, as programs expect it that were not written for a network of their
   * own: PORT, HOST, LISTEN_ADDR, MESH_ADDRESS. Its `env` is stronger.
   */
  readonly serves?: number;
  /** Ports of this instance's sidecar upstreams: `127.0.0.1:<port>` in its configuration means these. */
  readonly upstreamPorts: readonly number[];
  /** Ports of others that share its address (containers of the same pod, sidecars): `127.0.0.1:<port>` means these, too. */
  readonly neighbourPorts?: readonly number[];
  /** Names that other workloads may use for this address: `payments.container.shipyard.run`. */
  readonly names: readonly string[];
  /** Domains in which it looks for names, in this order (resolv.conf's `search`): a pod writes `payments` for a longer name. */
  readonly search?: readonly string[];
  /** Names that it alone knows, and the addresses behind them (its /etc/hosts). */
  readonly hosts?: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** The application counts as ready when all of these pass. */
  readonly readiness: readonly Probe[];
  /** The application is restarted when one of these fails for good. */
  readonly liveness: readonly Probe[];
  /** Time between SIGTERM and SIGKILL, in milliseconds. */
  readonly stopDeadlineMs: number;
}

/** Of a workload of which nothing is known but that it runs: nothing listens, nothing is checked. */
export const BARE = {
  ports: [],
  upstreamPorts: [],
  names: [],
  mounts: [],
  readiness: [],
  liveness: [],
} as const satisfies Partial<Workload>;

export interface WorkloadPort {
  readonly name?: string;
  readonly port: number;
}

/**
 * A host path, or a small text (ConfigMap, Secret) that the driver writes, at a path inside the workload. A path that is not
 * absolute is a folder that the driver makes for it (an emptyDir); `own` is one of the workload alone, in which its small texts
 * lie as well.
 */
export interface Mount {
  readonly destination: string;
  readonly source:
    | { readonly path: string }
    | { readonly text: string; readonly secret: boolean; readonly executable?: boolean }
    | { readonly own: true };
  readonly readOnly: boolean;
}

export type ProbeAction =
  | { readonly type: 'tcp'; readonly port: number }
  | {
      readonly type: 'http';
      readonly port: number;
      readonly path: string;
      readonly headers: Readonly<Record<string, string>>;
      /** GET without it. */
      readonly method?: string;
      readonly body?: string;
      /** Accepted status codes; empty means 200 to 399, as Kubernetes does. */
      readonly codes: readonly number[];
    }
  | { readonly type: 'exec'; readonly command: readonly string[] };

export interface Probe {
  readonly action: ProbeAction;
  readonly initialDelayMs: number;
  readonly periodMs: number;
  readonly timeoutMs: number;
  readonly successThreshold: number;
  readonly failureThreshold: number;
}
