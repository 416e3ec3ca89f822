import type { ProbeAction, Workload } from '../../base/workload.ts';
import type { Driver, Running } from '../../drivers/driver.ts';
import { describeOwner, portOwner } from '../../drivers/process/port-owner.ts';
import type { HostingDriver } from './hosted.ts';

/** Looked for in what a program printed: how runtimes say that a port is taken. */
const TAKEN = /EADDRINUSE|address already in use|Only one usage of each socket address/i;

/**
 * A driver that knows of programs which choose themselves where they listen: one that listens on all addresses answers at
 * those of the others too, which so could seem to be ready.
 */
export class SharedPorts implements HostingDriver {
  readonly #driver: Driver;
  readonly #others: () => Iterable<{ readonly workload: Workload }>;

  constructor(driver: Driver, others: () => Iterable<{ readonly workload: Workload }>) {
    this.#driver = driver;
    this.#others = others;
  }

  async probe(workload: Workload, action: ProbeAction, timeoutMs: number): Promise<boolean> {
    const passed = await this.#driver.probe(workload, action, timeoutMs);
    if (!passed || workload.serves === undefined || action.type === 'exec') return passed;
    return (await this.#holder(workload, action.port)) === undefined;
  }

  /** Why a program that printed this could not listen: who has its port. */
  async trouble(workload: Workload, printed: string): Promise<string | undefined> {
    if (!TAKEN.test(printed)) return undefined;
    for (const { port } of workload.ports) {
      const holder = await this.#holder(workload, port);
      const stranger = holder ? undefined : await portOwner('0.0.0.0', port);
      const who = holder?.name ?? (stranger && describeOwner(stranger));
      if (who === undefined) continue;
      return `port ${port} is held by ${who}: let it listen on HOST of its environment only, or give it another port`;
    }
    return undefined;
  }

  /** Another workload that listens on a port on which this one does not. */
  async #holder(workload: Workload, port: number): Promise<Workload | undefined> {
    const own = await this.#driver.listening(workload);
    if (own?.includes(port)) return undefined;
    for (const { workload: other } of this.#others()) {
      const shares = other.id !== workload.id && other.address !== workload.address && other.ports.some((one) => one.port === port);
      if (shares && (await this.#driver.listening(other))?.includes(port)) return other;
    }
    return undefined;
  }

  start(workload: Workload): Promise<Running> {
    return this.#driver.start(workload);
  }

  adopt(id: string): Promise<Running | undefined> {
    return this.#driver.adopt(id);
  }

  sweep(id: string): Promise<void> {
    return this.#driver.sweep(id);
  }

  listening(workload: Workload): Promise<readonly number[] | undefined> {
    return this.#driver.listening(workload);
  }

  logPath(id: string): string {
    return this.#driver.logPath(id);
  }
}
