import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isCompatFlag } from './app/consul/compat.ts';
import { CONSUL_NAMES } from './app/consul/names.ts';
import { homeOf, readAgentRecord } from './app/home.ts';
import type { Io } from './app/io.ts';
import { VERSION } from './app/version.ts';
import { ERRORS, MeshError } from './base/errors.ts';
import { programsIn } from './main/programs.ts';

/** The command line: argv, environment, streams and signals in; an exit code out. Loads only what the command needs. */

const dist = fileURLToPath(new URL('.', import.meta.url));

/** Commands in Consul's grammar take their arguments as they are, so they need no parser of ours: this keeps them fast. */
async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [first, ...rest] = argv;
  if (first === '__complete' || io.env['COMP_LINE'] !== undefined) return (await import('./commands/complete.ts')).completeLine(argv, io);
  if (first === '--version' || first === '-v') {
    io.out(`mesh ${VERSION}\n`);
    return 0;
  }
  if (first !== undefined && (CONSUL_NAMES.has(first) || isCompatFlag(first)))
    return (await import('./app/consul/top.ts')).runConsul(argv, io);
  if (first === 'consul' && rest[0] === 'agent') return (await import('./app/cli/agent.ts')).consulAgent(rest.slice(1), io);
  if (first === 'consul') return (await import('./app/cli/consul.ts')).consul({ args: rest, options: {} }, io);
  if (first !== 'run' && first !== 'up') return (await import('./commands/program.ts')).runProgram(argv, io);
  // A first `run` needs an agent: its process starts while this one still reads its arguments and the blueprint.
  const standby = existsSync(homeOf(io.env, io.cwd).agentSocket)
    ? undefined
    : (await import('./app/cli/agent-process.ts')).standbyAgent(io);
  try {
    return await (await import('./commands/program.ts')).runProgram(argv, standby ? { ...io, standby } : io);
  } finally {
    standby?.abandon();
  }
}

function makeIo(given: { cwd: string; signal: AbortSignal; detach: AbortSignal }): Io {
  const { env, stdout, stderr } = process;
  const colourWanted = env['FORCE_COLOR'] ? env['FORCE_COLOR'] !== '0' : stderr.isTTY && env['TERM'] !== 'dumb';
  const colour = !env['NO_COLOR'] && Boolean(colourWanted);
  return {
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outBytes: (bytes) => void stdout.write(bytes),
    stdin: async () => (await readStdin()).toString('utf8'),
    stdinBytes: readStdin,
    env,
    ...given,
    surviveStrayErrors: async (log) => (await import('./main/stray.ts')).surviveStrayErrors(log),
    onHangup: (work) => void process.on('SIGHUP', work),
    platform: process.platform,
    pid: process.pid,
    nodeVersion: process.versions.node,
    keyboard: () => process.stdin,
    screen: stderr,
    openFullScreen: async () => (await import('./main/full-screen.ts')).openFullScreen(),
    lend: async (command, options) => (await import('./main/lend.ts')).lend(command, options),
    start: async (command, options) => (await import('./main/child.ts')).startChild(command, options),
    programs: programsIn(dist),
    terminal: {
      stdoutIsTty: Boolean(stdout.isTTY),
      stderrIsTty: Boolean(stderr.isTTY),
      colour,
      // A terminal that says it has no columns can't be redrawn: the spinner would never stop counting its lines.
      animate: Boolean(stderr.isTTY) && stderr.columns > 0 && !env['CI'] && env['TERM'] !== 'dumb',
      columns: stdout.columns || 80,
    },
    diagnostics: Boolean(stderr.isTTY),
    shippedBlueprints: join(dist, '..', 'blueprints'),
    dashboardFolder: join(dist, 'ui'),
    agentHttpAddress: () => readAgentRecord(homeOf(env, given.cwd))?.http,
    afterWrite: async (address) => (await import('./app/cli/after-write.ts')).afterWrite(address, makeIo(given)),
  };
}

async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** First Ctrl-C: stop at the next safe point. Second: leave. */
function listenToSignals(): { signal: AbortSignal; detach: AbortSignal; readonly exitCode: () => number | undefined } {
  const stop = new AbortController();
  const detach = new AbortController();
  let code: number | undefined;
  const on = (kind: 'interrupted' | 'terminated') => () => {
    if (stop.signal.aborted) {
      detach.abort(new MeshError(kind, 'stopped'));
      // Whatever still holds on: the second time is an order.
      setTimeout(() => process.exit(ERRORS[kind].exit), 200);
    } else stop.abort(new MeshError(kind, 'stopped'));
    code = ERRORS[kind].exit;
  };
  process.on('SIGINT', on('interrupted'));
  process.on('SIGTERM', on('terminated'));
  return { signal: stop.signal, detach: detach.signal, exitCode: () => code };
}

function currentFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

async function main(): Promise<void> {
  // A reader that has gone (`mesh logs | head`) is no error of ours.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
  }
  const called = basename(process.argv[1] ?? 'mesh');
  const argv = called === 'consul' ? ['consul', ...process.argv.slice(2)] : process.argv.slice(2);
  const cwd = currentFolder();
  if (cwd === undefined) {
    process.stderr.write('error: the current folder has been removed\nhint: change to one that exists\n');
    process.exitCode = ERRORS.environment.exit;
    return;
  }
  const { exitCode, ...signals } = listenToSignals();
  const io = makeIo({ cwd, ...signals });
  try {
    process.exitCode = await dispatch(argv, io);
  } catch (error) {
    const { renderError } = await import('./ui/errors.ts');
    const interrupted = signals.signal.aborted ? exitCode() : undefined;
    const json = argv.includes('--json');
    if (interrupted !== undefined && !(error instanceof MeshError)) process.exitCode = interrupted;
    else process.exitCode = interrupted ?? (error instanceof MeshError ? ERRORS[error.code].exit : ERRORS.bug.exit);
    await renderError(error, { json, colour: io.terminal.colour, out: io.out, err: io.err, version: VERSION });
  }
  // Keep-alive sockets and signal handlers must not hold a finished command back.
  process.stdout.write('', () => process.exit());
}

void main();
