import { compileFilter } from '../filter/compile.ts';
import { instanceShape } from '../filter/shapes.ts';
import type { Datacenter } from './datacenter.ts';
import { instanceDatum } from './datum.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import type { OrderedMap } from './ordered-map.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { ChangeKey, Check, Node, Service, StoredEntry } from './types.ts';

/** What a query found, and what a blocking query needs to wait for the next answer. */
export interface QueryResult<T> {
  readonly value: T;
  /** Consul's X-Consul-Index of this query; at least 1. */
  readonly index: number;
  /** The answer may change when one of these is touched (`touches`). */
  readonly watch: readonly ChangeKey[];
}

/** One instance with its node, and the checks of both. */
export interface Instance {
  readonly node: Node;
  readonly service: Service;
  /** Of the node first, then of the service; each by check id. */
  readonly checks: readonly Check[];
}

export function datacenterNames(s: Snapshot): string[] {
  return [...s.datacenters.keys()];
}

/** All nodes, by name. */
export function nodes(s: Snapshot, dc: string): QueryResult<Node[]> {
  const d = datacenter(s, dc);
  return { value: [...d.nodes.values()], index: indexOf(d, 'nodes'), watch: [changeKeys.all(dc, 'node-row')] };
}

export function node(s: Snapshot, dc: string, name: string): Node | undefined {
  return datacenter(s, dc).nodes.get(tableKey(name));
}

/** Names of all services, in order, each with the tags of all its instances that are wanted, in order and without repeats. */
export function services(s: Snapshot, dc: string, wanted?: (instance: Instance) => boolean): QueryResult<Record<string, string[]>> {
  const d = datacenter(s, dc);
  const tags = new Map<string, Set<string>>();
  for (const service of d.servicesByName.values()) {
    if (wanted && !wanted(instance(d, service))) continue;
    const known = tags.get(service.Service) ?? new Set();
    for (const tag of service.Tags) known.add(tag);
    tags.set(service.Service, known);
  }
  // Names such as `__proto__` are data here: a null prototype keeps them so.
  const value = Object.create(null) as Record<string, string[]>;
  for (const [name, known] of tags) value[name] = [...known].sort();
  return { value, index: indexOf(d, 'services'), watch: [changeKeys.all(dc, 'service')] };
}

/** All services of one node, by id. Undefined: there is no such node. */
export function nodeServices(s: Snapshot, dc: string, node: string): QueryResult<{ node: Node; services: Service[] } | undefined> {
  const d = datacenter(s, dc);
  const found = d.nodes.get(tableKey(node));
  const value = found && { node: found, services: valuesUnder(d.services, node) };
  return { value, index: Math.max(indexOf(d, 'nodes'), indexOf(d, 'services')), watch: [changeKeys.node(dc, node)] };
}

/** All instances of a service, healthy or not, by node and id. */
export function serviceInstances(s: Snapshot, dc: string, service: string): QueryResult<Instance[]> {
  const d = datacenter(s, dc);
  const value = valuesUnder(d.servicesByName, service).map((row) => instance(d, row));
  return { value, index: serviceIndex(d, 'service', service), watch: [changeKeys.service(dc, service)] };
}

/** The sidecars that stand for a service, healthy or not, by node and id. */
export function connectInstances(s: Snapshot, dc: string, service: string): QueryResult<Instance[]> {
  const d = datacenter(s, dc);
  const value = valuesUnder(d.proxiesByDestination, service).map((row) => instance(d, row));
  return { value, index: serviceIndex(d, 'connect', service), watch: [changeKeys.connect(dc, service)] };
}

/** Which instances of a service are meant. */
export interface Selection {
  /** An expression over what `/v1/health/connect` answers; empty for all. One that makes no sense selects nothing. */
  readonly filter: string;
  /** Those with warnings are not. */
  readonly onlyPassing: boolean;
}

/** Where a sidecar may send connections for a service: no check of the instance or of its node is critical. */
export function healthyConnectEndpoints(s: Snapshot, dc: string, service: string, selection?: Selection): Instance[] {
  return healthy(connectInstances(s, dc, service).value, selection);
}

/** Those of which no check is critical. */
export function healthy(instances: readonly Instance[], selection?: Selection): Instance[] {
  const { filter: text = '', onlyPassing = false } = selection ?? {};
  const filter = text === '' ? undefined : compileFilter(text, instanceShape);
  if (filter && !filter.ok) return [];
  return instances.filter((found) => {
    const status = worstStatus(found.checks);
    return status !== 'critical' && !(onlyPassing && status === 'warning') && (!filter || filter.value(instanceDatum(found)));
  });
}

/** One service on one node. */
export function serviceById(s: Snapshot, dc: string, node: string, id: string): Service | undefined {
  return datacenter(s, dc).services.get(tableKey(node, id));
}

/** The index of a health query for a service: one that was never there answers when any check last changed. */
export function healthIndex(s: Snapshot, dc: string, service: string, index: number): number {
  const d = datacenter(s, dc);
  const known = d.indexes.has(tableKey('service', service)) || d.indexes.has(tableKey('service-extinction'));
  return known ? index : Math.max(index, indexOf(d, 'checks'));
}

/** Checks of all instances of a service, without those of their nodes. */
export function serviceChecks(s: Snapshot, dc: string, service: string): QueryResult<Check[]> {
  const found = serviceInstances(s, dc, service);
  const value = found.value.flatMap(({ checks }) => checks.filter((check) => check.ServiceID !== ''));
  return { ...found, value, index: healthIndex(s, dc, service, found.index) };
}

/** All checks of a node, its services' included. */
export function nodeChecks(s: Snapshot, dc: string, node: string): QueryResult<Check[]> {
  const d = datacenter(s, dc);
  return { value: valuesUnder(d.checks, node), index: indexOf(d, 'checks'), watch: [changeKeys.node(dc, node)] };
}

/** Checks of a node and of one service on it; without a service only of the node. */
export function instanceChecks(s: Snapshot, dc: string, node: string, serviceId: string): Check[] {
  const d = datacenter(s, dc);
  const ofNode = valuesUnder(d.checksByInstance, node, '');
  return serviceId === '' ? ofNode : [...ofNode, ...valuesUnder(d.checksByInstance, node, serviceId)];
}

/** Tags of the service that a check is of; none for a check of a node. */
export function tagsOfCheck(s: Snapshot, dc: string, check: Check): readonly string[] {
  return check.ServiceID === '' ? [] : (datacenter(s, dc).services.get(tableKey(check.Node, check.ServiceID))?.Tags ?? []);
}

/** One check; its id is unique on its node. */
export function check(s: Snapshot, dc: string, node: string, checkId: string): Check | undefined {
  return datacenter(s, dc).checks.get(tableKey(node, checkId));
}

/** All checks with this status; `any` means all, and what is no status none. */
export function checksInState(s: Snapshot, dc: string, status: string): QueryResult<Check[]> {
  const d = datacenter(s, dc);
  const value = [...d.checks.values()].filter((check) => status === 'any' || check.Status === status);
  return { value, index: indexOf(d, 'checks'), watch: [changeKeys.all(dc, 'node')] };
}

/** The index at which anything of a table last changed; at least 1. */
export function tableIndex(s: Snapshot, dc: string, table: 'nodes' | 'services' | 'checks' | 'config'): number {
  return indexOf(datacenter(s, dc), table);
}

/** Of all nodes with their services and checks. */
export const catalogIndex = (s: Snapshot, dc: string): number =>
  Math.max(tableIndex(s, dc, 'nodes'), tableIndex(s, dc, 'services'), tableIndex(s, dc, 'checks'));

/** All kinds share one table index, as in Consul. */
export function entry(s: Snapshot, dc: string, kind: string, name: string): QueryResult<StoredEntry | undefined> {
  const d = datacenter(s, dc);
  return { value: d.entries.get(tableKey(kind, name)), index: indexOf(d, 'config'), watch: [changeKeys.entry(dc, kind, name)] };
}

/** Entries of a kind, by name; without a kind all, by kind and name. */
export function entries(s: Snapshot, dc: string, kind?: string): QueryResult<StoredEntry[]> {
  const d = datacenter(s, dc);
  const value = kind === undefined ? [...d.entries.values()] : valuesUnder(d.entries, kind);
  const all = changeKeys.all(dc, 'config');
  return { value, index: indexOf(d, 'config'), watch: [kind === undefined ? all : `${all}/${kind}`] };
}

/** The worst of several: critical, then warning. No checks at all pass. */
export function worstStatus(checks: readonly Check[]): Check['Status'] {
  if (checks.some((check) => check.Status === 'critical')) return 'critical';
  return checks.some((check) => check.Status === 'warning') ? 'warning' : 'passing';
}

function instance(d: Datacenter, service: Service): Instance {
  const ofNode = valuesUnder(d.checksByInstance, service.Node, '');
  const ofService = valuesUnder(d.checksByInstance, service.Node, service.ID);
  return { node: d.nodes.get(tableKey(service.Node))!, service, checks: [...ofNode, ...ofService] };
}

function valuesUnder<V>(table: OrderedMap<V>, ...parts: string[]): V[] {
  return table.valuesWithPrefix(tablePrefix(...parts));
}

/** When a table last changed; at least 1, as Consul answers. */
export const indexOf = (d: Datacenter, table: string): number => Math.max(1, d.indexes.get(tableKey(table)) ?? 0);

/** Consul: an absent service answers the index at which a service last vanished, or anything last came, so that its watchers hear of it. */
function serviceIndex(d: Datacenter, sort: 'service' | 'connect', name: string): number {
  const known = d.indexes.get(tableKey(sort, name)) ?? d.indexes.get(tableKey('service-extinction'));
  return Math.max(1, known ?? Math.max(indexOf(d, 'nodes'), indexOf(d, 'services')));
}
