import { dropCoordinates } from './coordinates.ts';
import {
  type Datacenter,
  destinationsOf,
  type PlainRows,
  type PlainTable,
  putCheck,
  putEntry,
  putNode,
  putService,
  removeCheck,
  removeService,
} from './datacenter.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import { OrderedMap } from './ordered-map.ts';
import { endSessionsOf } from './sessions.ts';
import type { ChangeKey, Check, Indexed, Node, Service, StoredEntry, Unindexed } from './types.ts';
import { claimVirtualIp, RESOLVER, releaseVirtualIp } from './virtual-ips.ts';

/** Whom a change concerns: the watchers of these keys, and the table indexes (`Datacenter.indexes`) that rise with it. */
export interface Touched {
  readonly keys: readonly ChangeKey[];
  readonly indexes?: readonly string[];
}

/**
 * One operation on one datacenter, under way: the tables so far, what was touched, and the index that everything it changes
 * gets. Lives for the length of `transact` only.
 */
export class Change {
  tables: Datacenter;
  readonly touched = new Set<ChangeKey>();
  /** What everything that is changed gets as its ModifyIndex. */
  readonly index: number;

  constructor(tables: Datacenter, index: number) {
    this.tables = tables;
    this.index = index;
  }

  /** Upserts a row of a plain table. False when the row says so already: then nothing is touched and it keeps its index. */
  put<T extends PlainTable>(table: T, key: string, row: Unindexed<PlainRows[T]>, touched: Touched): boolean {
    // The compiler takes the tables of all names together.
    const rows = this.tables[table] as unknown as OrderedMap<PlainRows[T]>;
    const previous = rows.get(key);
    if (previous && sameRow(previous, row)) return false;
    this.tables = { ...this.tables, [table]: rows.set(key, this.#stamp(row, previous) as unknown as PlainRows[T]) };
    this.touch(touched);
    return true;
  }

  /** False when it was not there. */
  remove(table: PlainTable, key: string, touched: Touched): boolean {
    if (!this.tables[table].has(key)) return false;
    this.tables = { ...this.tables, [table]: this.tables[table].delete(key) };
    this.touch(touched);
    return true;
  }

  /** Forgets all rows of a plain table. Nobody hears of it. */
  clear(table: PlainTable): void {
    this.tables = { ...this.tables, [table]: OrderedMap.empty() };
  }

  touch({ keys, indexes = [] }: Touched): void {
    for (const key of keys) this.touched.add(key);
    for (const name of indexes) this.#mark(tableKey(name));
  }

  putNode(node: Unindexed<Node>): void {
    const previous = this.tables.nodes.get(tableKey(node.Node));
    if (previous && sameRow(previous, node)) return;
    this.tables = putNode(this.tables, this.#stamp(node, previous));
    this.#touchNodeRow(node.Node);
    for (const service of this.#servicesOf(node.Node)) this.#touchService(service);
  }

  putService(service: Unindexed<Service>): void {
    const previous = this.tables.services.get(tableKey(service.Node, service.ID));
    if (previous && sameRow(previous, service)) return;
    const row = this.#stamp(service, previous);
    this.tables = putService(this.tables, row);
    for (const destination of destinationsOf(row)) claimVirtualIp(this, destination);
    if (previous) {
      for (const destination of destinationsOf(previous)) releaseVirtualIp(this, destination);
      this.#touchService(previous);
      this.#forgetIfGone(previous.Service);
    }
    this.#touchService(row);
    this.#touchNode(row.Node);
    this.#mark(tableKey('services'));
  }

  putCheck(check: Unindexed<Check>): void {
    const previous = this.tables.checks.get(tableKey(check.Node, check.CheckID));
    if (previous && sameRow(previous, check)) return;
    if (previous && previous.ServiceID !== check.ServiceID) this.#touchOwner(previous);
    this.tables = putCheck(this.tables, this.#stamp(check, previous));
    this.#touchOwner(check);
    if (check.Status === 'critical') endSessionsOf(this, check.Node, check.CheckID);
  }

  putEntry(entry: Unindexed<StoredEntry>): void {
    const previous = this.tables.entries.get(tableKey(entry.Kind, entry.Name));
    if (previous && sameRow(previous, entry)) return;
    this.tables = putEntry(this.tables, this.#stamp(entry, previous));
    if (entry.Kind === RESOLVER) claimVirtualIp(this, entry.Name);
    this.#touchEntry(entry.Kind, entry.Name);
  }

  removeNode(name: string): void {
    const node = this.tables.nodes.get(tableKey(name));
    if (!node) return;
    for (const service of this.#servicesOf(name)) this.removeService(service);
    for (const [, check] of this.tables.checks.withPrefix(tablePrefix(name))) this.removeCheck(check);
    this.tables = { ...this.tables, nodes: this.tables.nodes.delete(tableKey(name)) };
    this.#touchNodeRow(name);
    endSessionsOf(this, name);
    dropCoordinates(this, name);
  }

  removeService(service: Service): void {
    for (const [, check] of this.tables.checksByInstance.withPrefix(tablePrefix(service.Node, service.ID))) this.removeCheck(check);
    this.#touchService(service);
    this.tables = removeService(this.tables, service);
    for (const destination of destinationsOf(service)) releaseVirtualIp(this, destination);
    this.#forgetIfGone(service.Service);
    this.#touchNode(service.Node);
    this.#mark(tableKey('services'));
  }

  removeCheck(check: Check): void {
    this.tables = removeCheck(this.tables, check);
    this.#touchOwner(check);
    endSessionsOf(this, check.Node, check.CheckID);
  }

  removeEntry(entry: StoredEntry): void {
    this.tables = { ...this.tables, entries: this.tables.entries.delete(tableKey(entry.Kind, entry.Name)) };
    if (entry.Kind === RESOLVER) releaseVirtualIp(this, entry.Name);
    this.#touchEntry(entry.Kind, entry.Name);
  }

  #stamp<T>(row: T, previous: Indexed | undefined): T & Indexed {
    return { ...row, CreateIndex: previous?.CreateIndex ?? this.index, ModifyIndex: this.index };
  }

  #mark(key: string): void {
    if (this.tables.indexes.get(key) === this.index) return;
    this.tables = { ...this.tables, indexes: this.tables.indexes.set(key, this.index) };
  }

  #touchNodeRow(node: string): void {
    this.touched.add(changeKeys.nodeRow(this.tables.name, node));
    this.#mark(tableKey('nodes'));
    this.#touchNode(node);
  }

  #touchNode(node: string): void {
    this.touched.add(changeKeys.node(this.tables.name, node));
  }

  #touchService(service: Unindexed<Service>): void {
    const dc = this.tables.name;
    this.touched.add(changeKeys.service(dc, service.Service));
    this.#mark(tableKey('service', service.Service));
    for (const destination of destinationsOf(service)) {
      this.touched.add(changeKeys.connect(dc, destination));
      this.#mark(tableKey('connect', destination));
    }
  }

  /** A check concerns its service, and a check of a node every service there. */
  #touchOwner(check: Unindexed<Check>): void {
    this.touched.add(changeKeys.node(this.tables.name, check.Node));
    this.#mark(tableKey('checks'));
    const owner = this.tables.services.get(tableKey(check.Node, check.ServiceID));
    const concerned = check.ServiceID === '' ? this.#servicesOf(check.Node) : owner ? [owner] : [];
    for (const service of concerned) this.#touchService(service);
  }

  #touchEntry(kind: string, name: string): void {
    const dc = this.tables.name;
    this.touched.add(changeKeys.entry(dc, kind, name));
    if (kind === 'service-intentions') this.touched.add(changeKeys.intentions(dc, name));
    this.#mark(tableKey('config'));
  }

  /** A service that is gone has no index of its own any more: queries for it answer the index of the last such loss. */
  #forgetIfGone(name: string): void {
    for (const _ of this.tables.servicesByName.withPrefix(tablePrefix(name))) return;
    this.tables = { ...this.tables, indexes: this.tables.indexes.delete(tableKey('service', name)) };
    this.#mark(tableKey('service-extinction'));
  }

  #servicesOf(node: string): Service[] {
    return Array.from(this.tables.services.withPrefix(tablePrefix(node)), ([, service]) => service);
  }
}

/** Whether a stored row says what the new one says; indexes apart. Rows are plain JSON. */
function sameRow(stored: object & Indexed, row: object): boolean {
  return equalFields(stored as object as JsonObject, row as JsonObject, (key) => key === 'CreateIndex' || key === 'ModifyIndex');
}

type JsonObject = Readonly<Record<string, unknown>>;

function equalJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  return equalFields(a as JsonObject, b as JsonObject, () => false);
}

/** What is undefined is not there. */
function equalFields(a: JsonObject, b: JsonObject, ignored: (key: string) => boolean): boolean {
  let count = 0;
  for (const key of Object.keys(a)) {
    if (a[key] === undefined || ignored(key)) continue;
    if (!equalJson(a[key], b[key])) return false;
    count++;
  }
  for (const key of Object.keys(b)) if (b[key] !== undefined) count--;
  return count === 0;
}
