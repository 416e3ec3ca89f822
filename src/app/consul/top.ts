import type { Io } from '../io.ts';
import { isHelp, runEntry } from './command.ts';
import { takeCompat } from './compat.ts';
import { CONSUL_COMMANDS } from './table.ts';

/** Consul's command line: a command of the table with its arguments. `program` is how the user called it. */
export async function runConsul(typed: readonly string[], given: Io, program = 'mesh'): Promise<number> {
  const { argv, io, error } = takeCompat(typed, given);
  if (error !== undefined) {
    io.err(`${error}\n`);
    return 1;
  }
  const end = argv.indexOf('--');
  const at = argv.findIndex((word, i) => !word.startsWith('-') && (end === -1 || i < end));
  const leading = at === -1 ? argv : argv.slice(0, at);
  const [name = '', ...rest] = at === -1 ? [] : argv.slice(at);
  const top = Object.hasOwn(CONSUL_COMMANDS, name) ? CONSUL_COMMANDS[name] : undefined;
  if (leading.some(isVersion)) return runEntry(await CONSUL_COMMANDS['version']!.load(), [], io, program);
  const completion = leading.find((word) => /^--?autocomplete-(un)?install$/.test(word));
  if (completion !== undefined) return (await import('./complete-install.ts')).changeCompletion(io, completion.endsWith('-install'));
  const asked = leading.some(isHelp);
  if (top && (asked || leading.length === 0)) return runEntry(await top.load(), asked ? ['-h'] : rest, io, program);
  if (top) {
    io.err('Invalid flags before the subcommand. If these flags are for\nthe subcommand, please put them after the subcommand.\n\n');
    return 1;
  }
  (asked && name === '' ? io.out : io.err)(overview(program));
  return asked && name === '' ? 0 : 127;
}

function overview(program: string): string {
  const width = Math.max(...Object.keys(CONSUL_COMMANDS).map((name) => name.length));
  const rows = Object.entries(CONSUL_COMMANDS).map(([name, { synopsis }]) => `    ${name.padEnd(width)}    ${synopsis}\n`);
  return `Usage: ${program} [--version] [--help] <command> [<args>]\n\nAvailable commands are:\n${rows.join('')}\n`;
}

const isVersion = (word: string): boolean => /^(-v|--?version)$/.test(word);
