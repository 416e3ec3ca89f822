import { type Counted, type FlowCount, NOTHING_COUNTED, quantileMs, together } from '../../api/rates.ts';
import type { Flow } from '../../api/traffic.ts';
import { compareTexts } from '../../base/order.ts';
import { sameName } from '../../base/same-name.ts';

/** What the rows of a table of traffic are. */
export const VIEWS = ['service', 'route', 'source', 'edge'] as const;
export type View = (typeof VIEWS)[number];

export const SORTS = ['rate', 'errors', 'p99', 'name'] as const;
export type Sort = (typeof SORTS)[number];

/** Those of a view that tell its rows apart. */
export type Named = Partial<
  Pick<Flow, 'source' | 'sourceDatacenter' | 'destination' | 'destinationDatacenter' | 'upstream' | 'route' | 'subset'>
>;

export interface Row {
  readonly named: Named;
  /** What has been seen of it so far: requests, connections that pass as bytes, or both. */
  readonly carries: { readonly requests: boolean; readonly bytes: boolean };
  readonly counted: Counted;
}

/** What is looked at: all, or what a service takes part in. */
export interface Wanted {
  readonly view: View;
  readonly sort: Sort;
  readonly service?: string;
}

export function rowsOf(counts: readonly FlowCount[], { view, sort, service }: Wanted, boundsMs: readonly number[]): Row[] {
  const groups = new Map<string, { named: Named; flows: Flow[]; counted: Counted[] }>();
  for (const { flow, counted } of callsOf(counts)) {
    if (service !== undefined && !sameName(flow.source, service) && !sameName(flow.destination, service)) continue;
    const named = NAMED[view](flow);
    // Where a call was refused it is not known which route it had taken.
    if (!named) continue;
    const key = JSON.stringify(named);
    const group = groups.get(key) ?? { named, flows: [], counted: [] };
    group.flows.push(flow);
    group.counted.push(counted);
    groups.set(key, group);
  }
  const rows = Array.from(groups.values(), ({ named, flows, counted }): Row => {
    const requests = flows.some(({ answers }) => Object.keys(answers).length > 0);
    const bytes = flows.some(({ connections }) => connections.total > 0);
    return { named, carries: { requests, bytes }, counted: together(counted) };
  });
  return rows.sort((a, b) => ORDER[sort](b, boundsMs) - ORDER[sort](a, boundsMs) || compareTexts(nameOf(a), nameOf(b)));
}

const NAMED: Readonly<Record<View, (flow: Flow) => Named | undefined>> = {
  service: ({ destination, destinationDatacenter }) => ({ destination, destinationDatacenter }),
  source: ({ source, sourceDatacenter }) => ({ source, sourceDatacenter }),
  edge: ({ source, sourceDatacenter, destination, destinationDatacenter }) => {
    return { source, sourceDatacenter, destination, destinationDatacenter };
  },
  route: ({ source, sourceDatacenter, destination, destinationDatacenter, upstream, route, subset = '' }) =>
    route === undefined
      ? undefined
      : { source, sourceDatacenter, upstream: upstream ?? '', route, destination, destinationDatacenter, subset },
};

const ORDER: Readonly<Record<Sort, (row: Row, boundsMs: readonly number[]) => number>> = {
  rate: ({ counted }) => counted.requests + counted.connections.begun,
  errors: ({ counted }) => counted.failed + counted.connections.failed + counted.denied,
  p99: ({ counted }, boundsMs) => quantileMs(0.99, counted.latency, boundsMs) ?? -1,
  name: () => 0,
};

const nameOf = ({ named }: Row): string => JSON.stringify(Object.values(named));
/**
 * Each call once, although both its ends have seen it: as its caller has, which knows of those that never arrived. What the other
 * end adds is whom a rule has refused there, and callers whose sidecars are not the agent's.
 */
export function callsOf(counts: readonly FlowCount[]): FlowCount[] {
  const sent = new Set(counts.filter(({ flow }) => flow.side === 'outbound').map(({ flow }) => pairOf(flow)));
  return counts.map(({ flow, counted }) => {
    if (flow.side === 'outbound' || !sent.has(pairOf(flow))) return { flow, counted };
    return { flow, counted: { ...NOTHING_COUNTED, ms: counted.ms, denied: counted.denied } };
  });
}

function pairOf({ source, sourceDatacenter, destination, destinationDatacenter }: Flow): string {
  return [source, sourceDatacenter, destination, destinationDatacenter].join('\u0000').toLowerCase();
}
