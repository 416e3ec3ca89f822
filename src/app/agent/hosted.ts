import { appendFile } from 'node:fs/promises';
import { MeshError } from '../../base/errors.ts';
import type { Clock, Log } from '../../base/ports.ts';
import { until, type Watch, Watchable } from '../../base/watch.ts';
import type { Workload } from '../../base/workload.ts';
import type { HostedWorkload, WorkloadStatus } from '../../blueprints/context.ts';
import type { Driver } from '../../drivers/driver.ts';
import { describeEnd } from '../../drivers/exit.ts';
import { type Runner, Supervised } from '../../drivers/supervise/supervised.ts';
import { lastWords } from '../last-lines.ts';

/** What is needed of a driver. */
export interface HostingDriver extends Runner, Pick<Driver, 'logPath'> {
  /** Why a program that printed this could not run, if that can be told from the others. */
  trouble?(workload: Workload, printed: string): Promise<string | undefined>;
}

/** A workload of this agent: kept running by a supervisor, or paused, which takes its process and nothing else. */
export class Hosted implements HostedWorkload {
  readonly workload: Workload;
  readonly #parts: { driver: HostingDriver; clock: Clock; log: Log };
  readonly #status: Watchable<WorkloadStatus>;
  #supervised: Supervised | undefined;
  #unfollow: () => void = () => undefined;

  constructor(workload: Workload, parts: { driver: HostingDriver; clock: Clock; log: Log }) {
    this.workload = workload;
    this.#parts = parts;
    this.#status = new Watchable<WorkloadStatus>({ ...NEW, startedAt: parts.clock.now() });
  }

  get status(): Watch<WorkloadStatus> {
    return this.#status;
  }

  get paused(): boolean {
    return this.#status.value.phase === 'paused';
  }

  programPid(): Promise<number | undefined> {
    return this.#supervised?.programPid() ?? Promise.resolve(undefined);
  }

  async trouble(): Promise<string | undefined> {
    return this.#supervised?.trouble();
  }

  /** Starts it, or takes over the process of an earlier agent. Returns when that was tried once. */
  async begin(options: { adopt: boolean }): Promise<void> {
    const supervised = new Supervised({ workload: this.workload, ...this.#parts });
    this.#supervised = supervised;
    this.#unfollow();
    this.#status.set(supervised.status.value);
    this.#unfollow = supervised.status.subscribe((status) => this.#status.set(status));
    await supervised.begin(options);
  }

  /** From now on it shows that it is about to stop; its process knows nothing of that yet. */
  announceStop(): void {
    this.#unfollow();
    this.#status.set({ ...this.#status.value, phase: 'stopping' });
  }

  /** A line for people, among those that it prints. */
  note(line: string): Promise<void> {
    return appendFile(this.#parts.driver.logPath(this.workload.id), `${line}\n`).catch(() => undefined);
  }

  /** Ends its process, whoever started it. */
  async end(): Promise<void> {
    this.#unfollow();
    if (this.#supervised) await this.#supervised.halt();
    else await (await this.#parts.driver.adopt(this.workload.id))?.stop(this.workload.stopDeadlineMs);
    this.#supervised = undefined;
  }

  async pause(): Promise<void> {
    await this.end();
    this.#status.set({ ...this.#status.value, phase: 'paused', pid: undefined, startedAt: this.#parts.clock.now() });
  }

  /** Ends it and removes its files. */
  async stop(): Promise<void> {
    if (this.#supervised) return this.#supervised.stop();
    await this.#parts.driver.sweep(this.workload.id);
    this.#status.set({ ...this.#status.value, phase: 'stopped' });
  }

  /** Lets go without stopping the process. */
  release(): void {
    this.#supervised?.release();
  }

  async ready(signal: AbortSignal): Promise<void> {
    const ended = await until(this.#status, (status) => SETTLED.includes(status.phase), signal);
    const { phase, restarts } = ended;
    if (phase === 'ready') return;
    const { id, name } = this.workload;
    if (phase === 'stopped') throw new MeshError('incomplete', `${name} was stopped before it was ready`);
    const times = restarts === 0 ? 'once' : `${restarts + 1} times`;
    const words = await lastWords(this.#parts.driver.logPath(id));
    const early = ended.lastExitCause === 'not-started' ? '' : ' before it was ready';
    throw new MeshError('incomplete', `${name} ${describeEnd(ended)}${early}, ${times}; ${words}`, {
      hint: (await this.#parts.driver.trouble?.(this.workload, words)) ?? `mesh logs ${name}`,
    });
  }
}

const NEW: WorkloadStatus = { phase: 'starting', pid: undefined, startedAt: 0, restarts: 0, lastExit: undefined };
const SETTLED: readonly WorkloadStatus['phase'][] = ['ready', 'failed', 'stopped'];
