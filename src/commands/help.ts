import { wrap } from '../ui/wrap.ts';
import type { Command, Group } from './command.ts';

const GROUPS: Record<Group, string> = {
  Environments: 'Environments',
  Consul: "Consul's commands (its flags, texts and exit codes; any Consul, by -http-addr)",
  Agent: 'Agent',
};

/** `mesh --help`: examples first, then every command by group. */
export function overviewText(commands: readonly Command[]): string {
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const rows = commands.filter((command) => command.group === group).map((command): [string, string] => [command.name, command.summary]);
    return `${title}:\n${table(rows)}`;
  });
  return `Usage: mesh <command> [options]

The service mesh you can run anywhere in a second.

Start here:
${table([
  ['mesh run v2', 'run the shipped blueprint v2: two services and their sidecars'],
  ['curl localhost:9090', 'call web, which calls payments over mutual TLS'],
  ['mesh status', 'see what runs'],
  ['mesh destroy v2', 'remove it again'],
])}

${groups.join('\n\n')}

\`mesh <command> --help\` explains a command. MESH_HOME chooses the folder that a mesh lives in.
`;
}

export function helpText(command: Command, path: string): string {
  const args = (command.args ?? []).map((arg) => (arg.required ? `<${arg.name}>` : `[${arg.name}]`));
  const words = command.grammar === 'consul' ? [command.words ?? '<subcommand> [options] [args]'] : args;
  const usage = [path, ...words, ...(command.options?.length ? ['[options]'] : [])].filter((word) => word !== '').join(' ');
  const sections = [`Usage: ${usage}`, `${command.summary}.`];
  if (command.description !== undefined) sections.push(wrap(command.description, 100).join('\n'));
  sections.push(`Examples:\n${table(command.examples)}`);
  if (command.args?.length) sections.push(`Arguments:\n${table(command.args.map((arg) => [arg.name, arg.doc]))}`);
  if (command.options?.length) sections.push(`Options:\n${table(command.options.map((option) => [option.flags, describe(option)]))}`);
  if (command.subcommands?.length) sections.push(`Subcommands:\n${table(command.subcommands.map((sub) => [sub.name, sub.summary]))}`);
  if (command.aliases?.length) sections.push(`Also: ${command.aliases.join(', ')}`);
  return `${sections.join('\n\n')}\n`;
}

function describe(option: { doc: string; default?: string | boolean }): string {
  return option.default === undefined ? option.doc : `${option.doc} (default ${option.default})`;
}

function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([left]) => left.length));
  // A long example would push all explanations off the screen.
  const LIMIT = 48;
  return rows
    .map(([left, right]) =>
      (left.length > LIMIT
        ? `  ${left}\n  ${' '.repeat(Math.min(width, LIMIT))}  ${right}`
        : `  ${left.padEnd(Math.min(width, LIMIT))}  ${right}`
      ).trimEnd(),
    )
    .join('\n');
}
