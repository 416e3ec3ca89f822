import { tablePrefix } from '../catalog/keys.ts';
import type { QueryResult } from '../catalog/queries.ts';
import { entries, entry, services } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import type { ExportedServices } from '../entries/exported-services.ts';

export interface ExportedService {
  readonly service: string;
  /** Names of peers, in order. */
  readonly peers: readonly string[];
}

/** What exported-services offers to whom, by service: a wildcard stands for all that are registered or that entries shape. */
export function exportedServices(s: Snapshot, dc: string): QueryResult<ExportedService[]> {
  const found = entry(s, dc, 'exported-services', 'default');
  const all = services(s, dc);
  const peersOf = new Map<string, Set<string>>();
  for (const { Name, Consumers = [] } of (found.value as ExportedServices | undefined)?.Services ?? []) {
    const peers = Consumers.flatMap((consumer) => (consumer.Peer ? [consumer.Peer] : []));
    for (const service of Name === '*' ? everyService(s, dc) : [Name]) {
      const known = peersOf.get(service) ?? new Set();
      for (const peer of peers) known.add(peer);
      if (known.size > 0) peersOf.set(service, known);
    }
  }
  const value = [...peersOf].map(([service, peers]) => ({ service, peers: [...peers].sort() }));
  return {
    value: value.sort((a, b) => (a.service < b.service ? -1 : 1)),
    index: Math.max(found.index, all.index),
    watch: [...found.watch, ...all.watch],
  };
}

/** Those that calls can go to: no proxies, no gateways, and not Consul itself. */
function everyService(s: Snapshot, dc: string): string[] {
  const { servicesByName } = datacenter(s, dc);
  const registered = Object.keys(services(s, dc).value).filter((name) => {
    for (const [, row] of servicesByName.withPrefix(tablePrefix(name))) if (row.Kind === '') return name !== 'consul';
    return false;
  });
  const shaped = CHAIN_KINDS.flatMap((kind) => entries(s, dc, kind).value.map((one) => one.Name));
  return [...new Set([...registered, ...shaped])];
}
