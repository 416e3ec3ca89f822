import { isAbsolute, join } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import { BARE, type Workload } from '../../base/workload.ts';
import { list, optional, required, string } from '../../schema/schema.ts';
import { environmentFields } from '../environment.ts';
import type { LowerContext } from '../resource-type.ts';

/** What commands have in common, on this machine and beside a container. */
export const commandFields = {
  cmd: required(string(), 'Program to run: a name that is on the PATH, or a path. Not a line for a shell.'),
  args: optional(list(string()), 'Its arguments.'),
  ...environmentFields,
} as const;

/** Time between SIGTERM and SIGKILL of a command that has to end early. */
const STOP_DEADLINE_MS = 5000;

/** A workload that only runs, as a command does. */
export const PLAIN = { ...BARE, stopDeadlineMs: STOP_DEADLINE_MS } as const satisfies Partial<Workload>;

/** Reports a program that can't be one. */
export function checkProgram(cmd: string, context: LowerContext): void {
  const words = cmd.trim().split(/\s+/);
  if (words[0] === '') context.report(errorAt(context.at('cmd'), '"cmd" is empty', { detail: 'expected a program: cmd = "sh"' }));
  if (words.length < 2) return;
  const [program, ...args] = /['"|&;<>$`*()]/.test(cmd) ? ['sh', '-c', cmd] : words;
  const list = args.map((arg) => JSON.stringify(arg)).join(', ');
  const hint = `cmd = ${JSON.stringify(program)}, args = [${list}]`;
  context.report(errorAt(context.at('cmd'), `"cmd" is one program, found ${JSON.stringify(cmd)}`, { hint }));
}

/** A word that is the path of a file which another resource makes: the command comes after that one. */
export async function dependOnFiles(words: readonly string[], folder: string, context: LowerContext): Promise<void> {
  for (const word of words) if (word.includes('/') && !/\s/.test(word)) await context.exists(isAbsolute(word) ? word : join(folder, word));
}
