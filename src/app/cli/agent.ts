import { ERRORS, MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { startAgent } from '../agent/agent.ts';
import { type Home, homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { logMaxBytes } from '../log-limit.ts';
import { isLogLevel, lineLog, realClock, realRandom } from '../real.ts';
import { call, isAbsent } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { addressMode, workloadEnv } from '../workload-env.ts';
import { ensureAgent } from './agent-process.ts';
import { choiceOption, portOption } from './options.ts';
import { hasSavedState } from './saved-state.ts';

/** `mesh agent`: in the foreground, until a signal. */
export async function agent(input: Input, io: Io): Promise<number> {
  const level = String(input.options['logLevel']);
  if (!isLogLevel(level))
    throw new MeshError('usage', `--log-level can't be ${JSON.stringify(level)}`, { hint: 'one of: trace, debug, info, warn, error' });
  const home = homeOf(io.env, io.cwd);
  const running = await startAgent({
    home,
    httpPort: portOption(input, 'http-port', 'httpPort'),
    ports: choiceOption(input, 'ports', ['fixed', 'auto']),
    permanent: true,
    programs: io.programs,
    baseEnv: workloadEnv(io.env),
    addressMode: addressMode(io.env),
    logMaxBytes: logMaxBytes(io.env),
    platform: io.platform,
    pid: io.pid,
    clock: realClock,
    random: realRandom,
    log: lineLog(level, { component: 'agent' }, io.err),
  });
  io.out(`Agent of ${home.root}: HTTP API on http://${running.record.http}. Ctrl-C ends it; workloads go on.\n`);
  io.signal.addEventListener('abort', () => void running.close(), { once: true });
  await running.ended;
  return io.signal.reason instanceof MeshError ? ERRORS[io.signal.reason.code].exit : 0;
}

export async function stopAgent(_input: Input, io: Io): Promise<number> {
  if (!(await hasStopped(homeOf(io.env, io.cwd), io))) io.out(NOTHING_TO_DO);
  return 0;
}

const NOTHING_TO_DO = 'no agent is running: nothing to do\n';

/** False when there was none. */
async function hasStopped(home: Home, io: Io): Promise<boolean> {
  try {
    await call(home.agentSocket, 'shutdown', {}, { version: VERSION, detach: io.signal });
    io.out('The agent has ended; workloads and sidecars go on.\n');
    return true;
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return false;
  }
}

export async function restartAgent(_input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const old = readAgentRecord(home);
  // What an agent has left that is gone is taken over by a new one.
  if (!(await hasStopped(home, io)) && !(await hasSavedState(home))) {
    io.out(NOTHING_TO_DO);
    return 0;
  }
  // The old one may hold its lock for a moment after it has answered.
  const begun = await ensureAgent(undefined, { ports: 'fixed', permanent: old?.permanent ?? false }, home, io);
  if (begun) io.out(`Started the agent: pid ${begun.record.pid}, HTTP API on http://${begun.record.http}\n`);
  return 0;
}
