import { ERRORS, MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { startAgent } from '../agent/agent.ts';
import { homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { logMaxBytes } from '../log-limit.ts';
import { isLogLevel, lineLog, realClock, realRandom } from '../real.ts';
import { call, isAbsent } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { addressMode, workloadEnv } from '../workload-env.ts';
import { ensureAgent } from './agent-process.ts';
import { choiceOption, portOption } from './options.ts';

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
  const home = homeOf(io.env, io.cwd);
  try {
    await call(home.agentSocket, 'shutdown', {}, { version: VERSION, detach: io.signal });
    io.out('The agent has ended; workloads and sidecars go on.\n');
  } catch (error) {
    if (!isAbsent(error)) throw error;
    io.out('no agent is running: nothing to do\n');
  }
  return 0;
}

export async function restartAgent(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const old = readAgentRecord(home);
  await stopAgent(input, io);
  // The old one may hold its lock for a moment after it has answered.
  const begun = await ensureAgent(undefined, { ports: 'fixed', permanent: old?.permanent ?? false }, home, io);
  if (begun) io.out(`Started the agent: pid ${begun.record.pid}, HTTP API on http://${begun.record.http}\n`);
  return 0;
}
