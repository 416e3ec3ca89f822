import type { Change } from './change.ts';
import { changeKeys, tableKey } from './keys.ts';
import { indexOf, type QueryResult } from './queries.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed, Unindexed } from './types.ts';

export type PeeringState = 'PENDING' | 'ESTABLISHING' | 'ACTIVE' | 'FAILING' | 'TERMINATED';

/** Another mesh, or another datacenter, with which services are exchanged. Names as in Consul's JSON. */
export interface Peering extends Indexed {
  readonly ID: string;
  /** What it is called here, in lower case. */
  readonly Name: string;
  readonly Meta: Readonly<Record<string, string>>;
  readonly State: PeeringState;
  /** Id of the same peering at the other end; empty at the end that waits to be dialed. */
  readonly PeerID: string;
  readonly PeerCAPems: readonly string[];
  readonly PeerServerName: string;
  /** Empty at the end that waits to be dialed. */
  readonly PeerServerAddresses: readonly string[];
  readonly Remote: { readonly Partition: string; readonly Datacenter: string };
  /** What the other end shows with every call: at the end that dials as it is, secret; at the other one its SHA-256, in hex. */
  readonly Secret: string;
}

export type PeeringOp =
  /** Upsert by name. With `cas` only if the present ModifyIndex equals it (0: only if absent). */
  | { readonly type: 'put-peering'; readonly dc: string; readonly peering: Unindexed<Peering>; readonly cas?: number }
  | { readonly type: 'delete-peering'; readonly dc: string; readonly name: string };

const TABLE = 'peerings';

export function applyPeering(change: Change, op: PeeringOp): boolean {
  const name = (op.type === 'put-peering' ? op.peering.Name : op.name).toLowerCase();
  const touched = { keys: [changeKeys.peering(op.dc, name)], indexes: [TABLE] };
  if (op.type === 'delete-peering') {
    change.remove('peerings', tableKey(name), touched);
    return true;
  }
  const existing = change.tables.peerings.get(tableKey(name));
  if (op.cas !== undefined && op.cas !== (existing?.ModifyIndex ?? 0)) return false;
  change.put('peerings', tableKey(name), op.peering, touched);
  return true;
}

/** By name. */
export function peerings(s: Snapshot, dc: string): QueryResult<Peering[]> {
  const d = datacenter(s, dc);
  return { value: [...d.peerings.values()], index: indexOf(d, TABLE), watch: [changeKeys.all(dc, 'peering')] };
}

export function peering(s: Snapshot, dc: string, name: string): QueryResult<Peering | undefined> {
  const d = datacenter(s, dc);
  return { value: d.peerings.get(tableKey(name)), index: indexOf(d, TABLE), watch: [changeKeys.peering(dc, name)] };
}

/** The one with this id, with its datacenter. */
export function peeringById(s: Snapshot, id: string): { readonly dc: string; readonly peering: Peering } | undefined {
  for (const { name: dc, peerings: rows } of s.datacenters.values()) {
    for (const row of rows.values()) if (row.ID === id) return { dc, peering: row };
  }
  return undefined;
}
