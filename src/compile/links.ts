import { entries } from '../catalog/queries.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { CHAIN_KINDS } from '../entries/chain-kinds.ts';
import { entryKind } from '../entries/table.ts';

/** Kinds that lead from one service to others. */
export function isChainKind(kind: string): boolean {
  return CHAIN_KINDS.includes(kind);
}

/** Services that have a router, a splitter or a resolver that speaks of this one. */
export function linkingTo(s: Snapshot, dc: string, service: string): string[] {
  return linksOf(s, dc).flatMap(({ from, to }) => (to.has(service.toLowerCase()) ? [from] : []));
}

/** The service and all whose chains may lead to it, over any number of entries; in lower case. A superset. */
export function leadingTo(s: Snapshot, dc: string, service: string): ReadonlySet<string> {
  const links = linksOf(s, dc);
  const found = new Set([service.toLowerCase()]);
  // A set is iterated over what is added to it meanwhile too.
  for (const one of found) for (const { from, to } of links) if (to.has(one)) found.add(from.toLowerCase());
  return found;
}

interface Link {
  readonly from: string;
  readonly to: ReadonlySet<string>;
}

function linksOf(s: Snapshot, dc: string): Link[] {
  return CHAIN_KINDS.flatMap((name) => {
    const kind = entryKind(name)!;
    return entries(s, dc, name).value.map((entry) => {
      const to = kind.references(entry).map((reference) => reference.service.toLowerCase());
      return { from: entry.Name, to: new Set(to) };
    });
  });
}
