import { type CommandPage, HTTP_ROWS, type Row } from './command-page.ts';
import { TOPICS } from './topics.ts';

/** The manual page of everything, as `man` reads it (man(7)). */
export function manPage(pages: readonly CommandPage[], version: string): string {
  const topic = (name: string, heading: string): string[] => {
    const { text, rows } = TOPICS.find((one) => one.name === name)!;
    return [`.SH ${heading}`, text === '' ? '' : roff(text), ...rows.flatMap(listed)];
  };
  const lines = [
    `.TH MESH 1 "" "mesh ${version}" "User Commands"`,
    '.SH NAME',
    'mesh \\- the service mesh you can run anywhere in a second',
    '.SH SYNOPSIS',
    '.B mesh',
    '.I command',
    '[options]',
    '.SH DESCRIPTION',
    roff(
      'Runs blueprints: services as processes of this machine, each with a sidecar, mutual TLS between them, and a registry that is Consul to its clients. No container engine, no Kubernetes, no root.',
    ),
    '.PP',
    roff(
      '`mesh <command> --help` explains one command. --json on all that prints data; standard output is data, standard error is messages.',
    ),
    '.SH COMMANDS',
    ...pages.flatMap(command),
    ".SH FLAGS OF CONSUL'S COMMANDS",
    roff('Those that talk to an agent take these, too. One dash or two; -flag value or -flag=value.'),
    ...HTTP_ROWS.flatMap(listed),
    ...topic('exit-codes', 'EXIT STATUS'),
    ...topic('environment', 'ENVIRONMENT'),
    ...topic('files', 'FILES'),
    ...topic('addresses', 'ADDRESSES'),
    '.SH EXAMPLES',
    ...[
      ['mesh run v2', 'two services and their sidecars'],
      ['mesh status', 'what runs'],
      ['mesh intention create -deny web payments', 'refuses the next call'],
      ['mesh destroy', 'takes everything away'],
    ].flatMap(([example, what]) => listed([example!, what!])),
    '.SH SEE ALSO',
    'consul(1), curl(1)',
  ];
  return `${lines.filter((line) => line !== '').join('\n')}\n`;
}

function command(page: CommandPage): string[] {
  const forms = page.usage.map((form) => roff(`${page.path} ${form}`.trim()));
  return [
    `.SS ${roff(page.path)}`,
    roff(`${page.summary}.`),
    '.PP',
    ...forms.flatMap((form, i) => (i === 0 ? ['.nf', form] : [form])),
    '.fi',
    ...(page.description === undefined ? [] : ['.PP', roff(page.description)]),
    ...[...page.args, ...page.options].flatMap(listed),
    ...(page.exits.length > 0 ? ['.PP', 'Exit codes:', ...page.exits.flatMap(listed)] : []),
    '.PP',
    'Examples:',
    ...page.examples.flatMap(listed),
    ...(page.see.length > 0 ? ['.PP', roff(`See also: ${page.see.map((name) => `mesh ${name}`).join(', ')}.`)] : []),
    ...page.below.flatMap(command),
  ];
}

function listed([left, right]: Row): string[] {
  return ['.TP', `\\fB${roff(left)}\\fR`, right === '' ? '\\&' : roff(right)];
}

/** Text that is only text to it: no escapes, no requests at the begin of a line, dashes that can be copied. */
function roff(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('`', '\\(ga')
    .replaceAll(/[^\n -~]/gu, (char) => `\\[u${char.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`)
    .replaceAll(/^\./gm, '\\&.');
}
