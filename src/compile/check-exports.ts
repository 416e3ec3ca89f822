import { entries, entry } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import type { ExportedServices } from '../entries/exported-services.ts';
import type { ServiceResolver } from '../entries/service-resolver.ts';
import { entryKind } from '../entries/table.ts';

/** Services that are offered to cluster peers, by name; those that a wildcard covers, as far as entries shape them. */
export function exportedToPeers(s: Snapshot, dc: string): string[] {
  const offered = (exportsOf(s, dc)?.Services ?? []).filter((one) => one.Consumers?.some((to) => to.Peer));
  const shaped = (): string[] => CHAIN_KINDS.flatMap((kind) => entries(s, dc, kind).value.map((other) => other.Name));
  return [...new Set(offered.flatMap(({ Name }) => (Name === '*' ? shaped() : [Name])))];
}

/** Consul: what a peer calls has to stay in this datacenter. Undefined when it does, or when the service is not offered. */
export function exportProblem(s: Snapshot, dc: string, service: string): string | undefined {
  const offered = (exportsOf(s, dc)?.Services ?? []).some(
    ({ Name, Consumers }) => (Name === '*' || Name.toLowerCase() === service.toLowerCase()) && Consumers?.some((to) => to.Peer),
  );
  if (!offered) return undefined;
  for (const name of reachedFrom(s, dc, service)) {
    const what = leavesDatacenter(entry(s, dc, 'service-resolver', name).value as ServiceResolver | undefined);
    if (what !== undefined) return `peer exported service ${JSON.stringify(service)} contains ${what}`;
  }
  return undefined;
}

function leavesDatacenter(resolver: ServiceResolver | undefined): string | undefined {
  if (resolver?.Redirect?.Datacenter) return 'cross-datacenter resolver redirect';
  if (resolver?.Redirect?.Peer) return 'cross-peer resolver redirect';
  const elsewhere = Object.values(resolver?.Failover ?? {}).some(
    ({ Datacenters = [], Targets = [] }) => Datacenters.length > 0 || Targets.some((target) => target.Datacenter),
  );
  return elsewhere ? 'cross-datacenter failover' : undefined;
}

/** The service and all that entries lead to from it, in lower case. */
function reachedFrom(s: Snapshot, dc: string, service: string): ReadonlySet<string> {
  const found = new Set([service.toLowerCase()]);
  for (const name of found) {
    for (const kind of CHAIN_KINDS) {
      const shaping = entry(s, dc, kind, name).value;
      for (const reference of shaping ? entryKind(kind)!.references(shaping) : []) found.add(reference.service.toLowerCase());
    }
  }
  return found;
}

const exportsOf = (s: Snapshot, dc: string): ExportedServices | undefined =>
  entry(s, dc, 'exported-services', 'default').value as ExportedServices | undefined;
