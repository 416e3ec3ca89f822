import { nearest } from '../base/suggest.ts';
import { isRegistered } from '../catalog/gateways.ts';
import { entries, entry } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';

import { linkIndex } from '../compile/links.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import { entryKind } from '../entries/table.ts';

/** What is looked at: one datacenter of a catalog. */
export interface Looked {
  readonly s: Snapshot;
  readonly dc: string;
  /** There are only entries of files: which services there are, and which other entries, is not known. */
  readonly ofFiles?: true;
}

/** Names of services that are neither sidecars nor Consul itself. */
export function serviceNames({ s, dc }: Looked): string[] {
  const names = new Map<string, string>();
  for (const { Kind, Service } of datacenter(s, dc).servicesByName.values())
    if (Kind !== 'connect-proxy' && Service !== 'consul') names.set(Service.toLowerCase(), Service);
  return [...names.values()];
}

/** Whether calls to a name can lead anywhere: it is registered, or an entry leads on from it. */
export function isCallable({ s, dc }: Looked, service: string): boolean {
  return isRegistered(s, dc, service) || CHAIN_KINDS.some((kind) => leadsOn(s, dc, kind, service));
}

/** Whether a router, splitter or resolver says anything of a name. */
export function isShaped({ s, dc }: Looked, service: string): boolean {
  return CHAIN_KINDS.some((kind) => entry(s, dc, kind, service).value !== undefined);
}

/** Whether an entry of the name leads to something else than the service itself. */
function leadsOn(s: Snapshot, dc: string, kind: string, service: string): boolean {
  const found = entry(s, dc, kind, service).value;
  return (
    found !== undefined &&
    entryKind(kind)!
      .references(found)
      .some((to) => !sameName(to.service, service))
  );
}

/** ` (did you mean payments?)`; nothing without a near name. */
export function orNear(looked: Looked, name: string): string {
  const near = nearest(
    name,
    serviceNames(looked).filter((one) => !sameName(one, name)),
  );
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/** Whether anything leads calls to a service: an upstream, a gateway, a route, or another service's entries. */
export function isCalled(looked: Looked, service: string): boolean {
  const { s, dc } = looked;
  if (linkIndex(s, dc)(service).some(({ kind, name }) => kind === 'ingress-gateway' || !sameName(name, service))) return true;
  return otherCallers(looked).has(service.toLowerCase());
}

const LEADING_IN = ['terminating-gateway', 'http-route', 'tcp-route'];

function otherCallers({ s, dc }: Looked): ReadonlySet<string> {
  const names = new Set<string>();
  for (const [other, { services }] of s.datacenters) {
    for (const service of services.values())
      for (const { DestinationName, Datacenter } of service.Proxy?.Upstreams ?? [])
        if ((Datacenter || other) === dc || other === dc) names.add(DestinationName.toLowerCase());
  }
  for (const kind of LEADING_IN)
    for (const one of entries(s, dc, kind).value)
      for (const { service } of entryKind(kind)!.references(one)) names.add(service.toLowerCase());
  return names;
}

export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
