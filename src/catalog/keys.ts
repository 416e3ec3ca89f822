import type { ChangeKey } from './types.ts';

/** Separates the parts of a table's key. Sorts before every character of a name, so that prefixes iterate in name order. */
const SEPARATOR = '\u0000';

/** A key of several parts. Consul compares names without regard to case; what is stored keeps its spelling. */
export function tableKey(...parts: readonly string[]): string {
  return parts.map((part) => part.toLowerCase()).join(SEPARATOR);
}

/** The prefix of all keys that begin with these whole parts. */
export function tablePrefix(...parts: readonly string[]): string {
  return tableKey(...parts) + SEPARATOR;
}

/** How changes and watches are spelled: see `ChangeKey`. */
export const changeKeys = {
  node: (dc: string, node: string): ChangeKey => `${dc}/node/${node.toLowerCase()}`,
  /** The row of a node, without what is on it. */
  nodeRow: (dc: string, node: string): ChangeKey => `${dc}/node-row/${node.toLowerCase()}`,
  service: (dc: string, service: string): ChangeKey => `${dc}/service/${service.toLowerCase()}`,
  connect: (dc: string, service: string): ChangeKey => `${dc}/connect/${service.toLowerCase()}`,
  entry: (dc: string, kind: string, name: string): ChangeKey => `${dc}/config/${kind}/${name.toLowerCase()}`,
  intentions: (dc: string, destination: string): ChangeKey => `${dc}/intentions/${destination.toLowerCase()}`,
  /** Roots and configuration of the CA. */
  ca: (dc: string): ChangeKey => `${dc}/ca`,
  /** Keys know case. */
  kv: (dc: string, key: string): ChangeKey => `${dc}/kv/${key}`,
  /** At least all keys with this prefix: watches end at slashes, prefixes anywhere. */
  kvPrefix: (dc: string, prefix: string): ChangeKey => {
    const slash = prefix.lastIndexOf('/');
    return slash === -1 ? `${dc}/kv` : `${dc}/kv/${prefix.slice(0, slash)}`;
  },
  session: (dc: string, node: string, id: string): ChangeKey => `${dc}/session/${node.toLowerCase()}/${id}`,
  sessionsOfNode: (dc: string, node: string): ChangeKey => `${dc}/session/${node.toLowerCase()}`,
  query: (dc: string, id: string): ChangeKey => `${dc}/query/${id}`,
  peering: (dc: string, name: string): ChangeKey => `${dc}/peering/${name.toLowerCase()}`,
  coordinate: (dc: string, node: string): ChangeKey => `${dc}/coordinate/${node.toLowerCase()}`,
  /** Everything of one sort, for watchers of lists: `dc1/service`. */
  all: (
    dc: string,
    sort:
      | 'node'
      | 'node-row'
      | 'service'
      | 'connect'
      | 'config'
      | 'entry-file'
      | 'intentions'
      | 'kv'
      | 'session'
      | 'coordinate'
      | 'query'
      | 'acl'
      | 'peering',
  ): ChangeKey => `${dc}/${sort}`,
};

/** Whether one of the changes is a watched key, or lies below one: `dc1/config` covers `dc1/config/service-defaults/web`. */
export function touches(changed: ReadonlySet<ChangeKey>, watched: Iterable<ChangeKey>): boolean {
  for (const key of watched) {
    if (changed.has(key)) return true;
    const below = `${key}/`;
    for (const change of changed) if (change.startsWith(below)) return true;
  }
  return false;
}
