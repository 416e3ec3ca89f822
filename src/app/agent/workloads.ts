import { withoutGeneration } from '../../base/generation.ts';
import type { Clock, Log } from '../../base/ports.ts';
import type { Workload } from '../../base/workload.ts';
import type { FileWatch, HostedWorkload, WorkloadHost } from '../../blueprints/context.ts';
import type { Happened } from '../../control/history/history.ts';
import type { Driver } from '../../drivers/driver.ts';
import { Elsewhere } from './elsewhere.ts';
import { FileWatches } from './file-watches.ts';
import { Hosted } from './hosted.ts';
import { type OneRun, OneRuns } from './run-once.ts';
import { SharedPorts } from './shared-ports.ts';
import { eventOfWorkload } from './workload-events.ts';

/** What has to be done to the traffic of workloads before they pause, and before they go on. */
export interface Traffic {
  /** Resolves when nobody is sent to them any more, and what was under way has ended. */
  leave(workloads: readonly HostedWorkload[]): Promise<void>;
  enter(workloads: readonly HostedWorkload[]): void;
}

/** All supervised workloads of an agent. */
export class Workloads implements WorkloadHost {
  readonly #parts: { readonly driver: Driver; readonly clock: Clock; readonly log: Log };
  readonly #hosted = new Map<string, Hosted>();
  /** What runs elsewhere. */
  readonly #observed = new Map<string, Hosted>();
  readonly #runs: OneRuns;
  readonly #watches = new FileWatches();
  readonly #tell: (happened: Happened) => void;
  readonly #shared: SharedPorts;
  /** Keys of resources, with their generations. */
  #paused: ReadonlySet<string> = new Set();

  /** `tell` is told of what happens to them. */
  constructor(options: { driver: Driver; clock: Clock; log: Log; tell?: (happened: Happened) => void }) {
    this.#parts = options;
    this.#tell = options.tell ?? (() => undefined);
    this.#shared = new SharedPorts(options.driver, () => this.#hosted.values());
    this.#runs = new OneRuns(options.driver, options.clock);
  }

  async start(workload: Workload, options: { adopt: boolean }): Promise<HostedWorkload> {
    await this.#hosted.get(workload.id)?.stop();
    if (!options.adopt) await this.#parts.driver.sweep(workload.id);
    const hosted = new Hosted(workload, { ...this.#parts, driver: this.#shared });
    this.#hosted.set(workload.id, hosted);
    // What ran before this agent is no news.
    if (!options.adopt) this.#follow(hosted);
    if (this.#isPaused(hosted)) await hosted.pause();
    else await hosted.begin(options);
    if (options.adopt) this.#follow(hosted);
    return hosted;
  }

  get(id: string): HostedWorkload | undefined {
    return this.#hosted.get(id) ?? this.#observed.get(id);
  }

  async observe(workload: Workload, address: string): Promise<HostedWorkload> {
    await this.#observed.get(workload.id)?.stop();
    const { driver, clock, log } = this.#parts;
    const observed = new Hosted(workload, { driver: new Elsewhere(address, driver, clock), clock, log });
    this.#observed.set(workload.id, observed);
    await observed.begin({ adopt: false });
    return observed;
  }

  all(): HostedWorkload[] {
    return [...this.#hosted.values()];
  }

  /** What ran to its end, as far as this agent has seen it. */
  runs(): OneRun[] {
    return this.#runs.all();
  }

  async stop(id: string): Promise<void> {
    this.#watches.close(id);
    const hosted = this.#hosted.get(id);
    this.#hosted.delete(id);
    this.#runs.forget(id);
    const observed = this.#observed.get(id);
    this.#observed.delete(id);
    if (observed) await observed.stop();
    else if (hosted) await hosted.stop();
    else await this.#parts.driver.sweep(id);
  }

  runOnce(workload: Workload, options: { timeoutMs: number; signal: AbortSignal }): Promise<{ output: string }> {
    return this.#runs.run(workload, options);
  }

  /** See `ApplyContext.setPaused`. */
  async setPaused(keys: ReadonlySet<string>, traffic: Traffic): Promise<void> {
    this.#paused = keys;
    const all = [...this.#hosted.values()];
    const ending = all.filter((hosted) => this.#isPaused(hosted) && !hosted.paused);
    const starting = all.filter((hosted) => !this.#isPaused(hosted) && hosted.paused);
    if (ending.length > 0) {
      for (const hosted of ending) hosted.announceStop();
      await traffic.leave(ending);
      await Promise.all(ending.map((hosted) => hosted.pause()));
    }
    traffic.enter(starting);
    await Promise.all(starting.map((hosted) => hosted.begin({ adopt: false })));
  }

  /** See `ApplyContext.restartOnChange`. */
  restartOnChange(id: string, watch: FileWatch, traffic: Traffic): void {
    this.#watches.open(id, watch, async (file) => {
      const hosted = this.#hosted.get(id);
      if (!hosted || this.#isPaused(hosted)) return;
      const { log } = this.#parts;
      log.log('info', `${id} is restarted: ${file} changed`);
      await hosted.note(`restarted by mesh: ${file} changed`);
      hosted.announceStop();
      await traffic.leave([hosted]);
      await hosted.end();
      // Somebody else may have decided meanwhile what becomes of it.
      if (this.#hosted.get(id) !== hosted || this.#isPaused(hosted)) return;
      traffic.enter([hosted]);
      await hosted.begin({ adopt: false });
    });
  }

  removeData(folder: string): Promise<void> {
    return this.#parts.driver.removeData(folder);
  }

  reach(address: string, port: number): { address: string; port: number } {
    return this.#parts.driver.reach(address, port);
  }

  /** The agent ends; the workloads go on. */
  release(): void {
    this.#watches.closeAll();
    for (const hosted of [...this.#hosted.values(), ...this.#observed.values()]) hosted.release();
  }

  #follow({ workload, status }: Hosted): void {
    let before = status.value;
    status.subscribe((after) => {
      const happened = eventOfWorkload(workload, before, after);
      before = after;
      if (happened) this.#tell(happened);
    });
  }

  #isPaused({ workload }: Hosted): boolean {
    return this.#paused.has(resourceOf(workload.id));
  }
}

/** The resource that a workload belongs to: `k8s_config.web/web-0/app~2` is one of `k8s_config.web~2`. */
function resourceOf(id: string): string {
  const plain = withoutGeneration(id);
  return `${plain.split('/', 1)[0]}${id.slice(plain.length)}`;
}
