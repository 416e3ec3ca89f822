import type { Change } from './change.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

/** The address under which a transparent proxy takes the traffic for a service (Consul: one of 240.0.0.0/4). */
export interface VirtualIp extends Indexed {
  readonly Service: string;
  /** Counted from 1. */
  readonly Number: number;
}

const FIRST_OCTET = 240;

/** A service that has an entry of this kind can be called, whether it has instances or not: it is a virtual one. */
export const RESOLVER = 'service-resolver';

/** Gives a service that sidecars or a resolver stand for an address, which it keeps as long as there is one of them. */
export function claimVirtualIp(change: Change, service: string): void {
  const key = tableKey(service);
  const { virtualIps, freeVirtualIps } = change.tables;
  if (virtualIps.has(key)) return;
  const touched = { keys: [changeKeys.connect(change.tables.name, service)] };
  const [free] = freeVirtualIps.values();
  if (free) change.remove('freeVirtualIps', rank(free.Number), { keys: [] });
  change.put('virtualIps', key, { Service: service, Number: free?.Number ?? virtualIps.size + 1 }, touched);
}

/** Takes it back when the last sidecar and the resolver have gone. */
export function releaseVirtualIp(change: Change, service: string): void {
  for (const _ of change.tables.proxiesByDestination.withPrefix(tablePrefix(service))) return;
  if (change.tables.entries.has(tableKey(RESOLVER, service))) return;
  const row = change.tables.virtualIps.get(tableKey(service));
  if (!row) return;
  change.remove('virtualIps', tableKey(service), { keys: [changeKeys.connect(change.tables.name, service)] });
  change.put('freeVirtualIps', rank(row.Number), { Service: '', Number: row.Number }, { keys: [] });
}

export function virtualIp(s: Snapshot, dc: string, service: string): string | undefined {
  const number = datacenter(s, dc).virtualIps.get(tableKey(service))?.Number;
  if (number === undefined) return undefined;
  return [FIRST_OCTET + (number >>> 24), (number >>> 16) & 255, (number >>> 8) & 255, number & 255].join('.');
}

/** In the order of the numbers. */
const rank = (number: number): string => number.toString(16).padStart(8, '0');
