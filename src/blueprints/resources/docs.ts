import type { Workload } from '../../base/workload.ts';
import type { SiteSettings } from '../../docs/site.ts';
import { any, bool, type Decoded, list, object, optional, port, required, string, withDefault } from '../../schema/schema.ts';
import { type Attached, aliasesOf, fixedIn, hostNames, lowerNetwork, networkAttachment, subnetOf } from '../attachment.ts';
import { browsePage } from '../browse.ts';
import { checkPages } from '../docs-pages.ts';
import { closeHostPorts, type HostPort, hostPortGuards, openHostPorts, type PortMap, reserveHostPorts } from '../host-ports.ts';
import { isHealthy, isReady } from '../instance.ts';
import { resourceType } from '../resource-type.ts';

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
  /** Absolute. */
  readonly folder: string;
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

export const docs = resourceType<Decoded<typeof schema>, DocsSpec, Reserved>({
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

  async reserve(key, { network, names, host }, context, options) {
    const wanted = network.wanted === undefined ? {} : { wanted: network.wanted };
    const subnet = subnetOf(network.key, context);
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
});

const hostPortsOf = ({ host }: DocsSpec): HostPort[] => [{ host, target: HTTP_PORT }];

function workloadOf(key: string, { name, folder, settings, names }: DocsSpec, reserved: Reserved): Workload {
  return {
    id: key,
    name,
    image: 'shipyardrun/docs',
    env: { DOCS_FOLDER: '/docs', DOCS_SETTINGS: '/settings.json', LISTEN_ADDR: `0.0.0.0:${HTTP_PORT}` },
    address: reserved.address,
    ports: [{ port: HTTP_PORT }],
    upstreamPorts: [],
    names,
    mounts: [
      { destination: '/docs', source: { path: folder }, readOnly: true },
      // Not in the environment, where what looks like an address is rewritten.
      { destination: '/settings.json', source: { text: JSON.stringify(settings), secret: false }, readOnly: true },
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
