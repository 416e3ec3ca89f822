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
  for (const s of [before, after]) {
    const called = new Set<string>();
    for (const key of changed) {
      const { ids = [], service } = touchedBy(s, key);
      for (const id of ids) affected.add(id);
      if (service !== undefined) called.add(service);
    }
    for (const id of callers(s, called)) affected.add(id);
  }
  return affected;
}

/** Kinds that every sidecar looks at. */
const OF_ALL_SIDECARS = ['proxy-defaults', 'mesh'];

/** No sidecar looks at these. What a node has to say to sidecars, its address and its health, shows under its services too. */
const OF_NO_SIDECAR = ['node', 'node-row', 'kv', 'session', 'coordinate', 'query', 'acl', 'peering'];

interface Touched {
  readonly ids?: readonly string[];
  /** Whoever may call this service is touched too. */
  readonly service?: string;
}

/** By what changed: the secondary indexes of the catalog are the reverse index. */
function touchedBy(s: Snapshot, key: ChangeKey): Touched {
  const [dc = '', sort = '', ...rest] = key.split('/');
  const d = datacenter(s, dc);
  const name = rest.join('/');
  switch (sort) {
    case 'service':
      return { ids: sidecars(dc, d.servicesByName, name) };
    case 'connect':
      return { service: name };
    case 'intentions':
      return { ids: name === '*' ? allProxyIds(s) : sidecars(dc, d.proxiesByDestination, name) };
    case 'config':
      return touchedByEntry(s, dc, rest[0] ?? '', rest.slice(1).join('/'));
    default:
      return OF_NO_SIDECAR.includes(sort) ? {} : { ids: allProxyIds(s) };
  }
}

function touchedByEntry(s: Snapshot, dc: string, kind: string, name: string): Touched {
  if (isChainKind(kind)) return { service: name };
  if (OF_ALL_SIDECARS.includes(kind)) return { ids: allProxyIds(s) };
  // Intentions have a key of their own; no sidecar looks at gateways, certificates and issuers of tokens.
  if (kind !== 'service-defaults') return {};
  return { ids: sidecars(dc, datacenter(s, dc).proxiesByDestination, name), service: name };
}

/** Those with an upstream that is one of these services or may lead to it, in any datacenter. */
function callers(s: Snapshot, called: ReadonlySet<string>): string[] {
  if (called.size === 0) return [];
  return Array.from(s.datacenters, ([dc, d]) =>
    Array.from(leadingTo(s, dc, called), (upstream) => sidecars(dc, d.proxiesByUpstream, upstream)).flat(),
  ).flat();
}

function sidecars(dc: string, table: OrderedMap<Service>, first: string): string[] {
  const rows = Array.from(table.withPrefix(tablePrefix(first)), ([, service]) => service);
  return rows.filter(isSidecar).map((service) => proxyId(dc, service));
}
