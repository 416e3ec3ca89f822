import type { Command as OwnCommand } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import type { Command, CommandGroup } from './command.ts';
import { HTTP_FLAGS } from './http-flags.ts';
import { CONSUL_COMMANDS } from './table.ts';

/**
 * What a shell asks a program that completes its own command line (`complete -C`, as Consul's does): the line so far in
 * COMP_LINE; the answer are the words that may come next, one a line.
 */
export async function complete(io: Io, own: readonly OwnCommand[]): Promise<number> {
  const { COMP_LINE: line = '', COMP_POINT: point } = io.env;
  const words = line.slice(0, point === undefined || point === '' ? undefined : Number(point)).split(/\s+/);
  const last = words.length > 1 ? words.pop()! : '';
  const [program = '', ...before] = words;
  const asConsul = program.endsWith('consul');
  const candidates = asConsul ? await ofConsul(before, last) : await ofMesh(own, before, last);
  for (const word of candidates.filter((candidate) => candidate.startsWith(last)).toSorted()) io.out(`${word}\n`);
  return 0;
}

async function ofMesh(commands: readonly OwnCommand[], before: readonly string[], last: string): Promise<readonly string[]> {
  const [word, ...rest] = before;
  if (word === undefined) return last.startsWith('-') ? ['--help', '--version'] : [...commands.map(({ name }) => name), 'help'];
  const command = commands.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
  if (!command) return [];
  if (command.name === 'consul') return ofConsul(rest, last);
  const sub = command.subcommands?.find(({ name }) => name === rest[0]);
  // `agent` takes Consul's flags and has subcommands of its own.
  const consuls = command.grammar === 'consul' && !sub ? await ofConsul(before, last) : [];
  const { options = [], subcommands = [] } = sub ?? command;
  if (last.startsWith('-')) return [...consuls, ...options.flatMap(({ flags }) => flags.match(/--[\w-]+/) ?? []), '--help'];
  return [...consuls, ...(rest.length === 0 ? subcommands.map(({ name }) => name) : [])];
}

async function ofConsul(before: readonly string[], last: string): Promise<readonly string[]> {
  const [word, ...rest] = before;
  if (word === undefined)
    return last.startsWith('-') ? ['-autocomplete-install', '-autocomplete-uninstall', '-help', '-version'] : Object.keys(CONSUL_COMMANDS);
  const top = Object.hasOwn(CONSUL_COMMANDS, word) ? CONSUL_COMMANDS[word] : undefined;
  return top ? below(await top.load(), rest, last) : [];
}

async function below(entry: Command | CommandGroup, words: readonly string[], last: string): Promise<readonly string[]> {
  if (!('commands' in entry)) {
    const flags = entry.offline ? entry.flags : [...entry.flags, ...HTTP_FLAGS];
    return last.startsWith('-') ? flags.map(({ name }) => `-${name}`) : [];
  }
  const [word, ...rest] = words;
  if (word === undefined) return Object.keys(entry.commands);
  const load = Object.hasOwn(entry.commands, word) ? entry.commands[word] : undefined;
  return load ? below(await load(), rest, last) : [];
}
