import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { age, renderTable } from '../../ui/table.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isAbsent } from '../rpc/client.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import { hasSavedState } from './saved-state.ts';

/** `mesh status`: what runs. Without an agent: exit 0 if nothing should run, 6 if something should. */
export async function status(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const json = input.options['json'] === true;
  const report = await statusOf(home, io);
  if (!report) {
    io.out(json ? `${JSON.stringify({ version: 1, blueprints: [] })}\n` : 'Nothing is running. Try: mesh run v2\n');
    return 0;
  }
  io.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderStatus(report, Date.now()));
  return 0;
}

/**
 * What the agent of a home says; undefined if none runs and none should. Throws `unreachable` if one has gone and left
 * something behind.
 */
export async function statusOf(home: Home, io: Io): Promise<StatusReport | undefined> {
  try {
    return await call(home.agentSocket, 'status', {}, { version: VERSION, detach: io.signal });
  } catch (error) {
    if (!isAbsent(error)) throw error;
    if (!(await hasSavedState(home))) return undefined;
    throw new MeshError('unreachable', 'the agent has gone, but what it applied has not: workloads and sidecars may still run', {
      hint: '`mesh run <blueprint>` takes everything over again, `mesh destroy` removes it',
    });
  }
}

export function renderStatus(report: StatusReport, now: number): string {
  const { agent } = report;
  const dataplane = agent.dataplane.connected ? `data plane pid ${agent.dataplane.pid}` : 'data plane not connected';
  const sections = [
    `Agent ${agent.version}, pid ${agent.pid}, up ${age(agent.since, now)}, HTTP API http://${agent.http}, catalog index ${agent.index}; ${dataplane}`,
  ];
  if (report.blueprints.length === 0) return `${sections[0]}\nNo blueprint is applied. Try: mesh run v2\n`;
  const add = (title: string, header: string[], rows: string[][]) => {
    if (rows.length > 0) sections.push(`${title}\n${renderTable(header, rows)}`);
  };
  add(
    'Blueprints',
    ['NAME', 'UP', 'FROM'],
    report.blueprints.map((b) => [b.name, age(b.since, now), b.id]),
  );
  add(
    'Workloads',
    ['NAME', 'STATE', 'PID', 'UP', 'RESTARTS', 'ADDRESS', 'REACHABLE AT', 'IMAGE'],
    report.workloads.map((w) => [
      w.name,
      w.phase === 'ready' ? 'ready' : w.lastExit === undefined ? w.phase : `${w.phase} (exit ${w.lastExit})`,
      String(w.pid ?? '-'),
      age(w.since, now),
      String(w.restarts),
      w.address,
      w.ports.length === 0 ? w.reachable : w.ports.map((port) => `${w.reachable}:${port}`).join(' '),
      w.image,
    ]),
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
      p.protocol,
      p.listen,
      p.upstreams.map((u) => `${u.name} (${u.protocol}) on ${u.listen}`).join(', ') || '-',
      p.error ?? (p.servesIndex >= p.configIndex ? String(p.servesIndex) : `${p.servesIndex}, behind ${p.configIndex}`),
    ]),
  );
  add(
    'Ingresses',
    ['NAME', 'URL', 'TO'],
    report.ingresses.map((i) => [i.id, i.error === undefined ? i.url : `${i.url} (${i.error})`, i.target]),
  );
  const failed = report.resources.filter((resource) => resource.status !== 'created');
  add(
    'Not ready',
    ['RESOURCE', 'STATE', 'WHY'],
    failed.map((r) => [r.key, r.status, (r.error ?? '').split('\n', 1)[0]!]),
  );
  add(
    'Outputs',
    ['NAME', 'VALUE'],
    Object.entries(report.outputs).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]),
  );
  return `${sections.join('\n\n')}\n`;
}

function health(instances: StatusReport['services'][number]['instances']): string {
  const passing = instances.filter((instance) => instance.health === 'passing').length;
  return passing === instances.length ? 'passing' : `${passing}/${instances.length} passing`;
}
