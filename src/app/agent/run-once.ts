import { readFile } from 'node:fs/promises';
import { MeshError } from '../../base/errors.ts';
import type { Clock } from '../../base/ports.ts';
import type { Workload } from '../../base/workload.ts';
import type { Driver } from '../../drivers/driver.ts';
import { describeExit } from '../../drivers/exit.ts';
import { lastWords } from '../last-lines.ts';

/** A workload that was run to its end, or is on its way there. Times in ms since the epoch. */
export interface OneRun {
  readonly workload: Workload;
  readonly startedAt: number;
  readonly endedAt?: number;
  /** Of a run that has ended; undefined if nobody knows. */
  readonly exit?: number | undefined;
}

/** Runs workloads to their end, and remembers how it was until they are forgotten. */
export class OneRuns {
  readonly #driver: Driver;
  readonly #clock: Clock;
  readonly #runs = new Map<string, OneRun>();

  constructor(driver: Driver, clock: Clock) {
    this.#driver = driver;
    this.#clock = clock;
  }

  all(): OneRun[] {
    return [...this.#runs.values()];
  }

  forget(id: string): void {
    this.#runs.delete(id);
  }

  /** See `WorkloadHost.runOnce`. */
  async run(workload: Workload, { timeoutMs, signal }: { timeoutMs: number; signal: AbortSignal }): Promise<{ output: string }> {
    signal.throwIfAborted();
    const logPath = this.#driver.logPath(workload.id);
    await this.#driver.sweep(workload.id);
    const running = await this.#driver.start(workload);
    const begun: OneRun = { workload, startedAt: running.startedAt };
    this.#runs.set(workload.id, begun);
    const exited = running.exited.then((exit) => {
      // Forgotten or run again meanwhile: this end is of no interest any more.
      if (this.#runs.get(workload.id) === begun) this.#runs.set(workload.id, { ...begun, endedAt: this.#clock.now(), exit: exit.code });
      return exit;
    });
    const timer = new AbortController();
    const late = timeoutMs > 0 ? this.#clock.sleep(timeoutMs, timer.signal).then(() => 'late' as const) : never();
    const aborted = new Promise<'aborted'>((resolve) => {
      // While it was being started.
      if (signal.aborted) resolve('aborted');
      signal.addEventListener('abort', () => resolve('aborted'), { once: true, signal: timer.signal });
    });
    const ended = await Promise.race([exited, late, aborted]).finally(() => timer.abort());
    if (typeof ended === 'string') await running.stop(workload.stopDeadlineMs);
    signal.throwIfAborted();
    if (typeof ended !== 'string' && ended.code === 0) return { output: await readFile(logPath, 'utf8').catch(() => '') };
    const how = typeof ended === 'string' ? `was still running after ${timeoutMs / 1000} s and was ended` : describeExit(ended.code);
    throw new MeshError('incomplete', `${workload.name} ${how}; ${await lastWords(logPath)}`, { hint: `mesh logs ${workload.name}` });
  }
}

const never = (): Promise<never> => new Promise(() => undefined);
