import type { AnsweredCall, AnsweredService } from './answers.ts';

export interface Starter {
  readonly services: readonly AnsweredService[];
  readonly calls: readonly AnsweredCall[];
  readonly protocol: string;
  /** Where the programs are started, relative to the blueprint. */
  readonly workingDirectory: string;
  /** What people call it. */
  readonly title: string;
}

/** A service with its ports: those that nobody calls are opened on this machine. */
export interface Opened extends AnsweredService {
  readonly upstreams: readonly { readonly name: string; readonly port: number }[];
  readonly hostPort: number | undefined;
}

const FIRST_UPSTREAM = 9091;

/** What each program has, and on which port of this machine one gets in. Pure. */
export function openedServices({ services, calls }: Pick<Starter, 'services' | 'calls'>): Opened[] {
  const taken = new Set<number>();
  return services.map((service) => {
    const called = [...new Set(calls.filter(({ from }) => from === service.name).map(({ to }) => to))];
    const ports: number[] = [];
    for (let next = FIRST_UPSTREAM; ports.length < called.length; next++) if (next !== service.port) ports.push(next);
    const upstreams = called.map((name, i) => ({ name, port: ports[i]! }));
    if (calls.some(({ to }) => to === service.name)) return { ...service, upstreams, hostPort: undefined };
    // Not the port itself: a program that listens on all addresses has that one of this machine too.
    let hostPort = (service.port % 10_000) + 10_000;
    while (taken.has(hostPort)) hostPort++;
    taken.add(hostPort);
    return { ...service, upstreams, hostPort };
  });
}

/** The text of `main.hcl`, as `mesh fmt` has it. Pure. */
export function starterBlueprint(starter: Starter): string {
  const { protocol, calls } = starter;
  const opened = openedServices(starter);
  const called = [...new Set(calls.map(({ to }) => to))];
  return [
    '# Programs of yours. Each has an address of its own, which HOST and PORT of its environment say, and a sidecar that speaks\n# mutual TLS with the others.',
    ...opened.map((service) => processBlock(service, starter.workingDirectory)),
    "# Consul's config entries: what everybody has to know of a service.",
    ...opened.map(({ name }) => block('config_entry', ['service-defaults', name], [['protocol', quote(protocol)]])),
    ...(called.length === 0 ? [] : ['# Who may call whom. An action that you change here is in effect with the next `mesh run`.']),
    ...called.flatMap((to) => [
      ...[...new Set(calls.filter((call) => call.to === to).map(({ from }) => from))].map((from) =>
        intention(`${from}-to-${to}`, from, to, 'allow'),
      ),
      intention(`others-to-${to}`, '*', to, 'deny'),
    ]),
  ]
    .join('\n\n')
    .concat('\n');
}

function processBlock({ name, command, port, hostPort, upstreams }: Opened, folder: string): string {
  const attributes: Attribute[] = [
    ['command', `[${command.map(quote).join(', ')}]`],
    ...(folder === '.' ? [] : [['working_directory', quote(folder)] as const]),
    ['port', String(port)],
    ...(hostPort === undefined ? [] : [['host_port', String(hostPort)] as const]),
  ];
  const inner = upstreams.map((upstream) => indent(block('upstream', [upstream.name], [['local_bind_port', String(upstream.port)]])));
  return block('process', [name], attributes, inner);
}

const intention = (name: string, source: string, destination: string, action: string): string =>
  block(
    'intention',
    [name],
    [
      ['source', quote(source)],
      ['destination', quote(destination)],
      ['action', quote(action)],
    ],
  );

type Attribute = readonly [name: string, value: string];

function block(type: string, labels: readonly string[], attributes: readonly Attribute[], inner: readonly string[] = []): string {
  const width = Math.max(...attributes.map(([name]) => name.length));
  const lines = attributes.map(([name, value]) => `  ${name.padEnd(width)} = ${value}`).join('\n');
  return `${[type, ...labels.map(quote)].join(' ')} {\n${[lines, ...inner].join('\n\n')}\n}`;
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ');

/** As a string of HCL, in which `${` would begin an expression. */
const quote = (text: string): string => JSON.stringify(text).replace(/[$%](?=\{)/g, (sign) => sign + sign);

/** The text of `README.md`: what `mesh run` shows, and what to do next. Pure. */
export function starterReadme(starter: Starter): string {
  const opened = openedServices(starter);
  const urls = opened
    .filter(({ hostPort }) => hostPort !== undefined)
    .map(({ name, hostPort }) => `curl localhost:${hostPort}   # ${name}`);
  const told = opened.flatMap(({ name, upstreams }) =>
    upstreams.map(
      (upstream) =>
        `- \`${name}\` reaches ${upstream.name} at \`${variableOf(upstream.name)}\` of its environment, which is http://127.0.0.1:${upstream.port} for it.`,
    ),
  );
  return [
    `---\ntitle: ${JSON.stringify(starter.title)}\n---`,
    `# ${starter.title}`,
    '`main.hcl` says which programs run, what they call, and who may call whom.',
    `\`\`\`shell\n${['mesh run', 'mesh status', ...urls, ...opened.slice(0, 1).map(({ name }) => `mesh logs ${name}`), 'mesh destroy'].join('\n')}\n\`\`\``,
    'Each program listens on `HOST` and `PORT` of its environment (or on all addresses).',
    ...(told.length === 0 ? [] : [told.join('\n')]),
  ]
    .join('\n\n')
    .concat('\n');
}

const variableOf = (service: string): string => `${service.toUpperCase().replace(/[^A-Z0-9]/g, '_')}_URL`;
