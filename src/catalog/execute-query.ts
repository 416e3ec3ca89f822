import { shuffled } from '../base/shuffled.ts';
import { sortNear } from './coordinates.ts';
import { meshInstances } from './gateways.ts';
import type { PreparedQuery, ServiceQuery } from './prepared-queries.ts';
import { datacenterNames, type Instance, serviceInstances } from './queries.ts';
import type { Snapshot } from './snapshot.ts';

export interface ExecuteOptions {
  /** At most so many; 0: all. */
  readonly limit?: number;
  /** Instances that speak mutual TLS, whatever the query says. */
  readonly connect?: boolean;
  /** Name of a node: the nearest to it first, instead of in any order. `_agent`: the own one. */
  readonly near?: string;
  readonly ownNode: string;
  /** Uniform in [0, 1): instances are shuffled, so that their load is. */
  readonly random: () => number;
  /** What the one who asks may see. */
  readonly mayRead?: (instance: Instance) => boolean;
}

export interface Executed {
  readonly instances: readonly Instance[];
  /** That they are in; the last one tried when there are none. */
  readonly datacenter: string;
  /** How many other places were asked. */
  readonly failovers: number;
}

/** Executes a query that was resolved, in its datacenter, and as its failover says in others. */
export function executePreparedQuery(
  s: Snapshot,
  dc: string,
  { Service: query }: Pick<PreparedQuery, 'Service'>,
  options: ExecuteOptions,
): Executed {
  const near = options.near || query.Near;
  const from = near === '_agent' || near === '_ip' ? options.ownNode : near;
  const own = ordered(s, dc, select(s, dc, query, options), from, options);
  if (own.length > 0) return { instances: limited(own, options), datacenter: dc, failovers: 0 };
  let last: Executed = { instances: [], datacenter: dc, failovers: 0 };
  for (const target of failoverTargets(s, dc, query)) {
    const found = target === undefined ? [] : shuffled(select(s, target, query, options), below(options.random));
    last = { instances: limited(found, options), datacenter: target ?? dc, failovers: last.failovers + 1 };
    if (found.length > 0) break;
  }
  return last;
}

function select(s: Snapshot, dc: string, query: ServiceQuery, { connect = false, mayRead = () => true }: ExecuteOptions): Instance[] {
  const { value } = connect || query.Connect ? meshInstances(s, dc, query.Service) : serviceInstances(s, dc, query.Service);
  return value.filter((instance) => isHealthy(instance, query) && isSelected(instance, query) && mayRead(instance));
}

function isHealthy({ checks }: Instance, { OnlyPassing, IgnoreCheckIDs }: ServiceQuery): boolean {
  const counted = checks.filter(({ CheckID }) => !IgnoreCheckIDs?.includes(CheckID));
  return counted.every(({ Status }) => (OnlyPassing ? Status === 'passing' : Status !== 'critical'));
}

function isSelected({ node, service }: Instance, { Tags, NodeMeta, ServiceMeta }: ServiceQuery): boolean {
  const own = new Set(service.Tags.map((tag) => tag.toLowerCase()));
  const hasTags = (Tags ?? []).every((tag) => {
    const wanted = tag.toLowerCase();
    return wanted.startsWith('!') ? !own.has(wanted.slice(1)) : own.has(wanted);
  });
  return hasTags && hasMeta(node.Meta, NodeMeta) && hasMeta(service.Meta, ServiceMeta);
}

const hasMeta = (own: Readonly<Record<string, string>>, wanted: Readonly<Record<string, string>> | null): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => Object.hasOwn(own, key) && own[key] === value);

function ordered(s: Snapshot, dc: string, found: Instance[], from: string, { random }: ExecuteOptions): readonly Instance[] {
  const mixed = shuffled(found, below(random));
  if (from === '') return mixed;
  const sorted = [...sortNear(s, dc, from, mixed, ({ node }) => node.Node)];
  // Consul: whoever is asked from a node with an instance gets that one first, however the others stand.
  const own = sorted.slice(0, 10).findIndex(({ node }) => node.Node === from);
  if (own > 0) [sorted[0], sorted[own]] = [sorted[own]!, sorted[0]!];
  return sorted;
}

/** Evenly, from what is uniform in [0, 1). */
const below =
  (random: () => number) =>
  (end: number): number =>
    Math.floor(random() * end);

const limited = (found: readonly Instance[], { limit = 0 }: ExecuteOptions): readonly Instance[] =>
  limit > 0 ? found.slice(0, limit) : found;

/** Datacenters in the order in which they are asked. Undefined: a peer, from which nothing is imported by name alone. */
function failoverTargets(s: Snapshot, dc: string, { Failover }: ServiceQuery): (string | undefined)[] {
  const others = datacenterNames(s).filter((name) => name !== dc);
  if (Failover.Targets && Failover.Targets.length > 0) {
    return Failover.Targets.flatMap(({ Peer, Datacenter }) => (Peer === '' ? others.filter((name) => name === Datacenter) : [undefined]));
  }
  // All are on this machine: none is nearer than another.
  const nearest = others.slice(0, Math.max(0, Failover.NearestN));
  const named = (Failover.Datacenters ?? []).filter((name) => others.includes(name));
  return [...new Set([...nearest, ...named])];
}
