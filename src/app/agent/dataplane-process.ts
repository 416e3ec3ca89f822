import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock, Log } from '../../base/ports.ts';
import { BARE, type Workload } from '../../base/workload.ts';
import { workerSocket } from '../../control/dataplane/workers.ts';
import { findTree, spawnTree } from '../../drivers/process/processes.ts';
import { type Runner, Supervised } from '../../drivers/supervise/supervised.ts';
import type { Home } from '../home.ts';

/** Nobody is served while it is away: it is back within a second, even if it was killed several times in a row. One that has served starts at once. */
const BACK_OFF = { firstMs: 10, maxMs: 500, stableMs: 500 };

export interface DataplaneProcessOptions {
  readonly home: Home;
  /** Node and the bundle of the data plane. */
  readonly program: readonly string[];
  /** Processes that the sidecars are spread over. */
  readonly workers: number;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: Log;
}

/** The processes of the data plane, or whatever takes their place. */
export interface DataplaneHost {
  begin(options: { adopt: boolean }): Promise<void>;
  stop(): Promise<void>;
  release(): void;
  endFormer(): Promise<void>;
}

/**
 * The data plane as supervised processes. They outlive the agent and are found again by their markers; they dial the agent's
 * sockets by themselves, so nothing has to be handed over.
 */
export class DataplaneProcesses implements DataplaneHost {
  readonly #options: DataplaneProcessOptions;
  readonly #processes: readonly Supervised[];

  constructor(options: DataplaneProcessOptions) {
    this.#options = options;
    this.#processes = Array.from({ length: options.workers }, (_, worker) => dataplaneProcess(options, worker));
  }

  async begin(options: { adopt: boolean }): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.begin(options)));
  }

  async stop(): Promise<void> {
    await Promise.all(this.#processes.map((one) => one.stop()));
  }

  /** The agent ends, they go on. */
  release(): void {
    for (const one of this.#processes) one.release();
  }

  /** Ends those that an earlier agent had more of: they hold addresses that the ones of this agent need. */
  async endFormer(): Promise<void> {
    const { home, workers } = this.#options;
    const names = await readdir(home.runDir).catch(() => []);
    const numbers = names.map((name) => Number(/^dataplane-(\d+)\.pid$/.exec(name)?.[1] ?? 0));
    await Promise.all(numbers.filter((worker) => worker >= workers).map((worker) => sweep(markerOf(home, worker))));
  }
}

function markerOf(home: Home, worker: number): string {
  return join(home.runDir, worker === 0 ? 'dataplane' : `dataplane-${worker}`);
}

async function sweep(marker: string): Promise<void> {
  await (await findTree(marker))?.stop(0);
  await Promise.all([`${marker}.pid`, `${marker}.exit`].map((path) => rm(path, { force: true })));
}

function dataplaneProcess({ home, program, env, clock, log }: DataplaneProcessOptions, worker: number): Supervised {
  const marker = markerOf(home, worker);
  const command = [...program, workerSocket(home.dataplaneSocket, worker), home.logDir];
  const logPath = join(home.logDir, 'dataplane.log');
  const runner: Runner = {
    start: () => spawnTree({ marker, command, env, cwd: home.root, logPath }),
    adopt: () => findTree(marker),
    probe: () => Promise.resolve(true),
    listening: () => Promise.resolve(undefined),
    sweep: () => sweep(marker),
  };
  const workload: Workload = {
    id: worker === 0 ? 'dataplane' : `dataplane-${worker}`,
    name: 'dataplane',
    image: '',
    env: {},
    address: '127.0.0.1',
    ...BARE,
    // It is stopped only when nothing is left behind it.
    stopDeadlineMs: 0,
  };
  return new Supervised({ workload, driver: runner, clock, log, backOff: BACK_OFF });
}
