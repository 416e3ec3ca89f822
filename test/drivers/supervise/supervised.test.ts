import { describe, expect, it } from 'vitest';
import { silentLog } from '../../../src/base/ports.ts';
import { until } from '../../../src/base/watch.ts';
import type { Probe, Workload } from '../../../src/base/workload.ts';
import type { Exit, Running } from '../../../src/drivers/driver.ts';
import { type Runner, Supervised } from '../../../src/drivers/supervise/supervised.ts';
import { workloadOf } from '../contract.ts';
import { ManualClock, settle } from './manual-clock.ts';

/** A process that lives as long as the test wants. */
class FakeProcess implements Running {
  readonly pid: number;
  readonly startedAt: number;
  readonly exited: Promise<Exit>;
  /** Deadlines that it was asked to stop with. */
  readonly stops: number[] = [];
  exit: (code: number) => void = () => undefined;

  constructor(pid: number, startedAt: number) {
    this.pid = pid;
    this.startedAt = startedAt;
    this.exited = new Promise((resolve) => {
      this.exit = (code) => resolve({ code });
    });
  }

  programPid(): Promise<number> {
    return Promise.resolve(this.pid);
  }

  async stop(deadlineMs: number): Promise<void> {
    this.stops.push(deadlineMs);
    this.exit(143);
    await this.exited;
  }
}

/** Starts fake processes; checks answer what the test says. */
class FakeRunner implements Runner {
  readonly started: FakeProcess[] = [];
  readonly swept: string[] = [];
  adoptable: FakeProcess | undefined;
  /** Set: starts wait for it. */
  gate: Promise<void> | undefined;
  refusal: Error | undefined;
  healthy = { tcp: true, http: true, exec: true };
  /** Checks can't even be made. */
  unreachable = false;
  probes = 0;
  ports: readonly number[] | undefined;

  async start(): Promise<Running> {
    await this.gate;
    if (this.refusal) throw this.refusal;
    const process = new FakeProcess(100 + this.started.length, 0);
    this.started.push(process);
    return process;
  }

  adopt(): Promise<Running | undefined> {
    return Promise.resolve(this.adoptable);
  }

  sweep(id: string): Promise<void> {
    this.swept.push(id);
    return Promise.resolve();
  }

  listening(): Promise<readonly number[] | undefined> {
    return Promise.resolve(this.ports);
  }

  probe(_workload: Workload, action: Probe['action']): Promise<boolean> {
    this.probes++;
    if (this.unreachable) return Promise.reject(new Error('address 10.5.0.2 was not reserved'));
    return Promise.resolve(this.healthy[action.type]);
  }
}

const TIMES = { initialDelayMs: 5000, periodMs: 1000, timeoutMs: 1000, successThreshold: 1 };
const readiness: Probe[] = [{ ...TIMES, action: { type: 'tcp', port: 9090 }, failureThreshold: 2 }];
const liveness: Probe[] = [{ ...TIMES, action: { type: 'exec', command: ['true'] }, failureThreshold: 3 }];

function supervise(more: Partial<Workload> = {}): { runner: FakeRunner; clock: ManualClock; supervised: Supervised; phase: () => string } {
  const [runner, clock] = [new FakeRunner(), new ManualClock()];
  const workload = workloadOf('', { stopDeadlineMs: 7000, ...more });
  const supervised = new Supervised({ workload, driver: runner, clock, log: silentLog });
  return { runner, clock, supervised, phase: () => supervised.status.value.phase };
}

const settled = ({ status }: Supervised) => until(status, ({ phase }) => ['ready', 'failed', 'stopped'].includes(phase));

describe('the trouble of a workload', () => {
  it('is the check that fails, as long as it fails', async () => {
    const { runner, supervised } = supervise({ readiness });
    runner.ports = [8080];
    runner.healthy.tcp = false;
    await supervised.begin({ adopt: false });
    expect(await supervised.trouble()).toMatch(/^port 9090 of \S* ?does not accept connections; it listens on port 8080$/);
    runner.healthy.tcp = true;
    expect(await supervised.trouble()).toBeUndefined();
    supervised.release();
  });

  it('is how it ended, until it is started again', async () => {
    const { runner, clock, supervised } = supervise();
    await supervised.begin({ adopt: false });
    runner.started[0]!.exit(7);
    await settle();
    expect(await supervised.trouble()).toBe('it exited with code 7');
    await clock.advance(100);
    expect(await supervised.trouble()).toBeUndefined();
    supervised.release();
  });
});

describe('restarts', () => {
  it('without checks it is ready when it has stayed for a moment', async () => {
    const { supervised, clock, phase } = supervise();
    await supervised.begin({ adopt: false });
    await clock.advance(249);
    expect(phase()).toBe('running');
    await clock.advance(1);
    expect(await settled(supervised)).toMatchObject({ phase: 'ready', pid: 100, restarts: 0 });
  });

  it('come after a growing pause, and start the process anew', async () => {
    const { runner, clock, supervised, phase } = supervise();
    await supervised.begin({ adopt: false });
    await clock.advance(250);
    for (const pause of [100, 200, 400]) {
      runner.started.at(-1)!.exit(1);
      await settle();
      expect(supervised.status.value).toMatchObject({ phase: 'backoff', pid: undefined, lastExit: 1 });
      const before = runner.started.length;
      await clock.advance(pause - 1);
      expect(runner.started.length).toBe(before);
      await clock.advance(1);
      expect(runner.started.length).toBe(before + 1);
      await clock.advance(250);
      expect(phase()).toBe('ready');
    }
    expect(supervised.status.value).toMatchObject({ restarts: 3, pid: 103 });
  });

  it('end when it never got ready', async () => {
    const { runner, clock, supervised } = supervise({ readiness });
    runner.healthy.tcp = false;
    await supervised.begin({ adopt: false });
    for (let i = 0; i < 3; i++) {
      runner.started.at(-1)!.exit(7);
      await clock.advance(200);
    }
    expect(await settled(supervised)).toMatchObject({ phase: 'failed', lastExit: 7, restarts: 2 });
    expect(runner.started.length).toBe(3);
    expect(clock.waiting).toBe(0);
  });

  it('end too when it can not be started at all', async () => {
    const { runner, clock, supervised } = supervise();
    runner.refusal = new Error('no such program');
    await supervised.begin({ adopt: false });
    await clock.advance(1000);
    expect(await settled(supervised)).toMatchObject({ phase: 'failed', lastExit: 127 });
    await supervised.stop();
    expect(runner.swept).toEqual(['container.web']);
  });
});

describe('checks', () => {
  it('find it ready within milliseconds, whatever delay and period say', async () => {
    const { runner, clock, supervised, phase } = supervise({ readiness });
    runner.healthy.tcp = false;
    await supervised.begin({ adopt: false });
    await clock.advance(50);
    expect(phase()).toBe('running');
    runner.healthy.tcp = true;
    await clock.advance(50);
    expect(phase()).toBe('ready');
  });

  it('take readiness back after enough failures in a row, and give it again at the first success', async () => {
    const { runner, clock, supervised, phase } = supervise({ readiness });
    await supervised.begin({ adopt: false });
    await clock.advance(20);
    expect(phase()).toBe('ready');
    runner.healthy.tcp = false;
    await clock.advance(1000);
    expect(phase()).toBe('ready');
    await clock.advance(1000);
    expect(phase()).toBe('running');
    runner.healthy.tcp = true;
    await clock.advance(1000);
    expect(phase()).toBe('ready');
    expect(runner.started.length).toBe(1);
  });

  it('need all of several to pass', async () => {
    const http = { type: 'http', port: 9090, path: '/', headers: {}, codes: [] } as const;
    const { runner, clock, supervised, phase } = supervise({ readiness: [...readiness, { ...readiness[0]!, action: http }] });
    runner.healthy.http = false;
    await supervised.begin({ adopt: false });
    await clock.advance(100);
    expect(phase()).toBe('running');
    runner.healthy.http = true;
    await clock.advance(1000);
    expect(phase()).toBe('ready');
  });

  it('that can not be made have failed', async () => {
    const { runner, clock, supervised, phase } = supervise({ readiness });
    runner.unreachable = true;
    await supervised.begin({ adopt: false });
    await clock.advance(1000);
    expect(phase()).toBe('running');
    runner.unreachable = false;
    await clock.advance(1000);
    expect(phase()).toBe('ready');
    await supervised.stop();
  });

  it('kill what is not alive any more, with its stop deadline, and it is restarted', async () => {
    const { runner, clock, supervised, phase } = supervise({ liveness });
    await supervised.begin({ adopt: false });
    runner.healthy.exec = false;
    await clock.advance(5000 + 2999);
    expect(runner.started[0]!.stops).toEqual([]);
    runner.healthy.exec = true;
    await clock.advance(1);
    expect(runner.started[0]!.stops).toEqual([]);
    runner.healthy.exec = false;
    await clock.advance(3000);
    expect(runner.started[0]!.stops).toEqual([7000]);
    runner.healthy.exec = true;
    await clock.advance(100);
    expect(runner.started.length).toBe(2);
    await clock.advance(250);
    expect(phase()).toBe('ready');
  });
});

describe('an end', () => {
  it('stops the process, sweeps, and starts nothing again', async () => {
    const { runner, clock, supervised, phase } = supervise({ readiness, liveness });
    await supervised.begin({ adopt: false });
    await settle();
    await supervised.stop();
    expect(phase()).toBe('stopped');
    expect(runner.started[0]!.stops).toEqual([7000]);
    expect(runner.swept).toEqual(['container.web']);
    await clock.advance(60_000);
    expect(runner.started.length).toBe(1);
    expect(clock.waiting).toBe(0);
  });

  it('in the middle of a pause is immediate', async () => {
    const { runner, clock, supervised, phase } = supervise();
    await supervised.begin({ adopt: false });
    runner.started[0]!.exit(1);
    await settle();
    await supervised.stop();
    expect(phase()).toBe('stopped');
    await clock.advance(60_000);
    expect(runner.started.length).toBe(1);
  });

  it('in the middle of a start waits for the process, stops it, and only then sweeps', async () => {
    const { runner, supervised } = supervise();
    let open: () => void = () => undefined;
    runner.gate = new Promise((resolve) => {
      open = resolve;
    });
    const begun = supervised.begin({ adopt: false });
    const stopped = supervised.stop();
    await settle();
    expect(runner.swept).toEqual([]);
    open();
    await Promise.all([begun, stopped]);
    expect(runner.started[0]!.stops).toEqual([7000]);
    expect(runner.swept).toEqual(['container.web']);
    expect(supervised.status.value.phase).toBe('stopped');
  });

  it('before an adoption was answered starts nothing', async () => {
    const { runner, supervised } = supervise();
    await Promise.all([supervised.begin({ adopt: true }), supervised.stop()]);
    expect(runner.started).toEqual([]);
  });

  it('of the agent leaves the process alone, and checks nothing more', async () => {
    const { runner, clock, supervised } = supervise({ readiness, liveness });
    await supervised.begin({ adopt: false });
    await settle();
    supervised.release();
    const { probes } = runner;
    await clock.advance(60_000);
    expect(runner.probes).toBe(probes);
    expect(runner.started[0]!.stops).toEqual([]);
    runner.started[0]!.exit(0);
    await clock.advance(60_000);
    expect(runner.started.length).toBe(1);
  });

  it('of the agent during a start leaves no check behind', async () => {
    const { runner, clock, supervised } = supervise({ readiness });
    const begun = supervised.begin({ adopt: false });
    supervised.release();
    await begun;
    await clock.advance(60_000);
    expect(runner.probes).toBe(0);
  });
});

describe('an adoption', () => {
  it('takes over what runs, and counts it as ready until checks say otherwise', async () => {
    const { runner, clock, supervised, phase } = supervise({ readiness });
    runner.adoptable = new FakeProcess(4242, 0);
    runner.healthy.tcp = false;
    await supervised.begin({ adopt: true });
    expect(supervised.status.value).toMatchObject({ phase: 'ready', pid: 4242 });
    expect(runner.started).toEqual([]);
    await clock.advance(1000);
    expect(phase()).toBe('running');
  });

  it('starts anew what does not run any more', async () => {
    const { runner, supervised } = supervise();
    await supervised.begin({ adopt: true });
    expect(runner.started.length).toBe(1);
  });
});
