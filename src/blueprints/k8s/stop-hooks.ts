import { setTimeout as sleep } from 'node:timers/promises';
import type { StopHook } from '../../base/pod.ts';
import type { Workload } from '../../base/workload.ts';
import type { ApplyContext } from '../context.ts';

/**
 * What a container does before it is asked to end, for at most its grace period. Kubernetes: how the hook ends makes no
 * difference, and a container that does not run any more has none.
 */
export async function runStopHook(hook: StopHook | undefined, workload: Workload, context: ApplyContext): Promise<void> {
  const phase = context.workloads.get(workload.id)?.status.value.phase;
  if (!hook || (phase !== 'running' && phase !== 'ready')) return;
  const { stopDeadlineMs } = workload;
  if (hook.type === 'sleep') await sleep(Math.min(hook.ms, stopDeadlineMs));
  else if (hook.type === 'exec') await runCommand(hook.command, workload, context);
  else {
    const { address, port } = context.workloads.reach(workload.address, hook.port);
    const answer = await fetch(`http://${address}:${port}${hook.path}`, {
      headers: hook.headers,
      signal: AbortSignal.timeout(stopDeadlineMs),
    }).catch(() => undefined);
    await answer?.body?.cancel();
  }
}

async function runCommand(command: readonly string[], workload: Workload, context: ApplyContext): Promise<void> {
  const id = `${workload.id}/pre-stop`;
  const run = { ...workload, id, name: `${workload.name} (preStop)`, entrypoint: command, command: [], readiness: [], liveness: [] };
  const options = { timeoutMs: workload.stopDeadlineMs, signal: new AbortController().signal };
  await context.workloads.runOnce(run, options).catch(() => undefined);
  await context.workloads.stop(id);
}
