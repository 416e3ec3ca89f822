import { PREPARED_QUERIES } from '../catalog/datacenter.ts';
import { tablePrefix } from '../catalog/keys.ts';
import type { OrderedMap } from '../catalog/ordered-map.ts';
import { datacenter, type Snapshot } from '../catalog/snapshot.ts';
import type { ChangeKey, Service } from '../catalog/types.ts';
import { gatewaysOf, gatewaysSeeing, gatewaysTo, reached } from './gateways/affected.ts';
import { isChainKind, leadingTo } from './links.ts';
import { allProxyIds, isProxy, proxyId } from './proxy-id.ts';

/**
 * Ids of the sidecars and gateways whose configuration the changes can touch: those that appeared, changed or vanished, and those that
 * look at something that did. A superset: rebuild each and compare the hash; one that can't be found any more is gone.
 */
export function affectedProxies(before: Snapshot, after: Snapshot, changed: ReadonlySet<ChangeKey>): ReadonlySet<string> {
  const affected = new Set<string>();
  for (const s of [before, after]) {
    const called = new Set<string>();
    for (const key of changed) {
      const { ids = [], services = [] } = touchedBy(s, key);
      for (const id of ids) affected.add(id);
      for (const service of services) called.add(service);
    }
    for (const id of callers(s, called)) affected.add(id);
  }
  return affected;
}

/** Kinds that every sidecar looks at. */
const OF_ALL_SIDECARS = ['proxy-defaults', 'mesh', 'jwt-provider'];

/** No sidecar looks at these. What a node has to say to sidecars, its address and its health, shows under its services too. */
const OF_NO_SIDECAR = ['node', 'node-row', 'kv', 'session', 'coordinate', 'acl', 'peering'];

interface Touched {
  readonly ids?: readonly string[];
  /** Whoever may call one of these is touched too. */
  readonly services?: readonly string[];
}

/** By what changed: the secondary indexes of the catalog are the reverse index. */
function touchedBy(s: Snapshot, key: ChangeKey): Touched {
  const [dc = '', sort = '', ...rest] = key.split('/');
  const d = datacenter(s, dc);
  const name = rest.join('/');
  switch (sort) {
    case 'service':
      return { ids: [...proxies(dc, d.servicesByName, name), ...gatewaysSeeing(s, dc, name)], services: reached(s, dc, name) };
    case 'connect':
      return { services: [name] };
    case 'intentions':
      return { ids: name === '*' ? allProxyIds(s) : [...proxies(dc, d.proxiesByDestination, name), ...gatewaysSeeing(s, dc, name)] };
    case 'query':
      return { ids: allAskingQueries(s) };
    case 'config':
      return touchedByEntry(s, dc, rest[0] ?? '', rest.slice(1).join('/'));
    default:
      return OF_NO_SIDECAR.includes(sort) ? {} : { ids: allProxyIds(s) };
  }
}

function touchedByEntry(s: Snapshot, dc: string, kind: string, name: string): Touched {
  if (isChainKind(kind)) return { ids: gatewaysSeeing(s, dc, name), services: [name] };
  if (OF_ALL_SIDECARS.includes(kind)) return { ids: allProxyIds(s) };
  if (kind === 'service-defaults') {
    const own = proxies(dc, datacenter(s, dc).proxiesByDestination, name);
    return { ids: [...own, ...gatewaysSeeing(s, dc, name)], services: [name] };
  }
  // Intentions have a key of their own; no proxy looks at issuers of tokens.
  return gatewaysOf(s, dc, kind, name) ?? {};
}

/** Those that call one of these services or something that may lead to it, in any datacenter; a prepared query may lead anywhere. */
function callers(s: Snapshot, called: ReadonlySet<string>): string[] {
  if (called.size === 0) return [];
  const byName = Array.from(s.datacenters, ([dc, d]) => {
    const leading = leadingTo(s, dc, called);
    return [...Array.from(leading, (upstream) => proxies(dc, d.proxiesByUpstream, upstream)).flat(), ...gatewaysTo(s, dc, leading)];
  });
  return [...byName.flat(), ...allAskingQueries(s)];
}

function allAskingQueries(s: Snapshot): string[] {
  return Array.from(s.datacenters, ([dc, d]) => proxies(dc, d.proxiesByUpstream, PREPARED_QUERIES)).flat();
}

function proxies(dc: string, table: OrderedMap<Service>, first: string): string[] {
  const rows = Array.from(table.withPrefix(tablePrefix(first)), ([, service]) => service);
  return rows.filter(isProxy).map((service) => proxyId(dc, service));
}
