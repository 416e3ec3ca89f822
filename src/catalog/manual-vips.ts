import type { Change } from './change.ts';
import { changeKeys, tableKey } from './keys.ts';
import type { Applied } from './transact.ts';
import type { Indexed } from './types.ts';

/** Addresses that somebody gave a service for transparent proxies, beside the one that it gets by itself. */
export interface ManualVips extends Indexed {
  readonly Service: string;
  readonly Addresses: readonly string[];
}

export interface SetManualVips {
  readonly type: 'set-manual-vips';
  readonly dc: string;
  readonly service: string;
  readonly addresses: readonly string[];
}

/** What became of it. */
export interface ManualVipsOutcome {
  /** Whether the service has a virtual address: others get none by hand either. */
  readonly found: boolean;
  /** Services that one of the addresses was taken from. */
  readonly unassignedFrom: readonly string[];
}

/** An address belongs to one service: whoever had it loses it. */
export function applySetManualVips(change: Change, { service, addresses }: SetManualVips): Applied {
  const found = change.tables.virtualIps.has(tableKey(service));
  const outcome = (unassignedFrom: readonly string[]): Applied => ({ applied: true, outcome: { found, unassignedFrom } });
  if (!found) return outcome([]);
  const taken = new Set(addresses);
  const losers: string[] = [];
  for (const [key, row] of change.tables.manualVips) {
    const kept = row.Addresses.filter((address) => !taken.has(address));
    if (key === tableKey(service) || kept.length === row.Addresses.length) continue;
    losers.push(row.Service);
    put(change, row.Service, kept);
  }
  put(change, service, addresses);
  return outcome(losers);
}

function put(change: Change, service: string, addresses: readonly string[]): void {
  const touched = { keys: [changeKeys.connect(change.tables.name, service)] };
  if (addresses.length === 0) change.remove('manualVips', tableKey(service), touched);
  else change.put('manualVips', tableKey(service), { Service: service, Addresses: addresses }, touched);
}
