import { applyAcl, onlyAcl } from './acl.ts';
import { applySetAutopilot } from './autopilot.ts';
import { applySetCa } from './ca.ts';
import { Change } from './change.ts';
import { applyEntryOp } from './config-entries.ts';
import { applyCoordinate } from './coordinates.ts';
import { emptyDatacenter } from './datacenter.ts';
import { changeKeys, tableKey } from './keys.ts';
import { applyKv } from './kv.ts';
import { applySetManualVips } from './manual-vips.ts';
import { applyPeering } from './peerings.ts';
import { applyQuery } from './prepared-queries.ts';
import { deregister, register } from './registration.ts';
import { applyRestore } from './saved-state.ts';
import { applySession } from './sessions.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import { applyTxn } from './txn.ts';
import type { ChangeKey, Op } from './types.ts';

export interface Transaction {
  readonly snapshot: Snapshot;
  /** Empty when nothing changed: the snapshot is then the one that was given. */
  readonly changed: ReadonlySet<ChangeKey>;
  /** False when the operation did not take place: a lost check-and-set, a check of a service that is not there. */
  readonly applied: boolean;
  /** What the operation has to say beside that; most say nothing. */
  readonly outcome?: unknown;
}

/** What `apply` of an area answers: whether it took place, and what there is to say of it. */
export type Applied = boolean | { readonly applied: boolean; readonly outcome: unknown };

const NOTHING: ReadonlySet<ChangeKey> = new Set();

/**
 * The only way to change a catalog. An operation that changes something gets the next index, and what it touched carries
 * it; one that changes nothing keeps all indexes (newer Consul; 1.8 raised them).
 */
export function transact(s: Snapshot, op: Op): Transaction {
  const before = datacenter(s, op.dc);
  const change = new Change(before, s.index + 1);
  const answer = apply(change, op);
  const { applied, outcome } = typeof answer === 'boolean' ? { applied: answer, outcome: undefined } : answer;
  const vanishes = op.type === 'remove-datacenter' && s.datacenters.get(op.dc) !== undefined;
  if (!vanishes && (!applied || change.touched.size === 0)) return { snapshot: s, changed: NOTHING, applied, outcome };
  const left = vanishes ? onlyAcl(before, emptyDatacenter(op.dc)) : change.tables;
  const datacenters = left ? s.datacenters.set(op.dc, left) : s.datacenters.delete(op.dc);
  const snapshot = { index: s.index + 1, datacenters };
  return { snapshot, changed: change.touched, applied, outcome };
}

function apply(change: Change, op: Op): Applied {
  switch (op.type) {
    case 'acl':
      return applyAcl(change, op);
    case 'register':
      return register(change, op);
    case 'deregister':
      return deregister(change, op);
    case 'check-status': {
      const check = change.tables.checks.get(tableKey(op.node, op.checkId));
      if (!check) return false;
      const { CreateIndex: _, ModifyIndex: __, ...row } = check;
      change.putCheck({ ...row, Status: op.status, Output: op.output });
      return true;
    }
    case 'put-entry':
    case 'delete-entry':
    case 'entry-status':
      return applyEntryOp(change, op);
    case 'put-peering':
    case 'delete-peering':
      return applyPeering(change, op);
    case 'kv':
      return applyKv(change, op);
    case 'restore':
      return applyRestore(change, op);
    case 'query-set':
    case 'query-delete':
      return applyQuery(change, op);
    case 'coordinate-update':
      return applyCoordinate(change, op);
    case 'txn':
      return applyTxn(change, op);
    case 'session-create':
    case 'session-destroy':
      return applySession(change, op);
    case 'remove-datacenter':
      for (const key of change.tables.kv.keys()) change.remove('kv', key, { keys: [changeKeys.kv(op.dc, key)] });
      for (const node of change.tables.nodes.values()) change.removeNode(node.Node);
      for (const entry of change.tables.entries.values()) change.removeEntry(entry);
      return true;
    case 'set-ca':
      return applySetCa(change, op);
    case 'set-autopilot':
      return applySetAutopilot(change, op);
    case 'set-manual-vips':
      return applySetManualVips(change, op);
  }
}
