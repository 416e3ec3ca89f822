import { oneLine } from '../../lint/health.ts';
import type { ProxyReport, RunReport, StatusReport, WorkloadReport } from '../rpc/status.ts';
import { type Finding, fail, ok, warn } from './finding.ts';

/** What the agent of this home knows of what it keeps running. */
export function checkRunning(status: StatusReport, now: number): Finding[] {
  return [checkSidecars(status), ...checkWorkloads(status.workloads, now), ...checkRuns(status.runs), ...checkResources(status)];
}

function checkSidecars({ proxies, agent }: StatusReport): Finding {
  const name = 'sidecars';
  if (proxies.length === 0) return ok(name, 'there are none');
  const failed = proxies.filter(({ error }) => error !== undefined);
  const of = (some: readonly ProxyReport[], what: (one: ProxyReport) => string): string => some.map(what).join('; ');
  if (failed.length > 0)
    return fail(
      name,
      `not served: ${of(failed, ({ id, error }) => `${id}: ${error}`)}`,
      'mesh logs dataplane; a port that is taken is named there',
    );
  const behind = proxies.filter(({ configIndex, servesIndex }) => servesIndex < configIndex);
  if (behind.length > 0) {
    const found = of(behind, ({ id, servesIndex, configIndex }) => `${id} serves index ${servesIndex} of ${configIndex}`);
    const hint = agent.dataplane.connected
      ? 'again in a moment; if it stays so: mesh logs dataplane'
      : 'the data plane is not connected: mesh logs dataplane';
    return warn(name, `behind their configuration: ${found}`, hint);
  }
  return ok(name, `${proxies.length} serve${proxies.length === 1 ? 's its' : ' their'} configuration`);
}

const OFTEN = 3;
const LATELY_MS = 10 * 60_000;

/** Those that have given up, and those that end again and again. */
export function checkWorkloads(workloads: readonly WorkloadReport[], now: number): Finding[] {
  const name = 'workloads';
  const troubled = workloads.flatMap((one) => {
    const { name: workload, phase, restarts, lastExitReason = 'ended', lastExitAt, lastLines = [] } = one;
    const last = lastLines.at(-1);
    const said = last === undefined ? '' : `; it said last: ${oneLine(last)}`;
    const hint = `mesh logs ${workload}, mesh status ${workload}`;
    if (phase === 'failed') return [fail(name, `${workload} has given up: it ${lastExitReason}${said}`, hint)];
    if (phase === 'backoff')
      return [fail(name, `${workload} ${lastExitReason} and waits for its next start, after ${restarts} restarts${said}`, hint)];
    const lately = lastExitAt !== undefined && now - Date.parse(lastExitAt) < LATELY_MS;
    return restarts >= OFTEN && lately ? [warn(name, `${workload} was restarted ${restarts} times: it ${lastExitReason}`, hint)] : [];
  });
  if (troubled.length > 0 || workloads.length === 0) return troubled;
  return [ok(name, `${workloads.length} run${workloads.length === 1 ? 's' : ''}`)];
}

function checkRuns(runs: readonly RunReport[]): Finding[] {
  return runs
    .filter(({ state }) => state === 'failed')
    .map(({ name, reason = 'failed' }) => warn('commands', `${name} ${reason}`, `mesh logs ${name}; mesh run does it again`));
}

function checkResources({ resources }: StatusReport): Finding[] {
  return resources
    .filter(({ error }) => error !== undefined)
    .map(({ key, status, error }) =>
      fail('resources', `${key} is ${status}: ${error}`, 'mesh run <blueprint> goes on with it; mesh destroy removes it'),
    );
}
