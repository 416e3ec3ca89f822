import { formatDuration } from '../../base/duration.ts';
import { generationOf, withoutGeneration } from '../../base/generation.ts';
import type { Probe, Workload } from '../../base/workload.ts';
import type { HostedWorkload } from '../../blueprints/context.ts';
import { recordOf } from '../../blueprints/state.ts';
import { describeEnd, describeExit } from '../../drivers/exit.ts';
import { lastLinesOf } from '../last-lines.ts';
import type { RunReport, WorkloadReport } from '../rpc/status.ts';
import type { AgentParts } from './handlers.ts';
import type { OneRun } from './run-once.ts';

const LINES = 5;

/** Datacenters, which have no process of their own, and everything that is kept running. */
export async function workloadReports(parts: AgentParts): Promise<WorkloadReport[]> {
  return [...datacenterReports(parts), ...(await Promise.all(parts.workloads.all().map((hosted) => workloadReport(hosted, parts))))];
}

export function runReports({ workloads, driver }: AgentParts): Promise<RunReport[]> {
  return Promise.all(workloads.runs().map((run) => runReport(run, driver.logPath(run.workload.id))));
}

function datacenterReports({ engine, driver, datacenters, startedAt }: AgentParts): WorkloadReport[] {
  return [...datacenters.specs].map(([id, { name, image, address, httpPort }]) => ({
    ...identityOf(id, engine),
    name: withoutGeneration(id).split('.').slice(1).join('.'),
    image: `${image} (datacenter ${name})`,
    phase: 'ready',
    since: time(engine.journal.state.resources.get(withoutGeneration(id))?.since ?? startedAt),
    restarts: 0,
    ...placeOf(address, [httpPort], driver),
    log: driver.logPath(id),
  }));
}

async function workloadReport(hosted: HostedWorkload, parts: AgentParts): Promise<WorkloadReport> {
  const { driver, engine } = parts;
  const { workload } = hosted;
  const { phase, startedAt, restarts, lastExit, lastExitAt } = hosted.status.value;
  const pid = await hosted.programPid();
  const log = driver.logPath(workload.id);
  const lastLines = phase === 'failed' || phase === 'backoff' ? await lastLinesOf(log, LINES) : [];
  return {
    ...identityOf(workload.id, engine),
    name: workload.name,
    image: imageOf(workload),
    phase,
    ...(pid === undefined ? {} : { pid }),
    // One that could not even be started has no beginning.
    since: time(startedAt || (lastExitAt ?? parts.startedAt)),
    restarts,
    ...(lastExit === undefined ? {} : { lastExit }),
    ...(lastExitAt === undefined ? {} : { lastExitAt: time(lastExitAt), lastExitReason: describeEnd(hosted.status.value) }),
    ...(lastLines.length === 0 ? {} : { lastLines }),
    ...placeOf(
      workload.address,
      workload.ports.map(({ port }) => port),
      driver,
    ),
    log,
    ...commandOf(workload),
    mounts: workload.mounts.map(({ destination, source, readOnly }) => ({
      destination,
      ...('path' in source ? { source: source.path } : {}),
      readOnly,
    })),
    checks: [
      ...workload.readiness.map((probe) => `readiness: ${describeProbe(probe)}`),
      ...workload.liveness.map((probe) => `liveness: ${describeProbe(probe)}`),
    ],
  };
}

type Identity = Pick<WorkloadReport, 'id' | 'generation' | 'owners'>;

/** From the id under which it runs. */
function identityOf(real: string, engine: AgentParts['engine']): Identity {
  const { state } = engine.journal;
  const id = withoutGeneration(real);
  const generation = generationOf(real);
  const record = recordOf(state, id.split('/', 1)[0]!, generation);
  const owners = (record?.owners ?? []).map((owner) => state.blueprints.get(owner)?.name ?? owner);
  return { id, ...(generation === undefined ? {} : { generation }), owners };
}

/** A command of this machine has no address. */
function placeOf(
  address: string,
  ports: readonly number[],
  driver: AgentParts['driver'],
): Pick<WorkloadReport, 'address' | 'reachable' | 'ports' | 'endpoints'> {
  const reachable = driver.claimed.get(address)?.reachable;
  const endpoints = reachable === undefined ? [] : ports.map((port) => driver.reach(address, port));
  return {
    address: withoutGeneration(address),
    reachable: reachable ?? '',
    ports,
    endpoints: endpoints.map((endpoint) => `${endpoint.address}:${endpoint.port}`),
  };
}

async function runReport({ workload, startedAt, endedAt, exit }: OneRun, log: string): Promise<RunReport> {
  const state = endedAt === undefined ? 'running' : exit === 0 ? 'done' : 'failed';
  const { id, generation } = workload;
  return {
    id: withoutGeneration(id),
    ...(generation === undefined ? {} : { generation }),
    name: workload.name,
    image: imageOf(workload),
    ...commandOf(workload),
    state,
    since: time(startedAt),
    ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }),
    ...(exit === undefined ? {} : { exit }),
    ...(state === 'failed' ? { reason: describeExit(exit), lastLines: await lastLinesOf(log, LINES) } : {}),
    log,
  };
}

const imageOf = ({ image, entrypoint = [], command = [] }: Workload): string =>
  image || `${entrypoint[0] ?? command[0]} (a command of this machine)`;

function commandOf({ id, entrypoint, command }: Workload): { command?: readonly string[] } {
  // The last word is a whole script, in which passwords of the blueprint may stand.
  if (id.startsWith('exec.') && entrypoint) return { command: [...entrypoint.slice(0, -1), '…'] };
  return entrypoint || command ? { command: [...(entrypoint ?? []), ...(command ?? [])] } : {};
}

/** `http GET :9090/ready every 10s`. Header values may be secrets. */
function describeProbe({ action, periodMs }: Probe): string {
  const what =
    action.type === 'exec'
      ? `exec ${action.command.join(' ')}`
      : action.type === 'tcp'
        ? `tcp :${action.port}`
        : `http GET :${action.port}${action.path}`;
  return `${what} every ${formatDuration(periodMs * 1e6)}`;
}

const time = (ms: number): string => new Date(ms).toISOString();
