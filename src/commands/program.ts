import { Command as Commander, CommanderError } from 'commander';
import type { Io } from '../app/io.ts';
import { TOPICS } from '../app/reference/topics.ts';
import { configured } from '../app/settings/configured.ts';
import { MeshError } from '../base/errors.ts';
import { nearest } from '../base/suggest.ts';
import type { Command, Input } from './command.ts';
import { helpText, overviewText, pageFor, topicText } from './help.ts';
import { COMMANDS } from './table.ts';

/** Parses mesh's own grammar with commander and runs the command. Returns the exit code. */
export async function runProgram(argv: readonly string[], io: Io): Promise<number> {
  let exitCode = 0;
  const program = new Commander('mesh')
    .usage('<command> [options]')
    .enablePositionalOptions()
    .helpCommand('help [command]', 'explain a command')
    .configureHelp({ formatHelp: () => overviewText(COMMANDS, pageFor(io)) });
  // The others are needed only to explain them, or to find the nearest name.
  const called = COMMANDS.filter((command) => command.name === argv[0] || command.aliases?.includes(argv[0] ?? ''));
  for (const command of called.length > 0 ? called : COMMANDS) program.addCommand(build(command, 'mesh', io, (code) => (exitCode = code)));
  quiet(program, io);
  if (argv.length === 0) {
    io.err(overviewText(COMMANDS, pageFor(io)));
    return 2;
  }
  if (argv[0] === 'help') return help(argv.slice(1), io);
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return 0;
    throw usageError(error, argv);
  }
}

function build(command: Command, parent: string, io: Io, done: (code: number) => void): Commander {
  const built = new Commander(command.name).description(command.summary).aliases([...(command.aliases ?? [])]);
  const path = `${parent} ${command.name}`;
  for (const argument of command.args ?? []) {
    const name = `${argument.name}${argument.variadic ? '...' : ''}`;
    built.argument(argument.required ? `<${name}>` : `[${name}]`, argument.doc);
  }
  const known = (command.options ?? []).flatMap(({ flags }) => flags.match(/(?<!\S)--?[\w-]+/g) ?? []);
  // Options in Consul's grammar are its own affair: here they are only explained, and may have defaults.
  for (const option of command.grammar === 'mesh' ? (command.options ?? []) : []) {
    const value = (text: string): string => {
      if (!known.includes(text)) return text;
      throw new MeshError('usage', `option '${option.flags}' argument missing, found ${text}`, { hint: `${path} --help` });
    };
    if (option.repeatable) built.option(option.flags, option.doc, (text: string, before: string[]) => [...before, value(text)], []);
    else if (!option.flags.includes('<')) built.option(option.flags, option.doc, option.default);
    else built.option(option.flags, option.doc, value, option.default as string | undefined);
  }
  if (command.grammar === 'consul') built.allowUnknownOption().passThroughOptions().helpOption(false).argument('[args...]');
  built.configureHelp({ formatHelp: () => helpText(command, path, pageFor(io)) });
  for (const sub of command.subcommands ?? []) built.addCommand(build(sub, path, io, done));
  if (command.load) {
    built.action(async (...received: unknown[]) => {
      const execute = await command.load!();
      const input = inputOf(received, built);
      const isTyped = (name: string) => built.getOptionValueSource(name) === 'cli';
      const given = { commands: COMMANDS, isTyped };
      done(
        await execute(
          ...(command.withoutSettings ? ([input, io] as const) : await configured(path.replace(/^mesh /, ''), input, given, io)),
        ),
      );
    });
  }
  quiet(built, io);
  return built;
}

/** commander hands over each argument, then the options, then the command. */
function inputOf(received: readonly unknown[], built: Commander): Input {
  const args = received
    .slice(0, -2)
    .flat()
    .filter((arg) => typeof arg === 'string');
  return { args, options: built.opts() };
}

function quiet(command: Commander, io: Io): void {
  command.exitOverride().configureOutput({ writeOut: (text) => io.out(text), writeErr: () => undefined });
}

/** `mesh help agent stop`. */
function help(words: readonly string[], io: Io): number {
  const topic = TOPICS.find(({ name }) => name === words[0]);
  if (topic) {
    io.out(topicText(topic, pageFor(io)));
    return 0;
  }
  const { command, path, rest, siblings } = resolve(words.filter((word) => !word.startsWith('-')));
  const topics = command ? [] : TOPICS.map(({ name }) => name);
  if (rest.length > 0) throw unknownCommand(rest[0]!, path, siblings, topics);
  io.out(command ? helpText(command, path, pageFor(io)) : overviewText(COMMANDS, pageFor(io)));
  return 0;
}

interface Resolved {
  readonly command: Command | undefined;
  /** `mesh agent stop` */
  readonly path: string;
  /** From the first word on that names no command. */
  readonly rest: readonly string[];
  /** What that word could have named. */
  readonly siblings: readonly Command[];
}

function resolve(words: readonly string[]): Resolved {
  let command: Command | undefined;
  let path = 'mesh';
  let siblings = COMMANDS;
  for (const [i, word] of words.entries()) {
    const next = siblings.find(({ name, aliases = [] }) => name === word || aliases.includes(word));
    if (!next) return { command, path, rest: words.slice(i), siblings };
    command = next;
    path += ` ${next.name}`;
    siblings = next.subcommands ?? [];
  }
  return { command, path, rest: [], siblings };
}

function unknownCommand(word: string, path: string, siblings: readonly Command[], topics: readonly string[] = []): MeshError {
  const names = siblings.flatMap(({ name, aliases = [] }) => [name, ...aliases]);
  const near = nearest(word, names);
  const topic = near === undefined ? nearest(word, topics) : undefined;
  const meant = near === undefined ? topic && `mesh help ${topic}` : `${path} ${near}`;
  return new MeshError('usage', `unknown command '${word}'`, {
    hint: meant === undefined ? `${path} --help` : `did you mean \`${meant}\`?`,
  });
}

function usageError(error: CommanderError, argv: readonly string[]): MeshError {
  const { command, path, rest, siblings } = resolve(argv);
  const word = rest[0];
  if (word !== undefined && !word.startsWith('-') && (!command || (command.subcommands && !command.args)))
    return unknownCommand(word, path, siblings);
  const [message = '', ...more] = error.message.replace(/^error: /, '').split('\n');
  const suggestion = more
    .join(' ')
    .trim()
    .replace(/^\(Did|\)$/g, (bracket) => (bracket === ')' ? '' : 'did'));
  return new MeshError('usage', message, { hint: suggestion === '' ? `${path} --help` : `${suggestion} ${path} --help` });
}
