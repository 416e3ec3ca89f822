import type { Denial } from '../../../api/denial.ts';
import { type Counted, type FlowCount, together } from '../../../api/rates.ts';
import type { Topology, TopologyEdge, TopologyService } from '../../../api/topology.ts';

/** Services and who calls whom, as the picture has them: of the upstreams between two services it draws one line. */
export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly links: readonly Link[];
  /** Datacenters in frames of their own, where there are several. */
  readonly groups: readonly string[];
}

export interface GraphNode {
  readonly key: string;
  readonly service: TopologyService;
}

export interface Link {
  readonly key: string;
  readonly from: string;
  readonly to: string;
  /** One for each upstream; never empty. */
  readonly edges: readonly TopologyEdge[];
}

export const serviceKey = (datacenter: string, name: string): string => `${datacenter}/${name}`;

export function graphOf({ services, edges, datacenters }: Topology): Graph {
  const nodes = services.map((service) => ({ key: serviceKey(service.datacenter, service.name), service }));
  const known = new Set(nodes.map(({ key }) => key));
  const links = new Map<string, TopologyEdge[]>();
  for (const edge of edges) {
    const [from, to] = endsOf(edge);
    if (!known.has(from) || !known.has(to)) continue;
    const key = `${from} ${to}`;
    links.set(key, [...(links.get(key) ?? []), edge]);
  }
  const used = new Set(services.map(({ datacenter }) => datacenter));
  return {
    nodes,
    links: Array.from(links, ([key, all]) => ({ key, from: endsOf(all[0]!)[0], to: endsOf(all[0]!)[1], edges: all })),
    groups: used.size > 1 ? datacenters.filter((name) => used.has(name)) : [],
  };
}

type Ends = Pick<TopologyEdge, 'source' | 'sourceDatacenter' | 'destination' | 'destinationDatacenter'>;

const endsOf = (ends: Ends): [from: string, to: string] => [
  serviceKey(ends.sourceDatacenter, ends.source),
  serviceKey(ends.destinationDatacenter, ends.destination),
];

const isBetween = (ends: Ends, { from, to }: Pick<Link, 'from' | 'to'>): boolean => {
  const [start, end] = endsOf(ends);
  return start === from && end === to;
};

/** What went along a line, as its caller has seen it; refusals as the one who refused has. */
export function countedOn(link: Pick<Link, 'from' | 'to'>, counts: readonly FlowCount[]): Counted {
  const between = counts.filter(({ flow }) => isBetween(flow, link));
  const sides = (side: 'outbound' | 'inbound'): Counted =>
    together(between.filter(({ flow }) => flow.side === side).map(({ counted }) => counted));
  const [went, came] = [sides('outbound'), sides('inbound')];
  const hasCaller = between.some(({ flow }) => flow.side === 'outbound');
  return { ...(hasCaller ? went : came), denied: Math.max(went.denied, came.denied) };
}

/** What came to a service; for one that only calls, as an ingress gateway does, what it has called. */
export function countedAt({ name, datacenter }: Pick<TopologyService, 'name' | 'datacenter'>, counts: readonly FlowCount[]): Counted {
  const came = counts.filter(
    ({ flow }) => flow.side === 'inbound' && flow.destination === name && flow.destinationDatacenter === datacenter,
  );
  const went = counts.filter(({ flow }) => flow.side === 'outbound' && flow.source === name && flow.sourceDatacenter === datacenter);
  return together((came.length > 0 ? came : went).map(({ counted }) => counted));
}

/** Refusals on a line since a time, in milliseconds since the epoch. */
export const deniedOn = (link: Pick<Link, 'from' | 'to'>, denials: readonly Denial[], since: number): readonly Denial[] =>
  denials.filter((denial) => denial.lastAt >= since && isBetween(denial, link));

/** Passing, warning or critical: the worst of its instances; `none` without any. */
export function healthOf({ instances }: Pick<TopologyService, 'instances'>): 'passing' | 'warning' | 'critical' | 'none' {
  if (instances.length === 0) return 'none';
  const all = instances.map(({ health }) => health);
  return all.includes('critical') ? 'critical' : all.includes('warning') ? 'warning' : 'passing';
}
