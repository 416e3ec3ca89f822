import { spawn } from 'node:child_process';
import { messageOf, systemCode } from '../../base/errors.ts';
import { StepFailure } from './failure.ts';

export interface Ended {
  /** 128 + the number of a signal that ended it, as a shell says it. */
  readonly exit: number;
  /** Standard output and error, in the order in which they came. */
  readonly output: string;
}

export interface CommandOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Ends it, and everything that it started. */
  readonly signal: AbortSignal;
}

const KILL_AFTER_MS = 500;
/** What it has started in the background may hold its streams open for ever. */
const STREAMS_MS = 200;
const MAX_OUTPUT = 1_000_000;
const SIGNAL_NUMBERS: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGTERM: 15,
};

/** Runs a program to its end, in a process group of its own. One that is cut off by the signal has failed. */
export function runCommand([program = '', ...args]: readonly string[], { cwd, env, signal }: CommandOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const started = performance.now();
    let output = '';
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    const collect = (chunk: Buffer) => {
      if (output.length < MAX_OUTPUT) output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    const end = (name: NodeJS.Signals) => {
      try {
        process.kill(-child.pid!, name);
      } catch {
        // It has gone by itself.
      }
    };
    let kill: NodeJS.Timeout | undefined;
    const stop = () => {
      end('SIGTERM');
      kill = setTimeout(() => end('SIGKILL'), KILL_AFTER_MS);
    };
    child.once('spawn', () => {
      if (signal.aborted) stop();
      else signal.addEventListener('abort', stop, { once: true });
    });
    child.once('error', (error) => reject(notStarted(program, error)));
    child.once('exit', (code, name) => {
      const finish = () => {
        clearTimeout(wait);
        clearTimeout(kill);
        // Nothing of it may outlive the step that was cut off.
        if (signal.aborted) end('SIGKILL');
        signal.removeEventListener('abort', stop);
        child.stdout.destroy();
        child.stderr.destroy();
        if (signal.aborted) reject(cutOff((performance.now() - started) / 1000, output));
        else resolve({ exit: code ?? 128 + (SIGNAL_NUMBERS[name ?? ''] ?? 0), output });
      };
      const wait = setTimeout(finish, STREAMS_MS);
      child.once('close', finish);
    });
  });
}

function cutOff(seconds: number, output: string): StepFailure {
  const printed = lines(output);
  return new StepFailure(`it did not end within ${seconds.toFixed(1)} s`, {
    hint: '--step-timeout gives steps more time',
    ...(printed.length > 0 ? { details: printed } : {}),
  });
}

function notStarted(program: string, error: Error): StepFailure {
  const code = systemCode(error);
  if (code === 'ENOENT')
    return new StepFailure(`there is no program ${program} on this machine`, {
      hint: 'programs are looked for on your PATH; `./x` is a file beside the feature files',
    });
  if (code === 'EACCES') return new StepFailure(`${program} can't be run: permission denied`, { hint: `chmod +x ${program}` });
  return new StepFailure(`${program} can't be run: ${messageOf(error)}`);
}

const lines = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-10);
