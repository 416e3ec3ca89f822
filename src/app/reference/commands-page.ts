import type { Command } from '../../commands/command.ts';
import { type CommandPage, HTTP_ROWS, pageOf, type Row } from './command-page.ts';
import { TOPICS } from './topics.ts';

/** The page of every command, from the same values that its help is made of. */
export async function renderCommandsPage(commands: readonly Command[]): Promise<string> {
  const pages = await Promise.all(commands.map((command) => pageOf(command)));
  return `# Commands

\`mesh <command> --help\` says the same on a terminal, \`man mesh\` and \`man mesh-run\` on an installed one. \`--json\` on all that prints data;
standard output is data, standard error is messages.

${pages.map(({ path, summary }) => `- [${path}](#${path.replaceAll(' ', '-')}): ${summary}`).join('\n')}

${pages.map((page) => section(page, '##')).join('\n\n')}

## Flags of Consul's commands

Those that talk to an agent take these, too. One dash or two; \`-flag value\` or \`-flag=value\`.

${table('flag', HTTP_ROWS)}

${TOPICS.map(({ title, text, rows }) => `## ${title}\n\n${[text, ...(rows.length > 0 ? [table('', rows)] : [])].join('\n\n')}`).join('\n\n')}
`;
}

function section(page: CommandPage, heading: string): string {
  const parts = [`${heading} ${page.path}`, `${page.summary}.`];
  if (page.usage.some((form) => form !== '') || page.below.length === 0)
    parts.push(`\`\`\`\n${page.usage.map((form) => `${page.path} ${form}`.trim()).join('\n')}\n\`\`\``);
  if (page.description !== undefined) parts.push(escaped(page.description));
  if (page.aliases.length > 0) parts.push(`Also: ${page.aliases.map((alias) => `\`mesh ${alias}\``).join(', ')}.`);
  if (page.args.length > 0) parts.push(table('argument', page.args));
  if (page.options.length > 0) parts.push(table('option', page.options));
  if (page.talksToAgent) parts.push("And [those of Consul's commands](#flags-of-consuls-commands).");
  if (page.exits.length > 0) parts.push(table('exit code', page.exits));
  parts.push(`\`\`\`sh\n${page.examples.map(([example, what]) => (what === '' ? example : `${example}   # ${what}`)).join('\n')}\n\`\`\``);
  if (page.see.length > 0)
    parts.push(`See also: ${page.see.map((name) => `[mesh ${name}](#mesh-${name.replaceAll(' ', '-')})`).join(', ')}.`);
  return [...parts, ...page.below.map((one) => section(one, '###'))].join('\n\n');
}

const table = (what: string, rows: readonly Row[]): string =>
  [
    `| ${what} | |`,
    '| --- | --- |',
    ...rows.map(([left, right]) => `| \`${left.replaceAll('|', '\\|')}\` | ${escaped(right).replaceAll('|', '\\|')} |`),
  ].join('\n');

/** Angle brackets would be taken for HTML. */
const escaped = (text: string): string => text.replaceAll(/`[^`]*`|</g, (part) => (part === '<' ? '&lt;' : part));
