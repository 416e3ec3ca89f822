import { entries } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import { entryKind } from '../entries/table.ts';

/** Kinds that lead from one service to others. */
export function isChainKind(kind: string): boolean {
  return CHAIN_KINDS.includes(kind);
}

/** Routers, splitters, resolvers and ingress gateways that speak of a service. */
export function linkingTo(s: Snapshot, dc: string, service: string): { readonly kind: string; readonly name: string }[] {
  const all = [...CHAIN_KINDS, 'ingress-gateway'].flatMap((kind) => linksOf(s, dc, kind));
  return all.flatMap(({ kind, from, to }) => (to.has(service.toLowerCase()) ? [{ kind, name: from }] : []));
}

/** The service and all whose chains may lead to it, over any number of entries; in lower case. A superset. */
export function leadingTo(s: Snapshot, dc: string, service: string): ReadonlySet<string> {
  const links = CHAIN_KINDS.flatMap((kind) => linksOf(s, dc, kind));
  const found = new Set([service.toLowerCase()]);
  // A set is iterated over what is added to it meanwhile too.
  for (const one of found) for (const { from, to } of links) if (to.has(one)) found.add(from.toLowerCase());
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
