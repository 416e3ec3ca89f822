import type { Clock, Log } from '../../base/ports.ts';
import { until, type Watch, Watchable } from '../../base/watch.ts';
import type { Probe, Workload } from '../../base/workload.ts';
import type { Driver, Exit, Running } from '../driver.ts';
import { describeExit } from '../exit.ts';
import { describeFailing } from './failing.ts';
import { type BackOff, type ExitCause, initialState, type Phase, type SupervisorEvent, type SupervisorState, step } from './policy.ts';

/** How long a workload without checks has to run to count as ready. */
const STAYS_MS = 250;

const FIRST_LOOK_MS = 20;

/** What supervision needs of a driver. */
export type Runner = Pick<Driver, 'start' | 'adopt' | 'sweep' | 'probe' | 'listening'>;

export interface SupervisedStatus {
  readonly phase: Phase;
  readonly pid: number | undefined;
  readonly startedAt: number;
  readonly restarts: number;
  readonly lastExit: number | undefined;
  readonly lastExitAt: number | undefined;
  readonly lastExitCause: ExitCause | undefined;
}

/** One workload, kept running: starts it, watches its exit, probes it, restarts it. `policy.ts` decides; this carries out. */
export class Supervised {
  readonly workload: Workload;
  readonly #driver: Runner;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #status: Watchable<SupervisedStatus>;
  readonly #stopped = new AbortController();
  readonly #backOff: BackOff | undefined;
  #state: SupervisorState = initialState;
  #running: Running | undefined;
  /** The attempt to start or adopt that is under way, if any. */
  #beginning: Promise<void> = Promise.resolve();
  /** Ends the probes of the present process. */
  #probing = new AbortController();

  /** `backOff`: by default that of workloads. */
  constructor(options: { workload: Workload; driver: Runner; clock: Clock; log: Log; backOff?: BackOff }) {
    this.workload = options.workload;
    this.#driver = options.driver;
    this.#clock = options.clock;
    this.#log = options.log;
    this.#backOff = options.backOff;
    this.#status = new Watchable(this.#snapshot());
  }

  get status(): Watch<SupervisedStatus> {
    return this.#status;
  }

  /** Starts it, or takes over the process of an earlier agent. Returns when that was tried once. */
  begin(options: { adopt: boolean }): Promise<void> {
    this.#beginning = this.#begin(options);
    return this.#beginning;
  }

  async #begin(options: { adopt: boolean }): Promise<void> {
    const adopted = options.adopt ? await this.#driver.adopt(this.workload.id) : undefined;
    if (adopted) this.#onStarted(adopted, { assumeReady: true });
    else if (!this.#stopped.signal.aborted) await this.#start();
  }

  /** Pid of the program, if it runs. */
  async programPid(): Promise<number | undefined> {
    return this.#running?.programPid();
  }

  /** What keeps it from being ready at this moment, in words; undefined if nothing can be told. */
  async trouble(): Promise<string | undefined> {
    const { phase, lastExit } = this.#state;
    if (!this.#running) return phase === 'backoff' ? `it ${describeExit(lastExit)}` : undefined;
    const { readiness } = this.workload;
    const results = await Promise.all(readiness.map((probe) => this.#passes(probe)));
    const failing = readiness[results.indexOf(false)];
    if (!failing) return undefined;
    return describeFailing(failing.action, this.workload, await this.#driver.listening(this.workload).catch(() => undefined));
  }

  async stop(): Promise<void> {
    await this.#end();
    await this.#driver.sweep(this.workload.id);
  }

  /** Stops it; its files stay. */
  async halt(): Promise<void> {
    await this.#end();
    await this.#running?.exited;
  }

  async #end(): Promise<void> {
    this.#stopped.abort();
    this.#dispatch({ type: 'stop' });
    await until(this.#status, (s) => s.phase === 'stopped' || s.phase === 'failed');
    // A start that was under way has its process by now: a sweep must find it.
    await this.#beginning;
  }

  /** Lets go without stopping the process: the agent ends, the workload goes on. */
  release(): void {
    this.#stopped.abort();
    this.#probing.abort();
  }

  #snapshot(): SupervisedStatus {
    const { phase, restarts, startedAt, lastExit, lastExitAt, lastExitCause } = this.#state;
    return { phase, restarts, startedAt, lastExit, lastExitAt, lastExitCause, pid: this.#running?.pid };
  }

  #dispatch(event: SupervisorEvent): void {
    const before = this.#state.phase;
    const { state, effects } = step(this.#state, event, this.#clock.now(), this.#backOff);
    this.#state = state;
    for (const effect of effects) {
      if (effect.type === 'start') this.#beginning = this.#start();
      else if (effect.type === 'kill') void this.#running?.stop(this.workload.stopDeadlineMs);
      else void this.#retryIn(effect.ms);
    }
    if (state.phase !== before) this.#log.log('debug', `${this.workload.id}: ${before} -> ${state.phase}`);
    this.#status.set(this.#snapshot());
  }

  async #start(): Promise<void> {
    try {
      this.#onStarted(await this.#driver.start(this.workload));
    } catch (error) {
      this.#log.log('error', `${this.workload.id} could not be started`, { error: String(error) });
      this.#dispatch({ type: 'exited', code: 127, started: false });
    }
  }

  /** What an earlier agent left running counts as ready until a check says otherwise, so that traffic goes on undisturbed. */
  #onStarted(running: Running, options = { assumeReady: false }): void {
    this.#running = running;
    this.#dispatch({ type: 'started', at: running.startedAt });
    if (this.#state.phase === 'stopped') void running.stop(this.workload.stopDeadlineMs);
    else if (!this.#stopped.signal.aborted) this.#probe(options.assumeReady);
    void running.exited.then((exit) => this.#onExit(running, exit));
  }

  #onExit(running: Running, exit: Exit): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#probing.abort();
    if (!this.#stopped.signal.aborted) this.#log.log('warn', `${this.workload.id} exited`, { code: exit.code });
    this.#dispatch({ type: 'exited', code: exit.code });
  }

  async #retryIn(ms: number): Promise<void> {
    try {
      await this.#clock.sleep(ms, this.#stopped.signal);
    } catch {
      return;
    }
    this.#dispatch({ type: 'retry' });
  }

  #probe(assumeReady: boolean): void {
    this.#probing = new AbortController();
    const { signal } = this.#probing;
    const { readiness, liveness } = this.workload;
    if (assumeReady) this.#dispatch({ type: 'ready' });
    if (readiness.length > 0) void this.#watchReadiness(readiness, assumeReady, signal);
    else if (!assumeReady) void this.#readyIfItStays(signal);
    for (const probe of liveness) void this.#watchLiveness(probe, signal);
  }

  /** Nothing tells when it is ready; one that can't run ends at once. */
  async #readyIfItStays(signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(STAYS_MS, signal).then(
      () => this.#dispatch({ type: 'ready' }),
      () => undefined,
    );
  }

  /**
   * Until the first success the probes run every few milliseconds, whatever their period and initial delay say: those are
   * written for slow starts, and passing early is still passing.
   */
  async #watchReadiness(probes: readonly Probe[], assumeReady: boolean, signal: AbortSignal): Promise<void> {
    let ready = assumeReady;
    let failures = 0;
    let interval = 5;
    // Nothing is up any sooner, and each look costs the machine that is busy starting it.
    if (!ready) await this.#clock.sleep(FIRST_LOOK_MS, signal).catch(() => undefined);
    while (!signal.aborted) {
      const results = await Promise.all(probes.map((probe) => this.#passes(probe)));
      if (signal.aborted) return;
      const passed = results.every(Boolean);
      failures = passed ? 0 : failures + 1;
      const threshold = Math.min(...probes.map((probe) => probe.failureThreshold));
      if (passed && !ready) this.#dispatch({ type: 'ready' });
      else if (ready && failures >= threshold) this.#dispatch({ type: 'unready' });
      ready = passed || (ready && failures < threshold);
      const period = Math.min(...probes.map((probe) => probe.periodMs));
      interval = ready ? period : Math.min(interval * 1.25, period);
      await this.#clock.sleep(interval, signal).catch(() => undefined);
    }
  }

  /** A check that can't even be made has failed. */
  async #passes(probe: Probe): Promise<boolean> {
    try {
      return await this.#driver.probe(this.workload, probe.action, probe.timeoutMs);
    } catch (error) {
      this.#log.log('debug', `${this.workload.id} could not be checked`, { error: String(error) });
      return false;
    }
  }

  async #watchLiveness(probe: Probe, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(probe.initialDelayMs, signal).catch(() => undefined);
    let failures = 0;
    while (!signal.aborted) {
      await this.#clock.sleep(probe.periodMs, signal).catch(() => undefined);
      if (signal.aborted) return;
      failures = (await this.#passes(probe)) ? 0 : failures + 1;
      if (failures < probe.failureThreshold || signal.aborted) continue;
      this.#log.log('warn', `${this.workload.id} is restarted: its liveness check failed ${failures} times`);
      this.#dispatch({ type: 'not-alive' });
      return;
    }
  }
}
