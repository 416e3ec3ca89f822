import { messageOf, systemCode } from '../../base/errors.ts';
import type { Child, ChildOptions, Io } from '../io.ts';
import type { Flag } from './flags.ts';
import { goErrno } from './go-errors.ts';

export const SHELL: Flag = {
  name: 'shell',
  kind: 'bool',
  doc: 'Let a shell run the command: that of SHELL, or /bin/sh. On by default; -shell=false runs a program.',
};

/** Starts the program that a user has named, by a shell unless he wants none. */
export function startHandler(words: readonly string[], shell: boolean, io: Io, options: Omit<ChildOptions, 'cwd'>): Promise<Child> {
  const command = shell ? [io.env['SHELL'] || '/bin/sh', '-c', words.join(' ')] : words;
  return io.start(command, { ...options, cwd: io.cwd });
}

/** How it ended, as Go's exec package says it; undefined when all is well. */
export function goExit({ code, signal }: Awaited<Child['exited']>): string | undefined {
  if (signal !== null) return `signal: ${SIGNAL_NAMES[signal] ?? signal}`;
  return code === 0 ? undefined : `exit status ${code}`;
}

/** Why it could not be started, as Go's exec package says it. */
export function goStartError(error: unknown, program: string): string {
  const code = systemCode(error) ?? '';
  if (code === 'ENOENT' && !program.includes('/')) return `exec: ${JSON.stringify(program)}: executable file not found in $PATH`;
  return `fork/exec ${program}: ${goErrno(code) ?? messageOf(error)}`;
}

/** Which program `startHandler` starts, for its error. */
export const handlerProgram = (words: readonly string[], shell: boolean, io: Io): string =>
  shell ? io.env['SHELL'] || '/bin/sh' : (words[0] ?? '');

/** Go's syscall package. */
const SIGNAL_NAMES: Readonly<Record<string, string>> = {
  SIGABRT: 'aborted',
  SIGALRM: 'alarm clock',
  SIGHUP: 'hangup',
  SIGINT: 'interrupt',
  SIGKILL: 'killed',
  SIGPIPE: 'broken pipe',
  SIGQUIT: 'quit',
  SIGSEGV: 'segmentation fault',
  SIGTERM: 'terminated',
  SIGUSR1: 'user defined signal 1',
  SIGUSR2: 'user defined signal 2',
};
