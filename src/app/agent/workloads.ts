import { readFile } from 'node:fs/promises';
import { MeshError } from '../../base/errors.ts';
import type { Clock, Log } from '../../base/ports.ts';
import type { Workload } from '../../base/workload.ts';
import type { HostedWorkload, WorkloadHost } from '../../blueprints/context.ts';
import type { Driver } from '../../drivers/driver.ts';
import { Supervised, type SupervisedStatus } from '../../drivers/supervise/supervised.ts';

/** All supervised workloads of an agent. */
export class Workloads implements WorkloadHost {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #hosted = new Map<string, Hosted>();

  constructor(options: { driver: Driver; clock: Clock; log: Log }) {
    this.#driver = options.driver;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  async start(workload: Workload, options: { adopt: boolean }): Promise<HostedWorkload> {
    await this.#hosted.get(workload.id)?.supervised.stop();
    if (!options.adopt) await this.#driver.sweep(workload.id);
    const supervised = new Supervised({ workload, driver: this.#driver, clock: this.#clock, log: this.#log });
    const hosted = new Hosted(supervised, this.#driver.logPath(workload.id));
    this.#hosted.set(workload.id, hosted);
    await supervised.begin(options);
    return hosted;
  }

  get(id: string): HostedWorkload | undefined {
    return this.#hosted.get(id);
  }

  all(): HostedWorkload[] {
    return [...this.#hosted.values()];
  }

  async stop(id: string): Promise<void> {
    const hosted = this.#hosted.get(id);
    this.#hosted.delete(id);
    if (hosted) await hosted.supervised.stop();
    else await this.#driver.sweep(id);
  }

  removeData(folder: string): Promise<void> {
    return this.#driver.removeData(folder);
  }

  reach(address: string, port: number): { address: string; port: number } {
    return this.#driver.reach(address, port);
  }

  /** The agent ends; the workloads go on. */
  release(): void {
    for (const hosted of this.#hosted.values()) hosted.supervised.release();
  }
}

class Hosted implements HostedWorkload {
  readonly supervised: Supervised;
  readonly #logPath: string;

  constructor(supervised: Supervised, logPath: string) {
    this.supervised = supervised;
    this.#logPath = logPath;
  }

  get workload(): Workload {
    return this.supervised.workload;
  }

  get status(): Supervised['status'] {
    return this.supervised.status;
  }

  programPid(): Promise<number | undefined> {
    return this.supervised.programPid();
  }

  async ready(signal: AbortSignal): Promise<void> {
    const status = await this.supervised.settled(signal);
    if (status.phase === 'ready') return;
    throw await this.#failure(status);
  }

  async #failure(status: SupervisedStatus): Promise<MeshError> {
    const { name } = this.workload;
    if (status.phase === 'stopped') return new MeshError('incomplete', `${name} was stopped before it was ready`);
    const times = status.restarts === 0 ? 'once' : `${status.restarts + 1} times`;
    const code = status.lastExit === undefined ? 'an unknown code' : `code ${status.lastExit}`;
    const lines = lastLines(await readFile(this.#logPath, 'utf8').catch(() => ''), 10);
    const output = lines.length === 0 ? 'it printed nothing' : `its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
    return new MeshError('incomplete', `${name} exited with ${code} before it was ready, ${times}; ${output}`, {
      hint: `mesh logs ${name}`,
    });
  }
}

/** The last lines that say something. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
