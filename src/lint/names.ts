import { sameName } from '../base/same-name.ts';
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

/** By the table that they were gathered from, which never changes: every finding may ask for them. */
const namesOf = new WeakMap<object, readonly string[]>();

/** Names of services that are neither sidecars nor Consul itself. */
export function serviceNames({ s, dc }: Looked): readonly string[] {
  const table = datacenter(s, dc).servicesByName;
  const known = namesOf.get(table);
  if (known) return known;
  const names = new Map<string, string>();
  for (const { Kind, Service } of table.values())
    if (Kind !== 'connect-proxy' && Service !== 'consul') names.set(Service.toLowerCase(), Service);
  const found = [...names.values()];
  namesOf.set(table, found);
  return found;
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

/** By the names that were looked through: several findings may ask for one name. */
const nearIn = new WeakMap<readonly string[], Map<string, string>>();

/** ` (did you mean payments?)`; nothing without a near name. */
export function orNear(looked: Looked, name: string): string {
  const names = serviceNames(looked);
  const known = nearIn.get(names) ?? new Map<string, string>();
  nearIn.set(names, known);
  const text = known.get(name) ?? describeNear(names, name);
  known.set(name, text);
  return text;
}

function describeNear(names: readonly string[], name: string): string {
  const own = name.toLowerCase();
  const near = nearest(
    name,
    names.filter((one) => one.length !== own.length || one.toLowerCase() !== own),
  );
  return near === undefined ? '' : ` (did you mean ${near}?)`;
}

/** Whether anything leads calls to a service: an upstream, a gateway, a route, or another service's entries. */
export function isCalled(looked: Looked, service: string): boolean {
  const { s, dc } = looked;
  if (linkIndex(s, dc)(service).some(({ kind, name }) => kind === 'ingress-gateway' || !sameName(name, service))) return true;
  return calledByOthers(looked).has(service.toLowerCase());
}

const LEADING_IN = ['terminating-gateway', 'http-route', 'tcp-route'];

/** By snapshot and datacenter. */
const calledIn = new WeakMap<Snapshot, Map<string, ReadonlySet<string>>>();

/** In lower case. */
function calledByOthers({ s, dc }: Looked): ReadonlySet<string> {
  const byDatacenter = calledIn.get(s) ?? new Map<string, ReadonlySet<string>>();
  calledIn.set(s, byDatacenter);
  const called = byDatacenter.get(dc) ?? gatherCalled(s, dc);
  byDatacenter.set(dc, called);
  return called;
}

function gatherCalled(s: Snapshot, dc: string): ReadonlySet<string> {
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
