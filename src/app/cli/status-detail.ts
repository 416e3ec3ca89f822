import { age } from '../../ui/table.ts';
import type { ProxyReport, RunReport, ServiceReport, StatusReport, WorkloadReport } from '../rpc/status.ts';
import { findRuns, findWorkloads, nothingCalled } from './find-workloads.ts';
import { commandLine, health, restartsOf, stateOf } from './status-view.ts';

/** What of a report belongs to a name: a service with its sidecars, and workloads. */
export interface Details {
  readonly services: readonly ServiceReport[];
  readonly proxies: readonly ProxyReport[];
  readonly workloads: readonly WorkloadReport[];
  readonly runs: readonly RunReport[];
}

export function detailsOf(name: string, report: StatusReport): Details {
  const services = report.services.filter((service) => service.name === name);
  const workloads = findWorkloads(name, report);
  const runs = findRuns(name, report);
  if (services.length + workloads.length + runs.length === 0) throw nothingCalled(name, report);
  const proxies = report.proxies.filter((proxy) => proxy.service === name && services.length > 0);
  return { services, proxies, workloads, runs };
}

type Row = readonly [label: string, value: string];

/** Each thing as a block of lines. `lastLines` gives what a log ends with, by its path. */
export function renderDetails(details: Details, now: number, lastLines: (path: string) => readonly string[]): string {
  const blocks = [
    ...details.services.map((service) => serviceBlock(service, details.proxies)),
    ...details.workloads.map((workload) =>
      block(`${workload.name}: ${stateOf(workload)}`, workloadRows(workload, now), lastLines(workload.log)),
    ),
    ...details.runs.map((run) => block(`${run.name}: ${run.reason ?? run.state}`, runRows(run, now), lastLines(run.log))),
  ];
  return `${blocks.join('\n\n')}\n`;
}

function serviceBlock({ name, datacenter, protocol, instances }: ServiceReport, proxies: readonly ProxyReport[]): string {
  return block(`service ${name} in ${datacenter}: ${health(instances)}`, [
    ['protocol', protocol],
    ...instances.map(({ id, node, address, health }): Row => ['instance', `${id} on ${node}, ${address}: ${health}`]),
    ...proxies.map(({ listen, upstreams, error }): Row => {
      const calls = upstreams.map((upstream) => `${upstream.name} (${upstream.protocol}) on ${upstream.listen}`).join(', ');
      return ['sidecar', `${listen ?? '-'}${calls === '' ? '' : `, calls ${calls}`}${error === undefined ? '' : `: ${error}`}`];
    }),
  ]);
}

function workloadRows(workload: WorkloadReport, now: number): Row[] {
  const { command, pid, phase, address, ports, owners, checks = [], mounts = [], lastExitReason } = workload;
  const reachable = workload.endpoints.join(', ') || workload.reachable;
  const why = lastExitReason === undefined ? '' : `: ${lastExitReason}`;
  return [
    ['id', workload.id],
    ...optional('blueprint', owners.length === 0 ? undefined : owners.join(', ')),
    ['image', workload.image],
    ...optional('command', command && commandLine(command)),
    ...optional('pid', pid === undefined ? undefined : String(pid)),
    [phase === 'paused' ? 'since' : 'up', age(workload.since, now)],
    ...optional('address', address === '' ? undefined : `${address}, reachable at ${reachable}`),
    ...optional('ports', ports.length === 0 ? undefined : ports.join(', ')),
    ...checks.map((check): Row => ['check', check]),
    ...mounts.map(
      ({ destination, source, readOnly }): Row => [
        'mount',
        `${destination} is ${source ?? 'of its manifests'}${readOnly ? ', read-only' : ''}`,
      ],
    ),
    ['restarts', `${restartsOf(workload, now)}${why}`],
    ['log', workload.log],
  ];
}

function runRows({ id, image, command, since, endedAt, exit, log }: RunReport, now: number): Row[] {
  return [
    ['id', id],
    ['image', image],
    ...optional('command', command && commandLine(command)),
    ['began', `${age(since, now)} ago`],
    ...optional('ended', endedAt && `${age(endedAt, now)} ago`),
    ...optional('exit code', exit === undefined ? undefined : String(exit)),
    ['log', log],
  ];
}

const optional = (label: string, value: string | undefined): Row[] => (value === undefined ? [] : [[label, value]]);

function block(title: string, rows: readonly Row[], lastLines: readonly string[] = []): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  const all = rows.map(([label, value]) => `  ${label.padEnd(width)}  ${value}`);
  return [title, ...all, ...(lastLines.length === 0 ? [] : ['  last lines:', ...lastLines.map((line) => `  | ${line}`)])].join('\n');
}
