import { MeshError, messageOf } from '../../base/errors.ts';
import { nearest } from '../../base/suggest.ts';
import type { Completes } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import { sameAgent } from './address.ts';
import { type ApiClient, openClient } from './client.ts';
import { type Flag, type FlagValues, flagListing, parseFlags } from './flags.ts';
import { HTTP_FLAGS } from './http-flags.ts';

/** One of Consul's commands. */
export interface Command {
  /** `config write`, `kv get`, `members` */
  readonly name: string;
  /** For the list of its parent. */
  readonly synopsis: string;
  /** Words behind the options: `<file>|-`; several forms if there are. */
  readonly usage: readonly string[];
  /** What a shell offers for each of these words; the last one is for all that follow. */
  readonly completes?: readonly Completes[];
  readonly description: string;
  readonly examples: readonly string[];
  readonly flags: readonly Flag[];
  /** Exit code of a wrong flag: 1 for nearly all of Consul's commands. */
  readonly usageExit?: number;
  /** It talks to no agent, and takes no flags for it. */
  readonly offline?: true;
  /** Begin of the message when an address makes no sense, where it differs from that of its group. */
  readonly connectError?: string;
  run(context: CommandContext): Promise<number>;
}

export interface CommandContext {
  readonly io: Io;
  readonly flags: FlagValues;
  readonly args: readonly string[];
  /** Rejects with a Failure when flags or environment make no sense. */
  readonly client: () => Promise<ApiClient>;
}

/** Ends a command: the message is its line on standard error. */
export class Failure extends Error {
  readonly exit: number;

  constructor(message: string, exit = 1) {
    super(message);
    this.exit = exit;
  }
}

/** Ends a command whose words make no sense, as some of Consul's commands do it: the message, then the help. */
export class UsageFailure extends Failure {
  readonly helpTo: 'out' | 'err';
  /** Whether a line is left empty between both. */
  readonly gap: boolean;

  constructor(message: string, helpTo: 'out' | 'err' = 'err', { gap = helpTo === 'err' && message !== '' } = {}) {
    super(message);
    this.helpTo = helpTo;
    this.gap = gap;
  }
}

/** Throws a Failure in the words of most of Consul's commands. */
export function atMost(args: readonly string[], most: number): void {
  if (args.length > most) throw new Failure(`Too many arguments (expected ${most}, got ${args.length})`);
}

/** Commands below a word: `config`, `operator raft`. */
export interface CommandGroup {
  readonly name: string;
  /** For the list of its parent, where it has one. */
  readonly synopsis?: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Loaded when asked for, so that `config read` doesn't pay for what `config write` needs. */
  readonly commands: Readonly<Record<string, () => Promise<Command | CommandGroup>>>;
  /** Begin of the message when an address makes no sense; Consul's commands differ. */
  readonly connectError?: string;
}

const CONNECT_ERROR = 'Error connecting to Consul agent';

/** Runs a command, or the one below a group that is named, by Consul's rules: which stream, which exit code. */
export async function runEntry(
  entry: Command | CommandGroup,
  argv: readonly string[],
  io: Io,
  program: string,
  connectError = CONNECT_ERROR,
): Promise<number> {
  if (!('commands' in entry)) {
    const help = commandHelp(entry, program);
    if (!beforeSeparator(argv).some(isHelp)) return runCommand(entry, argv, io, entry.connectError ?? connectError, help);
    io.out(`${help}\n`);
    return 0;
  }
  const [name = '', ...rest] = argv;
  const load = Object.hasOwn(entry.commands, name) ? entry.commands[name] : undefined;
  if (load) return runEntry(await load(), rest, io, program, entry.connectError ?? connectError);
  const asked = beforeSeparator(argv).some(isHelp);
  const text = await groupHelp(entry, program);
  (asked ? io.out : io.err)(`${text}\n`);
  // Consul says nothing of a mistyped word: this is for people only.
  const near = asked || !io.diagnostics ? undefined : nearest(name, Object.keys(entry.commands));
  if (near !== undefined) io.err(`\nhint: did you mean \`${program} ${entry.name} ${near}\`?\n`);
  return asked ? 0 : 1;
}

async function runCommand(command: Command, argv: readonly string[], io: Io, connectError: string, help: string): Promise<number> {
  const known = command.offline ? command.flags : [...command.flags, ...HTTP_FLAGS];
  const parsed = parseFlags(known, argv);
  if (parsed.type === 'error') {
    io.err(`${parsed.message}\n${flagListing(known)}\n`);
    return command.usageExit ?? 1;
  }
  const { flags, args } = parsed;
  const client = (): Promise<ApiClient> =>
    openClient(flags, io).catch((error: unknown) => {
      throw new Failure(`${connectError}: ${messageOf(error)}`, command.usageExit);
    });
  try {
    return await command.run({ io, flags, args, client });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    if (error.message !== '') io.err(`${error.message}\n`);
    if (error instanceof UsageFailure) io[error.helpTo](`${error.gap ? '\n' : ''}${help}\n`);
    return error.exit;
  }
}

/** Puts Consul's words before an error of the client; what is not the client's goes through. */
export async function attempt<T>(prefix: string, work: Promise<T>, exit = 1): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof MeshError || error instanceof Failure) throw error;
    throw new Failure(`${prefix}: ${messageOf(error)}`, exit);
  }
}

/** After a write that the agent of this home has acknowledged: waits for the sidecars, if somebody wants to. */
export async function afterWrite(io: Io, client: ApiClient): Promise<void> {
  const record = io.agentHttpAddress();
  if (record !== undefined && sameAgent(client.address, record)) await io.afterWrite?.(record);
}

export const isHelp = (word: string): boolean => word === '-h' || word === '-help' || word === '--help';

function beforeSeparator(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}

async function groupHelp(group: CommandGroup, program: string): Promise<string> {
  const commands = await Promise.all(
    Object.entries(group.commands).map(async ([word, load]) => ({ word, synopsis: (await load()).synopsis ?? '' })),
  );
  const width = Math.max(...commands.map(({ word }) => word.length));
  return [
    `Usage: ${program} ${group.name} <subcommand> [options] [args]`,
    '',
    indent(group.description),
    '',
    ...group.examples.map((example) => `    $ ${program} ${example}`),
    ...(group.examples.length > 0 ? [''] : []),
    'Subcommands:',
    ...commands.map(({ word, synopsis }) => `    ${word.padEnd(width)}    ${synopsis}`),
  ].join('\n');
}

function commandHelp(command: Command, program: string): string {
  return [
    ...command.usage.map((words) => `Usage: ${program} ${command.name} [options] ${words}`.trimEnd()),
    '',
    indent(command.description),
    '',
    'Examples',
    '',
    ...command.examples.map((example) => `  $ ${program} ${example}`),
    ...(command.flags.length > 0 ? ['', 'Command Options', '', ...command.flags.map(flagHelp)] : []),
    ...(command.offline ? [] : ['', 'HTTP API Options', '', ...HTTP_FLAGS.map(flagHelp)]),
  ].join('\n');
}

const flagHelp = ({ name, kind, value, doc }: Flag): string =>
  `  -${name}${kind === 'bool' ? '' : `=<${value ?? 'value'}>`}\n${indent(doc, 5)}`;
const indent = (text: string, by = 2): string =>
  text
    .split('\n')
    .map((line) => (line === '' ? '' : `${' '.repeat(by)}${line}`))
    .join('\n');
