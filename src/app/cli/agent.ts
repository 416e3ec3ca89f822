import { rm } from 'node:fs/promises';
import { ERRORS, MeshError } from '../../base/errors.ts';
import { nearest } from '../../base/suggest.ts';
import type { Input } from '../../commands/command.ts';
import { type Agent, type AgentOptions, startAgent } from '../agent/agent.ts';
import { AgentLog } from '../agent/log.ts';
import { loadSettings } from '../agent-config/load.ts';
import { ConfigRefused } from '../agent-config/read.ts';
import { type AgentProgram, agentCommand } from '../consul/agent.ts';
import { givenConfig } from '../consul/agent-flags.ts';
import { type CommandContext, Failure, isHelp, runEntry } from '../consul/command.ts';
import { type Home, homeOf, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { logMaxBytes } from '../log-limit.ts';
import { otelTracing } from '../otel-env.ts';
import { realClock, realRandom } from '../real.ts';
import { call, isAbsent } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { addressMode, workloadEnv } from '../workload-env.ts';
import { banner } from './agent-banner.ts';
import { chooseHome } from './agent-home.ts';
import { LogOutput } from './agent-log.ts';
import { ensureAgent } from './agent-process.ts';
import { workersOption } from './options.ts';
import { writePidFile } from './pid-file.ts';
import { refused, warn } from './refused-config.ts';
import { hasSavedState } from './saved-state.ts';

/** `mesh agent`, with what configuration files of mesh say of it before what was typed. */
export async function agent(input: Input, io: Io): Promise<number> {
  const [first] = input.args;
  if (first !== undefined && isHelp(first)) {
    const [{ helpText, pageFor }, { agent: explained }] = await Promise.all([
      import('../../commands/help.ts'),
      import('../../commands/agent.ts'),
    ]);
    io.out(helpText(explained, 'mesh agent', pageFor(io)));
    return 0;
  }
  if (first !== undefined && !first.startsWith('-')) throw unknownSubcommand(first);
  const { httpPort, ports, logLevel, dataplaneWorkers } = input.options;
  const defaults = { 'http-port': httpPort, ports, 'log-level': logLevel, 'dataplane-workers': dataplaneWorkers };
  const flags = Object.entries(defaults).flatMap(([name, value]) => (typeof value === 'string' ? [`-${name}=${value}`] : []));
  return runEntry(agentCommand('mesh'), [...flags, ...input.args], io, 'mesh');
}

/** `mesh consul agent`, and mesh called by the name `consul`: Consul's texts alone. */
export function consulAgent(argv: readonly string[], io: Io): Promise<number> {
  return runEntry(agentCommand('consul'), argv, { ...io, diagnostics: false }, 'consul');
}

function unknownSubcommand(word: string): MeshError {
  const near = nearest(word, ['stop', 'restart']);
  const hint = near === undefined ? 'mesh agent --help' : `did you mean \`mesh agent ${near}\`?`;
  return new MeshError('usage', `unknown command '${word}'`, { hint });
}

/** In the foreground, until a signal. */
export async function runAgent({ io, flags, args }: CommandContext, program: AgentProgram): Promise<number> {
  if (args.length > 0) throw new Failure(`==> Unexpected extra arguments: [${args.join(' ')}]`);
  const ports = flags.string('ports') ?? 'fixed';
  if (ports !== 'fixed' && ports !== 'auto')
    throw new MeshError('usage', `--ports can't be ${JSON.stringify(ports)}`, { hint: 'one of: fixed, auto' });
  const dataplaneWorkers = workersOption(flags.string('dataplane-workers')) ?? 1;
  const given = givenConfig(flags, io, program === 'consul');
  const loaded = await loadSettings(given).catch((error: unknown) => {
    throw refused(error, io);
  });
  warn(loaded.warnings, io);
  /** Whether anything was said that a user of Consul would say: then it looks like Consul's. */
  const asConsul = program === 'consul' || given.dev || given.paths.length > 0 || given.fragments.length > 0;
  const { home, temporary } = await chooseHome(loaded.settings, io, program);
  const log = new AgentLog(() => realClock.now());
  const output = new LogOutput(log, { settings: loaded.settings, asConsul, io });
  const pidFile = await writePidFile(loaded.settings.pidFile, io);
  let running: Agent | undefined;
  let current = loaded.settings;
  // From the start: who asks for a reload too early must not end it.
  io.onHangup?.(() => void running?.reload().catch(() => undefined));
  try {
    running = await startAgent({
      ...surroundings(io),
      home,
      httpPort: undefined,
      ports,
      permanent: true,
      dataplaneWorkers,
      settings: loaded.settings,
      cwd: io.cwd,
      asConsul,
      log,
      reload: async () => {
        const next = await loadSettings(given).catch((error: unknown) => {
          throw error instanceof ConfigRefused ? new MeshError('invalid', error.message) : error;
        });
        warn(next.warnings, io);
        const done = (): void => {
          current = next.settings;
          output.follow(current);
        };
        return { settings: next.settings, done };
      },
    });
    io.out(banner(running, { home, asConsul, settings: loaded.settings }));
    const started = running;
    const close = (): void => void started.close();
    if (io.signal.aborted) close();
    io.signal.addEventListener('abort', close, { once: true });
    const reload = (): Promise<void> => started.reload().catch(() => undefined);
    if (current.autoReload) {
      const { reloadOnChange } = await import('./auto-reload.ts');
      void reloadOnChange({ paths: loaded.paths, settings: () => current, cwd: io.cwd, clock: realClock, reload }, io.signal);
    }
    await started.ended;
  } finally {
    output.close();
    await pidFile.remove();
    if (temporary) await rm(home.root, { recursive: true, force: true });
  }
  return exitCode(io, program, loaded.settings);
}

/** Consul's servers end with 1 at a signal, unless they were told to leave then. */
function exitCode(
  io: Io,
  program: AgentProgram,
  { leaveOnTerminate, leaveOnInterrupt }: { leaveOnTerminate: boolean; leaveOnInterrupt: boolean },
): number {
  if (!(io.signal.reason instanceof MeshError)) return 0;
  const { code } = io.signal.reason;
  if (program === 'mesh') return ERRORS[code].exit;
  return (code === 'interrupted' ? leaveOnInterrupt : leaveOnTerminate) ? 0 : 1;
}

function surroundings(
  io: Io,
): Pick<
  AgentOptions,
  | 'programs'
  | 'shippedBlueprints'
  | 'dashboardFolder'
  | 'baseEnv'
  | 'addressMode'
  | 'logMaxBytes'
  | 'tracing'
  | 'platform'
  | 'pid'
  | 'clock'
  | 'random'
> {
  return {
    programs: io.programs,
    shippedBlueprints: io.shippedBlueprints,
    dashboardFolder: io.dashboardFolder,
    baseEnv: workloadEnv(io.env),
    addressMode: addressMode(io.env),
    logMaxBytes: logMaxBytes(io.env),
    tracing: otelTracing(io.env),
    platform: io.platform,
    pid: io.pid,
    clock: realClock,
    random: realRandom,
  };
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
  const { permanent = false, dataplaneWorkers = 1 } = old ?? {};
  const begun = await ensureAgent(undefined, { ports: 'fixed', permanent, dataplaneWorkers }, home, io);
  if (begun) io.out(`Started the agent: pid ${begun.record.pid}, HTTP API on http://${begun.record.http}\n`);
  return 0;
}
