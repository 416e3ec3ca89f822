import type { Io } from '../app/io.ts';
import { described } from '../app/reference/described.ts';
import { TOPICS, type Topic } from '../app/reference/topics.ts';
import { bold } from '../ui/bold.ts';
import { wrap } from '../ui/wrap.ts';
import type { Command, Group } from './command.ts';

const GROUPS: Record<Group, string> = {
  Environments: 'Environments',
  Consul: "Consul's commands (its flags, texts and exit codes; any Consul, by -http-addr)",
  Agent: 'Agent',
};

/** What help is written on. */
export interface Page {
  readonly columns: number;
  readonly heading: (text: string) => string;
}

const WIDEST = 100;

/** As wide as the terminal, but no wider than is good to read; headings stand out only there. */
export function pageFor({ terminal, env }: Pick<Io, 'terminal' | 'env'>): Page {
  const columns = terminal.stdoutIsTty ? Math.max(40, Math.min(terminal.columns, WIDEST)) : WIDEST;
  const plain = !terminal.stdoutIsTty || Boolean(env['NO_COLOR']) || env['TERM'] === 'dumb';
  return { columns, heading: plain ? (text) => text : bold };
}

/** `mesh --help`: examples first, then every command by group. */
export function overviewText(commands: readonly Command[], page: Page): string {
  const groups = Object.entries(GROUPS).map(([group, title]) => {
    const rows = commands.filter((command) => command.group === group).map((command): [string, string] => [command.name, command.summary]);
    return section(title, table(rows, page), page);
  });
  const start: [string, string][] = [
    ['mesh run v2', 'run the shipped blueprint v2: two services and their sidecars'],
    ['curl localhost:9090', 'call web, which calls payments over mutual TLS'],
    ['mesh status', 'see what runs'],
    ['mesh destroy v2', 'remove it again'],
  ];
  return `${page.heading('Usage:')} mesh <command> [options]

The service mesh you can run anywhere in a second.

${section('Start here', table(start, page), page)}

${groups.join('\n\n')}

${wrap(`\`mesh <command> --help\` explains a command; \`mesh help ${TOPICS.map(({ name }) => name).join('|')}\` what concerns all of them.`, page.columns).join('\n')}
`;
}

export function helpText(command: Command, path: string, page: Page): string {
  const args = (command.args ?? []).map(({ name, required, variadic }) => {
    const word = `${name}${variadic ? '...' : ''}`;
    return required ? `<${word}>` : `[${word}]`;
  });
  const words = command.grammar === 'consul' ? [command.words ?? '<subcommand> [options] [args]'] : args;
  const usage = [path, ...words, ...(command.options?.length ? ['[options]'] : [])].filter((word) => word !== '').join(' ');
  const sections = [`${page.heading('Usage:')} ${usage}`, `${command.summary}.`];
  const add = (title: string, rows: readonly (readonly [string, string])[] | undefined): void => {
    if (rows?.length) sections.push(section(title, table(rows, page), page));
  };
  if (command.description !== undefined) sections.push(wrap(command.description, page.columns).join('\n'));
  add('Examples', command.examples);
  add(
    'Arguments',
    command.args?.map(({ name, doc }) => [name, doc]),
  );
  add(
    'Options',
    command.options?.map((option) => [option.flags, described(option)]),
  );
  add(
    'Subcommands',
    command.subcommands?.map((sub) => [sub.name, sub.summary]),
  );
  add(
    'Exit codes',
    command.exits?.map(([code, when]) => [String(code), when]),
  );
  if (command.aliases?.length) sections.push(`Also: ${command.aliases.join(', ')}`);
  if (command.see?.length)
    sections.push(wrap(`See also: ${command.see.map((name) => `mesh ${name}`).join(', ')}`, page.columns).join('\n'));
  return `${sections.join('\n\n')}\n`;
}

/** `mesh help environment` */
export function topicText({ title, text, rows }: Topic, page: Page): string {
  const parts = [page.heading(title), wrap(text, page.columns).join('\n'), ...(rows.length > 0 ? [table(rows, page)] : [])];
  return `${parts.join('\n\n')}\n`;
}

const section = (title: string, body: string, page: Page): string => `${page.heading(`${title}:`)}\n${body}`;

/** Two columns, the right one wrapped. A long word on the left would push all explanations off the screen: they stand below it. */
function table(rows: readonly (readonly [string, string])[], { columns }: Page): string {
  const most = Math.min(48, Math.floor(columns / 2));
  const width = Math.min(most, Math.max(...rows.map(([left]) => left.length)));
  return rows
    .map(([left, right]) => {
      const lines = wrap(right, Math.max(20, columns - width - 4));
      const first = left.length > width ? [`  ${left}`, `  ${' '.repeat(width)}  ${lines[0]}`] : [`  ${left.padEnd(width)}  ${lines[0]}`];
      return [...first, ...lines.slice(1).map((line) => `  ${' '.repeat(width)}  ${line}`)]
        .map((line) => line.trimEnd())
        .filter((line) => line !== '')
        .join('\n');
    })
    .join('\n');
}
