import type { ProbeAction, Workload } from '../base/workload.ts';

/** Where something listens, as any local client can dial it. */
export interface Reachable {
  readonly address: string;
  readonly port: number;
}

/** Virtual addresses that a resource is about to use, with the ports that must be free on them. */
export interface AddressClaim {
  /** Who asks: shown when the address or port is taken. */
  readonly owner: string;
  readonly address: string;
  readonly ports: readonly number[];
  readonly names: readonly string[];
  /** Ports that this user may not open may stand for others. */
  readonly movable?: true;
}

export interface Exit {
  /** Exit code; 128 + signal number when a signal ended it; undefined when it could not be learnt (a reboot). */
  readonly code: number | undefined;
}

/** A started process tree, whoever started it. */
export interface Running {
  /** Leader of the tree. */
  readonly pid: number;
  /** When it was started, in ms since the epoch. */
  readonly startedAt: number;
  /** Pid of the program itself, for people and debuggers. */
  programPid(): Promise<number>;
  readonly exited: Promise<Exit>;
  /** SIGTERM to the whole tree, SIGKILL after the deadline. Resolves when it is gone. */
  stop(deadlineMs: number): Promise<void>;
}

/** A command line with everything that it needs: for a caller that lends it a terminal. */
export interface ExecPlan {
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
}

/** Something that can run workloads: local processes today; containers or network namespaces behind the same interface later. */
export interface Driver {
  readonly name: string;
  /** Claims addresses for later `start`s, all or none, so that each workload can be told of the others. Idempotent by address. */
  reserve(claims: readonly AddressClaim[]): Promise<void>;
  release(addresses: readonly string[]): Promise<void>;
  /** What is claimed, by address. */
  readonly claimed: ReadonlyMap<string, { readonly owner: string; readonly reachable: string }>;
  /** Where a virtual endpoint can be dialled. The address must be reserved. */
  reach(address: string, port: number): Reachable;
  /** Starts it once; throws if it can't be started at all. Output goes to `logPath`. */
  start(workload: Workload): Promise<Running>;
  /** Takes over what an earlier agent started under this workload id, if it is still alive. */
  adopt(workloadId: string): Promise<Running | undefined>;
  /** Ends whatever runs under this id, known or not, and removes its files. */
  sweep(workloadId: string): Promise<void>;
  /** Removes a folder that mounts with a relative path have made. */
  removeData(folder: string): Promise<void>;
  /** How to run a further command beside a workload, as if inside it. */
  exec(workload: Workload, command: readonly string[]): Promise<ExecPlan>;
  /** One check of a running workload; false counts as a failure. */
  probe(workload: Workload, action: ProbeAction, timeoutMs: number): Promise<boolean>;
  /** Ports on which a running workload listens; undefined where that can't be learnt. */
  listening(workload: Workload): Promise<readonly number[] | undefined>;
  logPath(workloadId: string): string;
}
