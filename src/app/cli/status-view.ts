import { age, renderTable, type TableLimit } from '../../ui/table.ts';
import type { BlueprintReport, ResourceStatusReport, StatusReport, WorkloadReport } from '../rpc/status.ts';
import { bare } from './bare.ts';
import { distinct } from './find-workloads.ts';

/** How a table gets narrower. */
type Giving = Omit<TableLimit, 'width'>;

/** All that runs, in tables. `width`: of the terminal; undefined: nothing is cut. */
export function renderStatus(report: StatusReport, now: number, width?: number): string {
  const { agent } = report;
  const { connected, pid, pids } = agent.dataplane;
  const dataplane = connected ? `data plane ${pids ? `pids ${pids.join(', ')}` : `pid ${pid}`}` : 'data plane not connected';
  const sections = [
    `Agent ${agent.version}, pid ${agent.pid}, up ${age(agent.since, now)}, HTTP API http://${agent.http}${agent.dns === undefined ? '' : `, DNS ${agent.dns}`}, catalog index ${agent.index}; ${dataplane}`,
  ];
  if (report.blueprints.length === 0) return `${sections[0]}\nNo blueprint is applied. Try: mesh run v2\n`;
  const add = (title: string, header: string[], rows: string[][], giving: Giving = { shrink: [] }) => {
    if (rows.length > 0) sections.push(`${title}\n${renderTable(header, rows, width === undefined ? undefined : { width, ...giving })}`);
  };
  const builds = report.blueprints.some(({ buildsOn }) => buildsOn);
  add(
    'Blueprints',
    ['NAME', 'UP', ...(builds ? ['BUILDS ON'] : []), 'FROM'],
    report.blueprints.map((b) => [b.name, upOf(b, now), ...(builds ? [b.buildsOn?.join(', ') ?? '-'] : []), b.id]),
    { shrink: [{ column: builds ? 3 : 2, keep: 'end' }] },
  );
  add(
    'Workloads',
    ['NAME', 'STATE', 'PID', 'UP', 'RESTARTS', 'ADDRESS', 'REACHABLE AT', 'IMAGE'],
    report.workloads.map((w) => [
      distinct(w, ({ name }) => name, report.workloads),
      stateOf(w),
      String(w.pid ?? '-'),
      age(w.since, now),
      restartsOf(w, now),
      w.address,
      w.endpoints.length === 0 ? w.reachable : w.endpoints.join(' '),
      w.image,
    ]),
    // Whoever has so little room wants to know whether it runs.
    { shrink: [{ column: 7, keep: 'end' }], drop: [2, 4, 6] },
  );
  add(
    'Ran once',
    ['NAME', 'STATE', 'AGO', 'COMMAND'],
    report.runs.map((r) => [
      r.name,
      r.state === 'failed' ? `failed: ${r.reason}` : r.state,
      age(r.endedAt ?? r.since, now),
      r.command ? commandLine(r.command) : r.image,
    ]),
    { shrink: [{ column: 3, keep: 'start' }] },
  );
  add(
    'Services',
    ['NAME', 'PROTOCOL', 'INSTANCES', 'HEALTH'],
    report.services.map((s) => [s.name, s.protocol, String(s.instances.length), health(s.instances)]),
  );
  add(
    'Sidecars',
    ['SERVICE', 'PROTOCOL', 'LISTENS', 'UPSTREAMS', 'SERVES INDEX'],
    report.proxies.map((p) => [
      p.service,
      p.protocol ?? '-',
      p.listen ?? '-',
      p.upstreams.map((u) => `${u.name} (${u.protocol}) on ${u.listen}`).join(', ') || '-',
      p.error ?? (p.servesIndex >= p.configIndex ? String(p.servesIndex) : `${p.servesIndex}, behind ${p.configIndex}`),
    ]),
    {
      shrink: [
        { column: 3, keep: 'start' },
        { column: 4, keep: 'start' },
      ],
      drop: [1, 2],
    },
  );
  add(
    'Ingresses',
    ['NAME', 'URL', 'TO'],
    report.ingresses.map((i) => [i.id, i.error === undefined ? i.url : `${i.url} (${i.error})`, i.target]),
    { shrink: [{ column: 2, keep: 'end' }] },
  );
  const failed = report.resources.filter((resource) => resource.status !== 'created');
  add(
    'Not ready',
    ['RESOURCE', 'STATE', 'WHY'],
    failed.map((r) => [r.key, r.status, whyOf(r)]),
    { shrink: [{ column: 2, keep: 'start' }] },
  );
  const troubles = report.workloads.filter(({ phase }) => phase === 'failed' || phase === 'backoff').map((w) => trouble(w, now));
  if (troubles.length > 0) sections.push(troubles.join('\n\n'));
  add(
    'Outputs',
    ['NAME', 'VALUE'],
    Object.entries(report.outputs).map(([name, value]) => [name, bare(value)]),
  );
  return `${sections.join('\n\n')}\n`;
}

const upOf = ({ paused, since }: BlueprintReport, now: number): string => (paused ? 'paused' : age(since, now));

function whyOf({ status, error }: ResourceStatusReport): string {
  if (error !== undefined) return error.split('\n', 1)[0]!;
  return status === 'creating' ? 'not ready yet: a run waits for it, or was stopped before it was' : '';
}

/** A phase in words that need no explanation. */
export function stateOf({ phase }: Pick<WorkloadReport, 'phase'>): string {
  if (phase === 'running') return 'not ready';
  return phase === 'backoff' ? 'restarting' : phase;
}

/** `3 (12s ago)`: how often, and when its process ended last. */
export function restartsOf({ restarts, lastExitAt }: Pick<WorkloadReport, 'restarts' | 'lastExitAt'>, now: number): string {
  return lastExitAt === undefined ? String(restarts) : `${restarts} (${age(lastExitAt, now)} ago)`;
}

/** On one line, though a script may have many. */
export const commandLine = (words: readonly string[]): string => words.join(' ').replaceAll(/\s+/g, ' ');

/** What to know of a workload that does not run. */
function trouble({ name, phase, lastExitReason, lastExitAt, lastLines = [] }: WorkloadReport, now: number): string {
  const when = lastExitAt === undefined ? '' : `, ${age(lastExitAt, now)} ago`;
  const next = phase === 'failed' ? 'it is not started again before the next `mesh run`' : 'it is started again';
  const lines = [`${name} ${lastExitReason ?? 'does not run'}${when}; ${next}`, ...lastLines.map((line) => `  | ${line}`)];
  return [...lines, `  mesh logs ${name}`].join('\n');
}

export function health(instances: StatusReport['services'][number]['instances']): string {
  const passing = instances.filter((instance) => instance.health === 'passing').length;
  return passing === instances.length ? 'passing' : `${passing}/${instances.length} passing`;
}
