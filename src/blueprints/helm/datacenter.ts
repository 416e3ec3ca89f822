import { errorAt, warningAt } from '../../base/diagnostic.ts';
import { didYouMean } from '../../base/suggest.ts';
import { consulServers, IMPLICIT_DATACENTER, type KnownServer } from '../datacenter.ts';
import type { LowerContext } from '../resource-type.ts';
import type { ConsulChart } from './consul.ts';

/** The datacenter that a cluster belongs to. */
export interface ClusterDatacenter {
  readonly name: string;
  /** Nobody else is it: the cluster's own server has to be. */
  readonly own: boolean;
}

/**
 * Finds the servers that a release speaks to: the ones that it joins, or those of its datacenter, in a container or of
 * another cluster. Reports servers that are not there, and a datacenter that is not theirs.
 */
export function datacenterOf(chart: ConsulChart, context: LowerContext): ClusterDatacenter {
  const servers = consulServers(context).map((server) => ({ ...server, names: withAddresses(server, context) }));
  const joined = joinedServers(chart, servers, context)[0];
  const name = chart.datacenter ?? joined?.datacenter ?? IMPLICIT_DATACENTER;
  const server = joined ?? servers.find((one) => one.datacenter === name);
  if (server) {
    context.dependOn(server.key);
    return { name, own: false };
  }
  if (!chart.server && chart.joins.length === 0) {
    const detail = 'the cluster gets a server of its own, as with server.enabled';
    context.report(warningAt(context.header, `no Consul server is datacenter ${name}`, { detail }));
  }
  return { name, own: true };
}

/** A container may be attached to several networks. */
function withAddresses({ key, names }: KnownServer, context: LowerContext): string[] {
  const attached = (context.config(key) as { network?: { ip_address?: string }[] } | undefined)?.network ?? [];
  return [...new Set([...names, ...attached.flatMap((network) => network.ip_address ?? [])])];
}

function joinedServers({ joins, datacenter }: ConsulChart, servers: readonly KnownServer[], context: LowerContext): KnownServer[] {
  return joins.flatMap(({ host: written, at }) => {
    if (/^(exec|provider)=/.test(written)) {
      context.report(warningAt(at, 'servers are not looked for in a cloud, or with a command', { detail: 'name one by its address' }));
      return [];
    }
    const host = written.replace(/:\d+$/, '');
    const server = servers.find((one) => one.names.includes(host));
    if (!server) {
      const hosts = servers.flatMap((one) => one.names);
      context.report(
        errorAt(at, `no Consul server is at ${host}`, {
          detail: hosts.length === 0 ? 'neither this blueprint nor a running one has a Consul server' : `there are: ${hosts.join(', ')}`,
          ...didYouMean(host, hosts),
        }),
      );
      return [];
    }
    if (datacenter !== undefined && datacenter !== server.datacenter) {
      context.report(
        errorAt(at, `${server.key} is datacenter ${server.datacenter}, not ${datacenter}`, {
          hint: `write global: { datacenter: ${server.datacenter} }`,
        }),
      );
    }
    return [server];
  });
}
