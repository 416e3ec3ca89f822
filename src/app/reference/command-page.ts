import type { Command as OwnCommand } from '../../commands/command.ts';
import type { Command, CommandGroup } from '../consul/command.ts';
import { HTTP_FLAGS } from '../consul/http-flags.ts';
import { CONSUL_COMMANDS } from '../consul/table.ts';
import { described } from './described.ts';

export type Row = readonly [left: string, right: string];

/** All that there is to say about a command, whatever its grammar: what reference and man pages are made of. */
export interface CommandPage {
  /** `mesh agent stop` */
  readonly path: string;
  readonly summary: string;
  /** Behind the path; several forms if there are. */
  readonly usage: readonly string[];
  readonly description: string | undefined;
  readonly aliases: readonly string[];
  readonly args: readonly Row[];
  readonly options: readonly Row[];
  /** It takes the flags of commands that talk to an agent, too. */
  readonly talksToAgent: boolean;
  readonly exits: readonly Row[];
  readonly examples: readonly Row[];
  readonly see: readonly string[];
  readonly below: readonly CommandPage[];
}

export async function pageOf(command: OwnCommand, above = 'mesh'): Promise<CommandPage> {
  const path = `${above} ${command.name}`;
  const words = (command.args ?? []).map(({ name, required, variadic }) => {
    const word = `${name}${variadic ? '...' : ''}`;
    return required ? `<${word}>` : `[${word}]`;
  });
  const own = command.grammar === 'consul' ? [command.words ?? '<subcommand> [options] [args]'] : words;
  const consul = command.grammar === 'consul' && command.name !== 'consul' && command.name !== 'agent';
  const top = consul ? await CONSUL_COMMANDS[command.name]?.load() : undefined;
  const leaf = top && !('commands' in top) ? top : undefined;
  return {
    path,
    summary: command.summary,
    usage: leaf
      ? leaf.usage.map((form) => `[options] ${form}`.trim())
      : [[...own, ...(command.options?.length ? ['[options]'] : [])].join(' ')],
    description: command.description ?? leaf?.description,
    aliases: command.aliases ?? [],
    args: (command.args ?? []).map(({ name, doc }): Row => [name, doc]),
    options: [...(command.options ?? []).map((option): Row => [option.flags, described(option)]), ...(leaf ? flagRows(leaf) : [])],
    talksToAgent: leaf !== undefined && !leaf.offline,
    exits: (command.exits ?? []).map(([code, when]): Row => [String(code), when]),
    examples: command.examples,
    see: command.see ?? [],
    below: [
      ...(await Promise.all((command.subcommands ?? []).map((sub) => pageOf(sub, path)))),
      ...(top && 'commands' in top ? await pagesBelow(top) : []),
    ],
  };
}

/** Leaves of a group, each by its whole name. */
async function pagesBelow(group: CommandGroup): Promise<CommandPage[]> {
  const entries = await Promise.all(Object.values(group.commands).map((load) => load()));
  const pages = await Promise.all(entries.map((entry) => ('commands' in entry ? pagesBelow(entry) : Promise.resolve([leafPage(entry)]))));
  return pages.flat();
}

function leafPage(command: Command): CommandPage {
  return {
    path: `mesh ${command.name}`,
    summary: command.synopsis,
    usage: command.usage.map((form) => `[options] ${form}`.trim()),
    description: command.description,
    aliases: [],
    args: [],
    options: flagRows(command),
    talksToAgent: !command.offline,
    exits: [],
    examples: command.examples.map((example): Row => [`mesh ${example}`, '']),
    see: [],
    below: [],
  };
}

const flagRow = ({ name, kind, value, doc }: Command['flags'][number]): Row => [
  `-${name}${kind === 'bool' ? '' : `=<${value ?? 'value'}>`}`,
  doc,
];
const flagRows = (command: Command): Row[] => command.flags.map(flagRow);

/** Of every command that talks to an agent. */
export const HTTP_ROWS: readonly Row[] = HTTP_FLAGS.map(flagRow);
