import { errorAt, warningAt } from '../base/diagnostic.ts';
import { didYouMean } from '../base/suggest.ts';
import type { ContainerSpec } from './container/spec.ts';
import type { LowerContext } from './resource-type.ts';
import type { HelmSpec } from './resources/helm.ts';

/** What something can be called by: names, and a fixed address. */
export interface Named {
  readonly names: readonly string[];
}

/** What is known of a container that is a Consul server, or of the server that a chart brings. */
export interface KnownServer extends Named {
  readonly key: string;
  readonly datacenter: string;
  readonly httpPort: number;
  /** Hosts of the servers that it joins. */
  readonly joins: readonly string[];
}

/** The Consul servers in containers and clusters of this blueprint and of those that run. */
export function consulServers(context: LowerContext): KnownServer[] {
  const charts = context.resources('helm').flatMap(({ key, spec }) => {
    const { server } = spec as Partial<HelmSpec>;
    return server
      ? [{ key, datacenter: server.datacenter.name, httpPort: server.datacenter.httpPort, joins: [], names: server.names }]
      : [];
  });
  const containers = context.resources('container').flatMap(({ key, spec }) => {
    const { consul, workload, network } = spec as ContainerSpec;
    if (!consul) return [];
    const { datacenter, httpPort, joins } = consul;
    return [{ key, datacenter, httpPort, joins, names: namesOf(workload, network) }];
  });
  return [...containers, ...charts];
}

export function namesOf(workload: Pick<ContainerSpec['workload'], 'name' | 'names'>, { wanted }: ContainerSpec['network']): string[] {
  return [workload.name, ...workload.names, ...(wanted === undefined ? [] : [wanted])];
}

/** A datacenter that a block names: what is in it is made after its servers. Reports one that there is not. */
export function dependOnDatacenter(name: string | undefined, context: LowerContext): void {
  if (name === undefined) return;
  const servers = consulServers(context);
  const there = servers.filter(({ datacenter }) => datacenter === name);
  for (const { key } of there) context.dependOn(key);
  if (there.length > 0 || name === IMPLICIT_DATACENTER) return;
  const known = [...new Set([IMPLICIT_DATACENTER, ...servers.map(({ datacenter }) => datacenter)])];
  const detail = `there are: ${known.join(', ')}; others are containers that run a Consul server`;
  context.report(
    errorAt(context.at('datacenter'), `there is no datacenter ${JSON.stringify(name)}`, { detail, ...didYouMean(name, known) }),
  );
}

type PlaceOf = (variable: string) => ReturnType<LowerContext['at']>;

/**
 * The datacenter that a "VM" joins: that of the server it names (CONSUL_SERVER). One that names none is in the datacenter
 * that it names (CONSUL_DATACENTER), or in the only one there is. Undefined: the implicit one.
 */
export function joinedDatacenter(env: Readonly<Record<string, string>>, at: PlaceOf, context: LowerContext): string | undefined {
  const servers = consulServers(context);
  const address = env['CONSUL_SERVER']?.replace(/:\d+$/, '');
  const wanted = env['CONSUL_DATACENTER']?.toLowerCase();
  const isNamed = address !== undefined && !['', 'localhost', '127.0.0.1'].includes(address);
  const named = isNamed ? servers.find((one) => one.names.includes(address)) : undefined;
  const server =
    named ?? servers.find((one) => one.datacenter === wanted) ?? (wanted === undefined && servers.length === 1 ? servers[0] : undefined);
  if (server) context.dependOn(server.key);
  if (named && (wanted ?? IMPLICIT_DATACENTER) !== named.datacenter) {
    const detail =
      wanted === undefined ? 'CONSUL_DATACENTER is not set, which means dc1' : 'an agent can only join servers of its own datacenter';
    const summary = `${context.name} would not join ${named.key}: that is datacenter ${named.datacenter}, not ${wanted ?? IMPLICIT_DATACENTER}`;
    const hint = `set CONSUL_DATACENTER to "${named.datacenter}"`;
    context.report(errorAt(at(wanted === undefined ? 'CONSUL_SERVER' : 'CONSUL_DATACENTER'), summary, { detail, hint }));
  }
  if (isNamed && !named) {
    const known = servers.flatMap((one) => one.names);
    const detail = known.length === 0 ? `no container runs a Consul server; ${OWN_IS_TAKEN}` : `servers: ${known.join(', ')}`;
    context.report(
      warningAt(at('CONSUL_SERVER'), `no container is the Consul server ${address}`, { detail, ...didYouMean(address, known) }),
    );
  } else if (!server && wanted !== undefined && wanted !== IMPLICIT_DATACENTER) {
    const known = servers.map((one) => one.datacenter);
    const detail =
      known.length === 0 ? `no container runs a Consul server; ${OWN_IS_TAKEN}` : `datacenters: ${known.join(', ')}; ${OWN_IS_TAKEN}`;
    context.report(
      warningAt(at('CONSUL_DATACENTER'), `no container is a Consul server of datacenter ${wanted}`, {
        detail,
        ...didYouMean(wanted, known),
      }),
    );
  }
  return server?.datacenter;
}

/** What Consul's agents say when they are not told, and what the agent is without servers in containers. */
export const IMPLICIT_DATACENTER = 'dc1';
const OWN_IS_TAKEN = 'the datacenter of the agent, dc1, is taken';
