import { tablePrefix } from '../catalog/keys.ts';
import type { OrderedMap } from '../catalog/ordered-map.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { ChangeKey, Service } from '../catalog/types.ts';
import { isChainKind, leadingTo } from './links.ts';
import { allProxyIds, isSidecar, proxyId } from './proxy-id.ts';

/**
 * Ids of the sidecars whose configuration the changes can touch: those that appeared, changed or vanished, and those that
 * look at something that did. A superset: rebuild each and compare the hash; one that can't be found any more is gone.
 */
export function affectedProxies(before: Snapshot, after: Snapshot, changed: ReadonlySet<ChangeKey>): ReadonlySet<string> {
  const affected = new Set<string>();
  for (const key of changed) {
    for (const s of [before, after]) for (const id of touchedBy(s, key)) affected.add(id);
  }
  return affected;
}

/** Kinds that every sidecar looks at. */
const OF_ALL_SIDECARS = ['proxy-defaults', 'mesh'];

/** By what changed: the secondary indexes of the catalog are the reverse index. */
function touchedBy(s: Snapshot, key: ChangeKey): string[] {
  const [dc = '', sort = '', ...rest] = key.split('/');
  const d = datacenter(s, dc);
  switch (sort) {
    case 'node':
      // What a node has to say to sidecars, its address and its health, shows under its services too.
      return [];
    case 'service':
      return sidecars(dc, d.servicesByName, rest.join('/'));
    case 'connect':
      return callers(s, rest.join('/'));
    case 'intentions': {
      const destination = rest.join('/');
      return destination === '*' ? allProxyIds(s) : sidecars(dc, d.proxiesByDestination, destination);
    }
    case 'config': {
      const [kind = '', ...name] = rest;
      // Its intentions have a key of their own.
      if (kind === 'service-intentions') return [];
      if (isChainKind(kind)) return callers(s, name.join('/'));
      if (OF_ALL_SIDECARS.includes(kind)) return allProxyIds(s);
      // Gateways, certificates, issuers of tokens: no sidecar looks at them.
      if (kind !== 'service-defaults') return [];
      return [...sidecars(dc, d.proxiesByDestination, name.join('/')), ...callers(s, name.join('/'))];
    }
    default:
      return allProxyIds(s);
  }
}

/** Those with an upstream that is this service or may lead to it, in any datacenter. */
function callers(s: Snapshot, service: string): string[] {
  return Array.from(s.datacenters, ([dc, d]) =>
    Array.from(leadingTo(s, dc, service), (upstream) => sidecars(dc, d.proxiesByUpstream, upstream)).flat(),
  ).flat();
}

function sidecars(dc: string, table: OrderedMap<Service>, first: string): string[] {
  const rows = Array.from(table.withPrefix(tablePrefix(first)), ([, service]) => service);
  return rows.filter(isSidecar).map((service) => proxyId(dc, service));
}
