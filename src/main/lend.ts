import { spawn } from 'node:child_process';
import { constants } from 'node:os';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/**
 * Runs a program on this process's own streams. A Ctrl-C reaches it from the terminal, as it does this process, which must
 * not take it for its own; what is sent to this process alone is passed on.
 */
export function lend(
  [program = '', ...args]: readonly string[],
  { env, cwd }: { readonly env: Readonly<Record<string, string>>; readonly cwd: string },
): Promise<number> {
  const handlers = SIGNALS.map((signal) => ({ signal, listeners: process.listeners(signal) }));
  const own = SIGNALS.map((signal) => ({
    signal,
    // On a terminal the kernel has told the whole foreground group.
    listener: () => void ((signal === 'SIGINT' || signal === 'SIGQUIT') && process.stdin.isTTY ? undefined : child.kill(signal)),
  }));
  // Before the program is there: its first act may be a signal. The new ones first, so that there is always somebody to hear it.
  for (const { signal, listener } of own) process.on(signal, listener);
  for (const { signal, listeners } of handlers) for (const listener of listeners) process.off(signal, listener);
  const child = spawn(program, args, { env, cwd, stdio: 'inherit' });
  return new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0)));
  }).finally(() => {
    for (const { signal, listener } of own) process.off(signal, listener);
    for (const { signal, listeners } of handlers) for (const listener of listeners) process.on(signal, listener as () => void);
  });
}
