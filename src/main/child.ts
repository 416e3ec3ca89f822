import { spawn } from 'node:child_process';
import type { Child, ChildOptions } from '../app/io.ts';

/** What ends or tells a program, and is passed on while one runs. SIGKILL and SIGSTOP can't be. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2', 'SIGALRM', 'SIGCONT', 'SIGWINCH'] as const;

/** Starts a program on this process's own output streams. What this process hears, it passes on; what it does itself stays its own affair. */
export function startChild([program = '', ...args]: readonly string[], { env, cwd, input }: ChildOptions): Child {
  const stdin = input === undefined ? 'ignore' : input === 'inherit' ? 'inherit' : 'pipe';
  const child = spawn(program, args, { env, cwd, stdio: [stdin, 'inherit', 'inherit'] });
  const passOn = SIGNALS.map((signal) => ({
    signal,
    // On a terminal the kernel has told the whole foreground group.
    listener: () => void ((signal === 'SIGINT' || signal === 'SIGQUIT') && process.stdin.isTTY ? undefined : child.kill(signal)),
  }));
  for (const { signal, listener } of passOn) process.on(signal, listener);
  if (child.stdin) {
    // It need not read what it is given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(typeof input === 'object' ? input.text : undefined);
  }
  const exited = new Promise<Awaited<Child['exited']>>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve({ code, signal }));
  }).finally(() => {
    for (const { signal, listener } of passOn) process.off(signal, listener);
  });
  return { pid: child.pid, kill: (signal) => void child.kill(signal), exited };
}
