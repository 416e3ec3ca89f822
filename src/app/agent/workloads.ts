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

  async runOnce(workload: Workload, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }): Promise<{ output: string }> {
    signal.throwIfAborted();
    await this.#driver.sweep(workload.id);
    const running = await this.#driver.start(workload);
    const timer = new AbortController();
    const late = timeoutMs > 0 ? this.#clock.sleep(timeoutMs, timer.signal).then(() => 'late' as const) : never();
    const aborted = new Promise<'aborted'>((resolve) => {
      signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: timer.signal });
    });
    const ended = await Promise.race([running.exited, late, aborted]).finally(() => timer.abort());
    if (typeof ended === 'string') await running.stop(workload.stopDeadlineMs);
    signal.throwIfAborted();
    const output = await readFile(this.#driver.logPath(workload.id), 'utf8').catch(() => '');
    if (ended !== 'late' && ended !== 'aborted' && ended.code === 0) return { output };
    const how =
      typeof ended === 'string' ? `was still running after ${timeoutMs / 1000} s and was ended` : `exited with ${codeText(ended.code)}`;
    throw new MeshError('incomplete', `${workload.name} ${how}; ${outputText(output)}`, { hint: `mesh logs ${workload.name}` });
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
    const output = outputText(await readFile(this.#logPath, 'utf8').catch(() => ''));
    return new MeshError('incomplete', `${name} exited with ${codeText(status.lastExit)} before it was ready, ${times}; ${output}`, {
      hint: `mesh logs ${name}`,
    });
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

const codeText = (code: number | undefined): string => (code === undefined ? 'an unknown code' : `code ${code}`);

function outputText(text: string): string {
  const lines = lastLines(text, 10);
  return lines.length === 0 ? 'it printed nothing' : `its last lines:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

/** The last lines that say something. */
export function lastLines(text: string, count: number): string[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-count);
}
