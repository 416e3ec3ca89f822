export interface DocsPage {
  /** Below docs/: `guides/own-services.md`. */
  readonly path: string;
  /** Its first heading. */
  readonly title: string;
}

/** What the pages outside of folders are, in the order in which people need them. */
const CHAPTERS: readonly (readonly [title: string, pages: readonly (readonly [path: string, what: string])[]])[] = [
  [
    'Use it',
    [
      ['blueprints.md', 'the language of blueprints, and every resource type'],
      ['shipyard.md', "Shipyard's and Jumppad's files: what they mean here"],
      ['testing.md', 'feature files: every step'],
      ['testing-in-code.md', 'a mesh inside a test of yours, in TypeScript or JavaScript'],
      ['troubleshooting.md', 'what is wrong: doctor, troubleshoot, lint, and what their findings mean'],
      ['configuration.md', 'defaults of options, programs in the place of images'],
    ],
  ],
  [
    'The mesh',
    [
      ['data-plane.md', 'what happens to a request: routes, splits, balancing, limits, retries'],
      ['zero-trust.md', 'identities, intentions, permissions, tokens'],
      ['explain.md', 'where one request goes, who lets it in, and what says so'],
      ['gateways.md', 'ways in and out: ingress, terminating and API gateways'],
      ['observability.md', 'metrics, access logs, traces'],
      ['dashboard.md', 'the dashboard: the mesh as a picture, live, and what its pages may change'],
      ['consul.md', "Consul's API, DNS, ACLs and agent: what is there and what differs"],
      ['performance.md', 'what it costs, measured; what happens when something dies'],
    ],
  ],
  [
    'Reference',
    [
      ['reference/commands.md', 'every command with its options'],
      ['reference/config-entries.md', 'every kind with all fields and an example'],
      ['http-api.md', 'every endpoint'],
      ['reference/errors.md', 'exit codes and messages, and what to do'],
      ['diagnostics.md', 'what is said about wrong files'],
      ['hcl.md', 'the two languages that are called HCL'],
    ],
  ],
];

/** `docs/README.md`: the way to every page. New pages outside of folders need a line above. */
export function renderIndex(pages: readonly DocsPage[]): string {
  const row = (path: string, what: string) => `- [${what}](${path})`;
  const titled = (folder: string) => pages.filter(({ path }) => path.startsWith(folder)).map(({ path, title }) => row(path, title));
  const known = new Set(CHAPTERS.flatMap(([, rows]) => rows.map(([path]) => path)));
  const first = pages.filter(({ path }) => !path.includes('/') && !known.has(path) && !['README.md', 'ARCHITECTURE.md'].includes(path));
  const sections = [
    [...first.map(({ path, title }) => row(path, title)), '- [the tour, in five minutes](../README.md)'],
    ['## Guides', '', ...titled('guides/')],
    ...CHAPTERS.map(([title, rows]) => [`## ${title}`, '', ...rows.map(([path, what]) => row(path, what))]),
    ['## Resources of blueprints', '', titled('resources/').join('\n')],
    [
      '## How it is made',
      '',
      row('ARCHITECTURE.md', 'processes, places, layers, journeys'),
      row('../SECURITY.md', 'what holds on a shared machine, and what does not'),
      row('../CHANGELOG.md', 'what each version has brought'),
      ...titled('decisions/'),
    ],
  ];
  return `# Documentation\n\n${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}
