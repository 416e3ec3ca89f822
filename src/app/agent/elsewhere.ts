import type { Clock } from '../../base/ports.ts';
import type { ProbeAction, Workload } from '../../base/workload.ts';
import type { Driver, Exit, Running } from '../../drivers/driver.ts';
import { probeHttp, probeTcp } from '../../drivers/process/probe.ts';
import type { HostingDriver } from './hosted.ts';

/** Stands for a driver where something runs already, and elsewhere: it can only be looked at. */
export class Elsewhere implements HostingDriver {
  readonly #address: string;
  readonly #driver: Pick<Driver, 'logPath'>;
  readonly #clock: Clock;

  constructor(address: string, driver: Pick<Driver, 'logPath'>, clock: Clock) {
    this.#address = address;
    this.#driver = driver;
    this.#clock = clock;
  }

  start(): Promise<Running> {
    let end: (exit: Exit) => void = () => undefined;
    const exited = new Promise<Exit>((resolve) => {
      end = resolve;
    });
    const stop = async (): Promise<void> => end({ code: 0 });
    return Promise.resolve({ pid: 0, startedAt: this.#clock.now(), programPid: () => Promise.resolve(0), exited, stop });
  }

  async adopt(): Promise<undefined> {}

  async sweep(): Promise<void> {}

  probe(_workload: Workload, action: ProbeAction, timeoutMs: number): Promise<boolean> {
    if (action.type === 'exec') throw new Error('commands run on this machine only');
    const target = { address: this.#address, port: action.port };
    return action.type === 'tcp' ? probeTcp(target, timeoutMs) : probeHttp(target, action, timeoutMs);
  }

  async listening(): Promise<undefined> {}

  logPath(id: string): string {
    return this.#driver.logPath(id);
  }
}
