import type { HostedWorkload } from '../../blueprints/context.ts';
import type { CheckStatus } from '../../catalog/types.ts';

export interface ServiceHealth {
  readonly status: CheckStatus;
  readonly output: string;
}

/** Whether all workloads of a service are ready. `trouble`: why it does not serve all the same, which only a gateway has; empty: nothing. */
export function healthOf(workloads: readonly Pick<HostedWorkload, 'workload' | 'status'>[], trouble: string): ServiceHealth {
  const areReady = workloads.every(({ status }) => status.value.phase === 'ready');
  if (areReady && trouble === '') return { status: 'passing', output: 'ready' };
  const phases = workloads.map(({ workload, status }) => `${workload.name} is ${status.value.phase}`);
  return { status: 'critical', output: `not ready: ${[...phases, ...(trouble === '' ? [] : [trouble])].join(', ')}` };
}
