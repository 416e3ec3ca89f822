import { entries } from '../catalog/queries.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import { entryKind } from '../entries/table.ts';
import { readTrafficMeta } from '../entries/traffic-meta.ts';

/** Kinds that lead from one service to others. */
export function isChainKind(kind: string): boolean {
  return CHAIN_KINDS.includes(kind);
}

export interface LinkingEntry {
  readonly kind: string;
  readonly name: string;
}

type LinkIndex = (service: string) => readonly LinkingEntry[];

/** By the table of entries that it was made of, which never changes: a write asks for that of its own and that of the one before. */
const indexes = new WeakMap<object, LinkIndex>();

/** Finds the routers, splitters, resolvers, ingress gateways and mirrors that speak of a service; looks at all of them once. */
export function linkIndex(s: Snapshot, dc: string): LinkIndex {
  const table = datacenter(s, dc).entries;
  const index = indexes.get(table) ?? makeIndex(s, dc);
  indexes.set(table, index);
  return index;
}

function makeIndex(s: Snapshot, dc: string): LinkIndex {
  const index = new Map<string, LinkingEntry[]>();
  const links = [...[...CHAIN_KINDS, 'ingress-gateway'].flatMap((one) => linksOf(s, dc, one)), ...mirrorLinks(s, dc)];
  for (const { kind, from, to } of links) {
    for (const service of to) {
      const known = index.get(service);
      if (known) known.push({ kind, name: from });
      else index.set(service, [{ kind, name: from }]);
    }
  }
  return (service) => index.get(service.toLowerCase()) ?? [];
}

/** The services and all whose chains may lead to one of them, over any number of entries; in lower case. A superset. */
export function leadingTo(s: Snapshot, dc: string, services: Iterable<string>): ReadonlySet<string> {
  const linkingTo = linkIndex(s, dc);
  const found = new Set(Array.from(services, (service) => service.toLowerCase()));
  // A set is iterated over what is added to it meanwhile too.
  for (const one of found) for (const { kind, name } of linkingTo(one)) if (kind !== 'ingress-gateway') found.add(name.toLowerCase());
  return found;
}

interface Link {
  readonly kind: string;
  readonly from: string;
  readonly to: ReadonlySet<string>;
}

function linksOf(s: Snapshot, dc: string, kind: string): Link[] {
  const row = entryKind(kind)!;
  return entries(s, dc, kind).value.map((entry) => {
    const to = row.references(entry).map((reference) => reference.service.toLowerCase());
    return { kind, from: entry.Name, to: new Set(to) };
  });
}

/** Of service-defaults only those that send copies of requests to another service lead anywhere. */
function mirrorLinks(s: Snapshot, dc: string): Link[] {
  return entries(s, dc, 'service-defaults').value.flatMap(({ Kind: kind, Name: from, Meta: meta }) => {
    const { mirror } = meta ? readTrafficMeta(meta) : {};
    return mirror ? [{ kind, from, to: new Set([mirror.service.toLowerCase()]) }] : [];
  });
}
