/** `GET /v1/mesh/blueprints`: what is applied, and what could be. */
export interface Blueprints {
  readonly applied: readonly AppliedInfo[];
  /** Shipped ones, and folders beside those that are applied. */
  readonly available: readonly AvailableInfo[];
  /** The agent ends with the last applied one, and with it the mesh. */
  readonly endsWithLast: boolean;
}

export interface AppliedInfo {
  /** Path of its folder or file: what `plan`, `run` and `destroy` are told. */
  readonly id: string;
  readonly name: string;
  readonly title?: string;
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly paused: boolean;
  /** Names of others that it builds on. */
  readonly buildsOn: readonly string[];
  /** Its files are here, so that it can be planned and run again. */
  readonly readable: boolean;
  readonly resources: readonly ResourceInfo[];
}

export interface ResourceInfo {
  /** `container.web` */
  readonly key: string;
  readonly status: 'creating' | 'created' | 'updating' | 'failed' | 'destroying';
  /** Milliseconds since the epoch. */
  readonly since: number;
  readonly error?: string;
  /** Its processes, where it has any. */
  readonly workloads: readonly WorkloadInfo[];
  /** Where an ingress is open: `http://localhost:9090`. */
  readonly url?: string;
}

export interface WorkloadInfo {
  /** `k8s_config.web/web-0/web` */
  readonly id: string;
  /** `running`, `backing-off`, … as in `mesh status`. */
  readonly phase: string;
  readonly restarts: number;
  /** Where its ports can be dialled. */
  readonly endpoints: readonly string[];
}

export interface AvailableInfo {
  readonly id: string;
  readonly name: string;
  /** With the package, or beside one that is applied. */
  readonly origin: 'shipped' | 'folder';
}

/** What the command line is asked to do with a blueprint. */
export type BlueprintVerb = 'plan' | 'run' | 'destroy';

/** Body of `POST /v1/mesh/blueprints/plan`, `…/run` and `…/destroy`. */
export interface BlueprintOrder {
  /** Of the listing. */
  readonly id: string;
  /** A taken port moves to a free one (`--ports auto`). */
  readonly movePorts?: boolean;
  /** Ids of applied blueprints whose place it takes (`--replace`). */
  readonly replace?: readonly string[];
}

/** A line of the answer: what the command says as it goes on; what it printed with `--json`, `{error}` among it; how it ended. */
export type BlueprintProgress =
  | { readonly type: 'message'; readonly text: string }
  | { readonly type: 'result'; readonly value: unknown }
  | { readonly type: 'end'; readonly exit: number };
