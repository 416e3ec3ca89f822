import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { lastLinesOf } from '../last-lines.ts';
import { call, isAbsent } from '../rpc/client.ts';
import type { StatusReport } from '../rpc/status.ts';
import { VERSION } from '../version.ts';
import { hasSavedState } from './saved-state.ts';
import { detailsOf, renderDetails } from './status-detail.ts';
import { renderStatus } from './status-view.ts';

const LAST_LINES = 10;

/** As far as scripts go, the shape of a status is always the same; only the agent is missing. */
const NOTHING: Omit<StatusReport, 'agent'> = {
  version: 1,
  blueprints: [],
  resources: [],
  workloads: [],
  runs: [],
  services: [],
  proxies: [],
  ingresses: [],
  outputs: {},
};

/** `mesh status`: what runs. Without an agent: exit 0 if nothing should run, 6 if something should. */
export async function status(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const json = input.options['json'] === true;
  const [name] = input.args;
  const report = await statusOf(home, io);
  if (name !== undefined) return one(name, report, json, io);
  if (!report) {
    io.out(json ? `${JSON.stringify(NOTHING)}\n` : 'Nothing is running. Try: mesh run v2\n');
    return 0;
  }
  const width = io.terminal.stdoutIsTty ? io.terminal.columns : undefined;
  io.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : renderStatus(report, Date.now(), width));
  return 0;
}

async function one(name: string, report: StatusReport | undefined, json: boolean, io: Io): Promise<number> {
  if (!report) throw nothingRuns();
  const details = detailsOf(name, report);
  if (json) {
    io.out(`${JSON.stringify(details, undefined, 2)}\n`);
    return 0;
  }
  const logs = [...details.workloads, ...details.runs].map(({ log }) => log);
  const ends = new Map(await Promise.all(logs.map(async (log) => [log, await lastLinesOf(log, LAST_LINES)] as const)));
  io.out(renderDetails(details, Date.now(), (path) => ends.get(path) ?? []));
  return 0;
}

/** What to say where a command needs something that runs. */
export function nothingRuns(): MeshError {
  return new MeshError('failed', 'nothing is running', { hint: 'mesh run <blueprint>' });
}

/**
 * What the agent of a home says; undefined if none runs and none should. Throws `unreachable` if one has gone and left
 * something behind.
 */
export async function statusOf(home: Home, { signal }: Pick<Io, 'signal'>): Promise<StatusReport | undefined> {
  try {
    return await call(home.agentSocket, 'status', {}, { version: VERSION, detach: signal });
  } catch (error) {
    if (!isAbsent(error)) throw error;
    if (!(await hasSavedState(home))) return undefined;
    throw new MeshError('unreachable', 'the agent has gone, but what it applied has not: workloads and sidecars may still run', {
      hint: '`mesh run <blueprint>` takes everything over again, `mesh destroy` removes it',
    });
  }
}
