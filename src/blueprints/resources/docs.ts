import { join } from 'node:path';
import { errorAt } from '../../base/diagnostic.ts';
import type { Mount, Workload } from '../../base/workload.ts';
import type { SiteSettings } from '../../docs/site.ts';
import {
  any,
  bool,
  type Decoded,
  int,
  list,
  object,
  optional,
  port,
  reference,
  required,
  string,
  withDefault,
} from '../../schema/schema.ts';
import { type Attached, aliasesOf, fixedIn, hostNames, lowerNetwork, networkAttachment, subnetOf } from '../attachment.ts';
import { browsePage } from '../browse.ts';
import { checkPages } from '../docs-pages.ts';
import { closeHostPorts, type HostPort, hostPortGuards, openHostPorts, type PortMap, reserveHostPorts } from '../host-ports.ts';
import { isHealthy, isReady } from '../instance.ts';
import { type LowerContext, type ResourceType, resourceType } from '../resource-type.ts';

const schema = object({
  path: required(string(), 'Folder of Markdown pages and what they show, relative to the blueprint.'),
  port: required(port(), 'Port to open on 127.0.0.1.'),
  network: optional(list(networkAttachment), 'Network in which it has an address, port 80, and a name: `docs.docs.shipyard.run`.'),
  image: optional(any(), 'Accepted; the program is built in.'),
  live_reload_port: optional(port(), 'Accepted; pages are loaded again by themselves, without a port of its own.'),
  open_in_browser: withDefault(bool(), false, 'Open it once it is ready.'),
  index_title: withDefault(string(), 'Contents', 'Title of the list of pages.'),
  index_pages: withDefault(list(string()), [], 'Ids of the pages, in their order. By default all pages, by their file names.'),
});

export interface DocsSpec {
  readonly name: string;
  /** Of the pages, absolute. Absent: they are `pages`. */
  readonly folder?: string;
  /** Text of pages by path. */
  readonly pages?: Readonly<Record<string, string>>;
  /** Folder of further files, absolute. */
  readonly assets?: string;
  readonly settings: SiteSettings;
  readonly network: Attached;
  readonly names: readonly string[];
  readonly host: number;
  readonly open: boolean;
}

interface Reserved {
  readonly address: string;
  readonly ports: PortMap;
}

/** As in Shipyard's container. */
const HTTP_PORT = 80;

/** What happens to a site once it is lowered: the same for both spellings. */
const lifecycle = {
  outputs: {
    fields: { container_name: { schema: string(), doc: 'Its name in networks.' } },
    of: ({ names }) => ({ container_name: names.find((one) => one.endsWith('.local.jmpd.in')) ?? names[0] ?? '' }),
  },

  async reserve(key, { network, names, host }, context, options) {
    const wanted = network.wanted === undefined ? {} : { wanted: network.wanted };
    const subnet = subnetOf(network, context);
    const address = await context.allocate({ owner: key, subnet, ports: [HTTP_PORT], names, movable: true, ...wanted });
    return { address, ports: await reserveHostPorts([{ host, target: HTTP_PORT }], context, options.ports) };
  },

  async create(key, spec, reserved, context, options) {
    const workload = workloadOf(key, spec, reserved);
    const hosted = await context.workloads.start(workload, options);
    hosted.status.subscribe(() => context.forwards.refresh());
    context.forwards.publish(
      key,
      () => (isReady([workload], context) ? [reserved.address] : []),
      (target) => target,
    );
    openHostPorts(key, key, hostPortsOf(spec), reserved.ports, context);
  },

  guards: (key, spec, reserved, context) => [
    { name: `${key}: ready`, wait: (signal) => context.workloads.get(key)?.ready(signal) ?? Promise.resolve() },
    ...hostPortGuards(key, hostPortsOf(spec), reserved.ports, context),
  ],

  async destroy(key, spec, reserved, context) {
    if (reserved) closeHostPorts(key, hostPortsOf(spec), reserved.ports, context);
    context.forwards.withdraw(key);
    await context.workloads.stop(key);
    if (reserved) await context.release([reserved.address]);
  },

  healthy: (spec, reserved, context) => isHealthy([workloadOf(`docs.${spec.name}`, spec, reserved)], context),
  hostPorts: ({ host }) => [host],
  names: (spec) => spec.names,
  fixedAddresses: fixedIn,
  browse({ host, open }, { ports }) {
    const page = open ? browsePage('/', ports[host] ?? host) : undefined;
    return page === undefined ? [] : [page];
  },
} satisfies Partial<ResourceType<unknown, DocsSpec, Reserved>>;

export const docs = resourceType<Decoded<typeof schema>, DocsSpec, Reserved>({
  ...lifecycle,
  type: 'docs',
  schema,
  doc: 'A site made of Markdown pages, which follows the files while you write them. Links and images that lead nowhere, front matter that can not be read and ids that two pages have are warnings; `mesh logs NAME` shows those that come later.',

  async lower(config, context) {
    const folder = context.resolvePath(config.path);
    const pages = config.index_pages;
    await checkPages(folder, config.path, pages, context);
    return {
      name: context.name,
      folder,
      settings: { title: config.index_title, pages },
      network: lowerNetwork(config.network ?? [], context),
      names: hostNames(context, 'docs', aliasesOf(config.network)),
      host: config.port,
      open: config.open_in_browser,
    };
  },
});

const jumppadSchema = object({
  content: required(list(reference('book')), 'The books that it shows: `[resource.book.guide]`.'),
  port: withDefault(port(), 80, 'Port to open on 127.0.0.1.'),
  network: optional(list(networkAttachment), 'Network in which it has an address, port 80, and a name: `docs.docs.local.jmpd.in`.'),
  image: optional(any(), 'Accepted; the program is built in.'),
  open_in_browser: withDefault(bool(), false, 'Open it once it is ready.'),
  logo: optional(
    object({
      url: required(string(), 'Its picture: a file of the assets, `/assets/logo.png`.'),
      width: withDefault(int(1), 32, 'In pixels.'),
      height: withDefault(int(1), 32, 'In pixels.'),
    }),
    'Stands beside the title.',
  ),
  assets: optional(string(), 'Folder of pictures and the like, relative to the blueprint; pages find them below `/assets`.'),
});

export const jumppadDocs = resourceType<Decoded<typeof jumppadSchema>, DocsSpec, Reserved>({
  ...lifecycle,
  type: 'docs',
  dialect: 'jumppad',
  schema: jumppadSchema,
  doc: 'A site made of books, with tasks whose checks run when readers press a button. Links and images that lead nowhere are warnings; `mesh logs NAME` shows what the site says.',
  lowerAfter: ['container'],

  async lower(config, context) {
    const assets = config.assets === undefined ? undefined : context.resolvePath(config.assets);
    const { siteOfBooks } = await import('../docs-books.ts');
    const { pages, settings } = await siteOfBooks(
      config.content,
      assets === undefined ? [] : await assetsIn(assets, config.assets!, context),
      context,
    );
    return {
      name: context.name,
      pages,
      ...(assets === undefined ? {} : { assets }),
      settings: { ...settings, ...(config.logo ? { logo: config.logo } : {}) },
      network: lowerNetwork(config.network ?? [], context),
      names: hostNames(context, 'docs', aliasesOf(config.network)),
      host: config.port,
      open: config.open_in_browser,
    };
  },
});

/** Paths of the files in a folder. */
async function assetsIn(folder: string, written: string, context: LowerContext): Promise<string[]> {
  const names = await context.list(folder);
  if (!names) {
    const detail = 'paths are relative to the file that they stand in';
    context.report(errorAt(context.at('assets'), `folder ${JSON.stringify(written)} does not exist`, { detail }));
    return [];
  }
  const found: string[] = [];
  for (const name of names) {
    const inner = /\.[a-z]\w*$/i.test(name) ? undefined : await context.list(join(folder, name));
    if (inner) found.push(...(await assetsIn(join(folder, name), name, context)).map((path) => `${name}/${path}`));
    else found.push(name);
  }
  return found;
}

const hostPortsOf = ({ host }: DocsSpec): HostPort[] => [{ host, target: HTTP_PORT }];

function workloadOf(key: string, { name, folder, pages = {}, assets, settings, names }: DocsSpec, reserved: Reserved): Workload {
  return {
    id: key,
    name,
    image: 'shipyardrun/docs',
    env: {
      DOCS_FOLDER: '/docs',
      DOCS_SETTINGS: '/settings.json',
      LISTEN_ADDR: `0.0.0.0:${HTTP_PORT}`,
      ...(assets === undefined ? {} : { DOCS_ASSETS: '/docs-assets' }),
    },
    address: reserved.address,
    ports: [{ port: HTTP_PORT }],
    upstreamPorts: [],
    names,
    mounts: [
      { destination: '/docs', source: folder === undefined ? { own: true } : { path: folder }, readOnly: true },
      ...Object.entries(pages).map(
        ([path, text]): Mount => ({ destination: `/docs/${path}`, source: { text, secret: false }, readOnly: true }),
      ),
      ...(assets === undefined ? [] : [{ destination: '/docs-assets', source: { path: assets }, readOnly: true }]),
      // Not in the environment, where what looks like an address is rewritten.
      { destination: '/settings.json', source: { text: JSON.stringify(settings), secret: settings.tasks !== undefined }, readOnly: true },
    ],
    readiness: [
      {
        action: { type: 'tcp', port: HTTP_PORT },
        initialDelayMs: 0,
        periodMs: 10_000,
        timeoutMs: 1000,
        successThreshold: 1,
        failureThreshold: 1,
      },
    ],
    liveness: [],
    stopDeadlineMs: 2000,
  };
}
