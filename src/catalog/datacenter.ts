import { ACL_TABLES, type AclRows } from './acl-rows.ts';
import type { AutopilotConfig } from './autopilot.ts';
import type { CaConfiguration, CaRoot } from './ca.ts';
import type { CoordinateRow } from './coordinates.ts';
import type { EntryFile } from './entry-files.ts';
import { tableKey } from './keys.ts';
import type { ManualVips } from './manual-vips.ts';
import { OrderedMap } from './ordered-map.ts';
import type { Peering } from './peerings.ts';
import type { PreparedQuery } from './prepared-queries.ts';
import type { Check, KvPair, Lock, Node, Service, Session, StoredEntry, Tombstone, Unindexed } from './types.ts';
import type { VirtualIp } from './virtual-ips.ts';

/** The rows of the tables that have no secondary index: `Change.put` and `Change.remove` are all there is to them. */
export interface PlainRows extends AclRows {
  /** By key, as written: the one table whose keys know case. */
  readonly kv: KvPair;
  /** By id. */
  readonly caRoots: CaRoot;
  /** One row. */
  readonly caConfig: CaConfiguration;
  /** By key, as written. */
  readonly tombstones: Tombstone;
  /** By session and key. */
  readonly locks: Lock;
  /** By id. */
  readonly sessions: Session;
  /** By service. */
  readonly virtualIps: VirtualIp;
  /** Those that were given back, by number. */
  readonly freeVirtualIps: VirtualIp;
  /** One row. */
  readonly autopilot: AutopilotConfig;
  /** By service. */
  readonly manualVips: ManualVips;
  /** By id. */
  readonly queries: PreparedQuery;
  /** By name. */
  readonly peerings: Peering;
  /** By node and segment. */
  readonly coordinates: CoordinateRow;
  /** By kind and name of the entry. */
  readonly entryFiles: EntryFile;
}

export type PlainTable = keyof PlainRows;

/** Each of `PlainRows`, once: what snapshots hold beside the tables of services. */
export const PLAIN_TABLES: readonly PlainTable[] = [
  'kv',
  'caRoots',
  'caConfig',
  'tombstones',
  'locks',
  'sessions',
  'virtualIps',
  'freeVirtualIps',
  'coordinates',
  'queries',
  'peerings',
  'autopilot',
  'manualVips',
  'entryFiles',
  ...ACL_TABLES,
];

type PlainTables = { readonly [T in PlainTable]: OrderedMap<PlainRows[T]> };

/**
 * The tables of one datacenter. The first four hold the rows; the others are secondary indexes over them, kept in step by
 * the functions below and by nothing else.
 */
export interface Datacenter extends PlainTables {
  readonly name: string;
  /** By node name. */
  readonly nodes: OrderedMap<Node>;
  /** By node and service id. */
  readonly services: OrderedMap<Service>;
  /** By node and check id. */
  readonly checks: OrderedMap<Check>;
  /** By kind and name. */
  readonly entries: OrderedMap<StoredEntry>;
  /** By service name, node and id. */
  readonly servicesByName: OrderedMap<Service>;
  /** By node, service id (empty for a check of the node itself) and check id. */
  readonly checksByInstance: OrderedMap<Check>;
  /** Sidecars, by the service that they stand for, node and id. */
  readonly proxiesByDestination: OrderedMap<Service>;
  /** Sidecars, by the service that they call (whatever its datacenter), node and id; `PREPARED_QUERIES` stands for all queries. */
  readonly proxiesByUpstream: OrderedMap<Service>;
  /** The index at which a table, or what concerns one service, last changed: `nodes`, `config`, `service\0payments`. */
  readonly indexes: OrderedMap<number>;
}

export function emptyDatacenter(name: string): Datacenter {
  const plain = Object.fromEntries(PLAIN_TABLES.map((table) => [table, OrderedMap.empty()])) as unknown as PlainTables;
  return {
    name,
    ...plain,
    nodes: OrderedMap.empty(),
    services: OrderedMap.empty(),
    checks: OrderedMap.empty(),
    entries: OrderedMap.empty(),
    servicesByName: OrderedMap.empty(),
    checksByInstance: OrderedMap.empty(),
    proxiesByDestination: OrderedMap.empty(),
    proxiesByUpstream: OrderedMap.empty(),
    indexes: OrderedMap.empty(),
  };
}

export function putNode(d: Datacenter, node: Node): Datacenter {
  return { ...d, nodes: d.nodes.set(tableKey(node.Node), node) };
}

export function putService(d: Datacenter, service: Service): Datacenter {
  const { Node: node, ID: id } = service;
  const key = tableKey(node, id);
  const previous = d.services.get(key);
  // A row that takes the place of one under the same keys needs no removal.
  const moves = previous && (previous.Service !== service.Service || previous.Proxy || previous.ConnectNative);
  const clean = moves ? removeService(d, previous) : d;
  let { proxiesByDestination, proxiesByUpstream } = clean;
  for (const destination of destinationsOf(service)) {
    proxiesByDestination = proxiesByDestination.set(tableKey(destination, node, id), service);
  }
  for (const upstream of upstreamsOf(service)) proxiesByUpstream = proxiesByUpstream.set(tableKey(upstream, node, id), service);
  return {
    ...clean,
    services: clean.services.set(key, service),
    servicesByName: clean.servicesByName.set(tableKey(service.Service, node, id), service),
    proxiesByDestination,
    proxiesByUpstream,
  };
}

/** Removes the row and its index entries, not its checks. */
export function removeService(d: Datacenter, service: Service): Datacenter {
  const { Node: node, ID: id } = service;
  let { proxiesByDestination, proxiesByUpstream } = d;
  for (const destination of destinationsOf(service)) proxiesByDestination = proxiesByDestination.delete(tableKey(destination, node, id));
  for (const upstream of upstreamsOf(service)) proxiesByUpstream = proxiesByUpstream.delete(tableKey(upstream, node, id));
  return {
    ...d,
    services: d.services.delete(tableKey(node, id)),
    servicesByName: d.servicesByName.delete(tableKey(service.Service, node, id)),
    proxiesByDestination,
    proxiesByUpstream,
  };
}

export function putCheck(d: Datacenter, check: Check): Datacenter {
  const previous = d.checks.get(tableKey(check.Node, check.CheckID));
  const clean = previous && previous.ServiceID !== check.ServiceID ? removeCheck(d, previous) : d;
  return {
    ...clean,
    checks: clean.checks.set(tableKey(check.Node, check.CheckID), check),
    checksByInstance: clean.checksByInstance.set(tableKey(check.Node, check.ServiceID, check.CheckID), check),
  };
}

export function removeCheck(d: Datacenter, check: Check): Datacenter {
  return {
    ...d,
    checks: d.checks.delete(tableKey(check.Node, check.CheckID)),
    checksByInstance: d.checksByInstance.delete(tableKey(check.Node, check.ServiceID, check.CheckID)),
  };
}

export function putEntry(d: Datacenter, entry: StoredEntry): Datacenter {
  return { ...d, entries: d.entries.set(tableKey(entry.Kind, entry.Name), entry) };
}

/** What a sidecar stands for; nothing for anything else. A service that speaks Connect itself stands for itself. */
export function destinationsOf(service: Unindexed<Service>): readonly string[] {
  if (service.Kind === 'connect-proxy' && service.Proxy) return [service.Proxy.DestinationServiceName];
  return service.ConnectNative ? [service.Service] : [];
}

function upstreamsOf({ Proxy: proxy }: Service): Iterable<string> {
  if (!proxy) return [];
  return new Set(
    proxy.Upstreams.map(({ DestinationType, DestinationName }) =>
      DestinationType === 'prepared_query' ? PREPARED_QUERIES : DestinationName,
    ),
  );
}

/** Whose instances a query leads to shows only when it is executed. No service has such a name. */
export const PREPARED_QUERIES = 'prepared_query:';
