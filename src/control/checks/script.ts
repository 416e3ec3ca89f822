import { spawn } from 'node:child_process';
import { formatDuration } from '../../base/duration.ts';
import { messageOf } from '../../base/errors.ts';
import { critical, type Outcome, outputLimit, type Probe, passing, Tail } from './outcome.ts';

const DEFAULT_TIMEOUT_NS = 30e9;

/** Runs a command: exit code 0 passes, 1 warns, others are critical. It gets a process group of its own, which ends with it. */
export const probeScript: Probe = (run, signal) => {
  const [file = '', ...args] = run.ScriptArgs ?? [];
  const timeout = run.Timeout || DEFAULT_TIMEOUT_NS;
  const tail = new Tail(outputLimit(run));
  return new Promise((resolve) => {
    const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), timeout / 1e6);
    const kill = (): void => endGroup(child.pid);
    const either = AbortSignal.any([signal, late.signal]);
    either.addEventListener('abort', kill, { once: true });
    const end = (outcome: Outcome): void => {
      clearTimeout(timer);
      either.removeEventListener('abort', kill);
      resolve(outcome);
    };
    child.stdout.on('data', (chunk: Buffer) => tail.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => tail.push(chunk));
    child.once('error', (error) => end(critical(messageOf(error))));
    child.once('close', (code) => {
      const output = printed(tail, outputLimit(run));
      if (late.signal.aborted) end(critical(`Timed out (${formatDuration(timeout)}) running check\n\n${output}`));
      else if (code === 0) end(passing(output));
      else end(code === 1 ? { status: 'warning', output } : critical(output));
    });
  });
};

function printed(tail: Tail, limit: number): string {
  return tail.total > limit ? `Captured ${limit} of ${tail.total} bytes\n...\n${tail.text}` : tail.text;
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended by itself.
  }
}
