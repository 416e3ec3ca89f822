import { errorAt, warningAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import type { ConsulServer } from './consul-server.ts';
import type { LowerContext } from './resource-type.ts';

/** What is known of a container that is a Consul server. */
interface KnownServer extends ConsulServer {
  readonly key: string;
  /** What it can be called by. */
  readonly names: readonly string[];
}

/** The Consul servers of this blueprint and of those that run. */
export function consulServers(context: LowerContext): KnownServer[] {
  return context.resources('container').flatMap(({ key, spec }) => {
    const { consul, workload, network } = spec as {
      consul?: ConsulServer;
      workload: { name: string; names: readonly string[] };
      network: { wanted?: string };
    };
    if (!consul) return [];
    return [{ ...consul, key, names: [workload.name, ...workload.names, ...(network.wanted === undefined ? [] : [network.wanted])] }];
  });
}

/**
 * The datacenter that a "VM" joins: that of the server it names (CONSUL_SERVER). One that names none is in the only datacenter
 * there is. Undefined: the implicit one.
 */
export function joinedDatacenter(
  env: Readonly<Record<string, string>>,
  at: (name: string) => ReturnType<LowerContext['at']>,
  context: LowerContext,
): string | undefined {
  const servers = consulServers(context);
  const { CONSUL_SERVER: address, CONSUL_DATACENTER: wanted } = env;
  const named = address !== undefined && address !== 'localhost' && address !== '127.0.0.1';
  const server = named ? servers.find((one) => one.names.includes(address.replace(/:\d+$/, ''))) : undefined;
  if (server) {
    context.dependOn(server.key);
    const joined = wanted ?? 'dc1';
    if (joined === server.datacenter) return server.datacenter;
    const detail =
      wanted === undefined ? 'CONSUL_DATACENTER is not set, which means dc1' : 'an agent can only join servers of its own datacenter';
    const summary = `${context.name} would not join ${server.key}: that is datacenter ${server.datacenter}, not ${joined}`;
    const hint = `set CONSUL_DATACENTER to "${server.datacenter}"`;
    context.report(errorAt(at(wanted === undefined ? 'CONSUL_SERVER' : 'CONSUL_DATACENTER'), summary, { detail, hint }));
    return undefined;
  }
  const byName = servers.find((one) => one.datacenter === wanted?.toLowerCase());
  const only = byName ?? (servers.length === 1 ? servers[0] : undefined);
  if (named) {
    const known = servers.flatMap((one) => one.names);
    const detail =
      known.length === 0 ? 'no container runs a Consul server; the datacenter of the agent is taken' : `servers: ${known.join(', ')}`;
    context.report(
      warningAt(at('CONSUL_SERVER'), `no container is the Consul server ${address}`, { detail, ...didYouMean(address, known) }),
    );
  }
  if (only) context.dependOn(only.key);
  return only?.datacenter;
}
