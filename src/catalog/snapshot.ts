import {
  type Datacenter,
  emptyDatacenter,
  PLAIN_TABLES,
  type PlainRows,
  type PlainTable,
  putCheck,
  putEntry,
  putNode,
  putService,
} from './datacenter.ts';
import { OrderedMap } from './ordered-map.ts';
import type { Check, Node, Service, StoredEntry } from './types.ts';

/** The whole registry at one index. Immutable: a change makes a new one that shares what did not change. */
export interface Snapshot {
  /** Number of the last operation that changed something; 0 when nothing ever did. */
  readonly index: number;
  readonly datacenters: OrderedMap<Datacenter>;
}

/** Nothing but the datacenters themselves. Others appear with the first operation that names them. */
export function emptySnapshot(datacenters: readonly string[] = []): Snapshot {
  return { index: 0, datacenters: OrderedMap.from(datacenters.map((name) => [name, emptyDatacenter(name)] as const)) };
}

/** The named datacenter, or an empty one. */
export function datacenter(s: Snapshot, dc: string): Datacenter {
  return s.datacenters.get(dc) ?? emptyDatacenter(dc);
}

/** The rows of a snapshot, without secondary indexes: what compaction writes in place of the log before it. */
export interface SnapshotJson {
  /** 1 had no plain tables. */
  readonly format: 1 | 2;
  readonly index: number;
  readonly datacenters: readonly {
    readonly name: string;
    readonly nodes: readonly Node[];
    readonly services: readonly Service[];
    readonly checks: readonly Check[];
    readonly entries: readonly StoredEntry[];
    readonly indexes: Readonly<Record<string, number>>;
    /** Pairs of key and row. */
    readonly tables?: { readonly [T in PlainTable]?: readonly (readonly [string, PlainRows[T]])[] };
  }[];
}

export function snapshotToJson(s: Snapshot): SnapshotJson {
  return {
    format: 2,
    index: s.index,
    datacenters: Array.from(s.datacenters.values(), (d) => ({
      name: d.name,
      nodes: [...d.nodes.values()],
      services: [...d.services.values()],
      checks: [...d.checks.values()],
      entries: [...d.entries.values()],
      indexes: Object.fromEntries(d.indexes),
      tables: Object.fromEntries(PLAIN_TABLES.map((table) => [table, [...d[table]]])),
    })),
  };
}

/** The inverse of `snapshotToJson`: secondary indexes are rebuilt. */
export function snapshotFromJson(json: SnapshotJson): Snapshot {
  const datacenters = json.datacenters.map((from) => {
    const plain = Object.fromEntries(PLAIN_TABLES.map((table) => [table, OrderedMap.from<unknown>(from.tables?.[table] ?? [])]));
    let d: Datacenter = { ...emptyDatacenter(from.name), ...plain, indexes: OrderedMap.from(Object.entries(from.indexes)) };
    for (const node of from.nodes) d = putNode(d, node);
    for (const service of from.services) d = putService(d, service);
    for (const check of from.checks) d = putCheck(d, check);
    for (const entry of from.entries) d = putEntry(d, entry);
    return [d.name, d] as const;
  });
  return { index: json.index, datacenters: OrderedMap.from(datacenters) };
}
