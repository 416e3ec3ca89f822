import { at, textAt } from './envoy-json.ts';

/** Consul: clusters as they stand in Envoy's list, without its brackets. `host:port` of the first endpoint of the one with that name. */
export function staticClusterAddress(clusters: string | undefined, name: string | undefined): string | undefined {
  if (clusters === undefined || name === undefined) return undefined;
  const list = at(`[${clusters}]`, []);
  const cluster: unknown = Array.isArray(list) ? list.find((one) => textAt(one, ['name']) === name) : undefined;
  const endpoint =
    at(cluster, ['loadAssignment', 'endpoints', '0', 'lbEndpoints', '0', 'endpoint', 'address']) ?? at(cluster, ['hosts', '0']);
  const address = textAt(endpoint, ['socketAddress', 'address']);
  const port = at(endpoint, ['socketAddress', 'portValue']);
  if (address === undefined || typeof port !== 'number') return undefined;
  return `${address.includes(':') ? `[${address}]` : address}:${port}`;
}
