import { Watchable } from '../../../src/base/watch.ts';
import type { Workload } from '../../../src/base/workload.ts';
import type { HostedWorkload, WorkloadStatus } from '../../../src/blueprints/context.ts';

export const workload: Workload = {
  id: 'container.payments',
  name: 'payments',
  image: 'app',
  env: {},
  address: '10.5.0.110',
  ports: [{ port: 9090 }],
  upstreamPorts: [],
  names: [],
  mounts: [],
  readiness: [],
  liveness: [],
  stopDeadlineMs: 1000,
};

/** A workload whose phase the test sets. */
export class FakeHosted implements HostedWorkload {
  readonly workload: Workload;
  readonly status: Watchable<WorkloadStatus>;

  constructor(name: string, phase: WorkloadStatus['phase'] = 'starting') {
    this.workload = { ...workload, name, id: `container.${name}` };
    this.status = new Watchable<WorkloadStatus>({ phase, pid: 1, startedAt: 0, restarts: 0, lastExit: undefined });
  }

  phase(phase: WorkloadStatus['phase']): void {
    this.status.set({ ...this.status.value, phase });
  }

  ready(): Promise<void> {
    return Promise.resolve();
  }

  trouble(): Promise<string | undefined> {
    return Promise.resolve(undefined);
  }

  programPid(): Promise<number | undefined> {
    return Promise.resolve(this.status.value.pid);
  }
}
