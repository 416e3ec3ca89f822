import type { Workload } from '../../base/workload.ts';
import type { WorkloadStatus } from '../../blueprints/context.ts';
import type { Happened } from '../../control/history/history.ts';
import { describeEnd } from '../../drivers/exit.ts';

/** What it means to people that a workload is in another state. */
export function eventOfWorkload({ id, name }: Workload, before: WorkloadStatus, after: WorkloadStatus): Happened | undefined {
  const { phase, pid, restarts } = after;
  const event = (text: string, level: Happened['level'] = 'info'): Happened => ({
    kind: 'workload',
    subject: id,
    text: `${name} ${text}`,
    level,
    data: { phase, restarts, ...(pid === undefined ? {} : { pid }) },
  });
  if (phase === 'failed' && before.phase !== 'failed') return event(`has failed: it ${describeEnd(after)}`, 'error');
  if (restarts > before.restarts) return event(`${describeEnd(after)}; restart ${restarts}`, 'warn');
  if (phase === before.phase) return undefined;
  if (phase === 'ready') return event(`is ready${pid === undefined ? '' : `, pid ${pid}`}`);
  if (phase === 'running') return event(`has started${pid === undefined ? '' : `, pid ${pid}`}`);
  if (phase === 'paused') return event('is paused');
  return phase === 'stopped' ? event('has ended') : undefined;
}
