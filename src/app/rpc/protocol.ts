import type { ErrorJson } from '../../base/errors.ts';
import type { MetricsFormat } from '../../base/metrics-format.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { DesiredGraph } from '../../blueprints/graph.ts';
import type { PlanReport } from '../../blueprints/plan-report.ts';
import type { ProbeOutcome } from '../../compile/proxy-config.ts';
import type { ExecPlan } from '../../drivers/driver.ts';
import type { Applied } from '../applied.ts';
import type { StatusReport } from './status.ts';

/**
 * The private protocol between the command line and the agent of its home: one JSON object a line over a Unix socket.
 * A connection carries one call: `{method, params}`, then any number of `{event}` and at last `{result}` or `{error}`.
 * While a `run` or `destroy` is under way the caller may send `{cancel: true}`; hanging up only detaches.
 */
export interface Methods {
  run: {
    params: {
      graph: DesiredGraph;
      timeoutMs: number;
      ports: 'fixed' | 'auto';
      /** Ids of the blueprints whose place this one takes. */
      replacing?: readonly string[];
    };
    event: ApplyEvent;
    result: RunResult;
  };
  /** What a `run` with these would do, or why it would be refused. */
  plan: {
    params: Omit<Params<'run'>, 'timeoutMs'> & {
      /** Blueprints that it builds on and that don't run: what comes first. */
      after?: readonly DesiredGraph[];
    };
    event: ApplyEvent;
    result: PlanReport;
  };
  destroy: { params: Selection | 'all'; event: ApplyEvent; result: DestroyResult };
  /** Ends the workloads of blueprints; everything else of them stays. */
  pause: {
    params: Selection | 'all';
    event: ApplyEvent;
    result: { readonly paused: readonly string[]; readonly already: readonly string[] };
  };
  /** Starts them again, and waits until they are ready. */
  resume: {
    params: { selection: Selection | 'all'; timeoutMs: number };
    event: ApplyEvent;
    result: { readonly resumed: readonly string[]; readonly already: readonly string[] };
  };
  /** Runs applied blueprints again with another number of pods, by name of their deployments, and with nothing else changed. */
  scale: {
    params: { counts: Readonly<Record<string, number>>; timeoutMs: number; ports: 'fixed' | 'auto' };
    event: ApplyEvent;
    result: ScaleResult;
  };
  status: { params: Record<string, never>; event: never; result: StatusReport };
  /** The next run makes a resource anew. */
  taint: { params: { key: string }; event: never; result: { known: readonly string[] } };
  /** What is applied, in full: for reading a blueprint that builds on others. */
  applied: { params: Record<string, never>; event: never; result: Applied };
  /** How a further command runs beside a workload, as if inside it. Its environment may hold secrets. */
  exec: { params: { id: string; generation?: number; command: readonly string[] }; event: never; result: ExecPlan };
  /** Waits until the data plane serves everything that was committed before the call. */
  sync: { params: { timeoutMs: number }; event: never; result: { serving: number; total: number; index: number } };
  /** Proves the upstreams of a sidecar now, by its id: mutual TLS up to their applications, without a request. */
  probe: { params: { proxy: string }; event: never; result: Readonly<Record<string, ProbeOutcome>> };
  /** What sidecars have counted, as text for Prometheus; of one, by its id. */
  metrics: { params: { format: MetricsFormat; proxy?: string }; event: never; result: { readonly text: string } };
  /** Ends the agent. Workloads and data plane go on; with `dismantle` the data plane and the datacenter go too. */
  shutdown: { params: { dismantle?: boolean }; event: never; result: Record<string, never> };
}

/** Applied blueprints, by id, or by name where no id is known: its folder may have been moved or deleted since. */
export interface Selection {
  readonly ids: readonly string[];
  readonly names: readonly string[];
}

export interface RunResult {
  /** Pages that what was made now wants to be opened. */
  readonly browse: readonly string[];
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly status: StatusReport;
}

export interface ScaleResult {
  /** Names of the blueprints that were run again. */
  readonly blueprints: readonly string[];
  readonly scaled: readonly { readonly name: string; readonly owner: string; readonly from: number; readonly to: number }[];
  readonly status: StatusReport;
}

export interface DestroyResult {
  /** Names of the blueprints that are gone. */
  readonly destroyed: readonly string[];
  /** Names asked for that were not applied. */
  readonly absent: readonly string[];
  /** Blueprints that stay applied. */
  readonly remaining: readonly string[];
  /** The last one is gone, and the agent goes with it. */
  readonly agentStopping: boolean;
}

export type Method = keyof Methods;
export type Params<M extends Method> = Methods[M]['params'];
export type Event<M extends Method> = Methods[M]['event'];
export type Result<M extends Method> = Methods[M]['result'];

export interface CallLine {
  readonly method: Method;
  readonly params: unknown;
  /** Version of the caller. */
  readonly version: string;
}

export type ReplyLine =
  | { readonly alive: true }
  | { readonly event: unknown }
  | { readonly result: unknown; readonly version: string }
  | { readonly error: ErrorJson; readonly version: string };

/** The message of a call that came too late: the agent ends with its last blueprint, and a new one has to be started. */
export const AGENT_ENDING = 'the agent is ending';

/** While a call is under way, the agent says this often that it is alive. */
export const ALIVE_MS = 1000;
