import { describe, expect, it } from 'vitest';
import type { FlowCount } from '../../src/api/rates.ts';
import { NOTHING_COUNTED } from '../../src/api/rates.ts';
import type { Topology, TopologyEdge, TopologyService } from '../../src/api/topology.ts';
import type { Flow } from '../../src/api/traffic.ts';
import { type Box, curve, type Placed } from '../../src/dashboard/drawing/place.ts';
import { countedAt, countedOn, deniedOn, graphOf, healthOf } from '../../src/dashboard/pages/topology/graph.ts';
import { layoutOf } from '../../src/dashboard/pages/topology/layout.ts';

const service = (name: string, datacenter = 'dc1'): TopologyService => ({
  name,
  datacenter,
  kind: 'service',
  protocol: 'http',
  instances: [],
});

function edge(source: string, destination: string, more: Partial<TopologyEdge> = {}): TopologyEdge {
  return {
    source,
    sourceDatacenter: 'dc1',
    destination,
    destinationDatacenter: 'dc1',
    upstream: destination,
    listens: [],
    protocol: 'http',
    subsets: [''],
    identity: '',
    expects: [],
    intention: 'allow',
    rule: '',
    ...more,
  };
}

const topology = (services: TopologyService[], edges: TopologyEdge[]): Topology => ({
  index: 1,
  datacenters: ['dc1', 'dc2'],
  services,
  edges,
});

const shop = topology(
  [service('web'), service('payments'), service('currency'), service('payments', 'dc2')],
  [
    edge('web', 'payments'),
    edge('web', 'payments', { upstream: 'payments-v2' }),
    edge('payments', 'currency'),
    edge('web', 'payments', { destinationDatacenter: 'dc2', upstream: 'payments?dc=dc2' }),
    edge('web', 'gone'),
  ],
);

describe('the graph', () => {
  it('has one line for all upstreams between two services, and none to nowhere', () => {
    const { links, groups } = graphOf(shop);
    expect(links.map(({ from, to, edges }) => `${from} -> ${to} ${edges.length}`)).toEqual([
      'dc1/web -> dc1/payments 2',
      'dc1/payments -> dc1/currency 1',
      'dc1/web -> dc2/payments 1',
    ]);
    expect(groups).toEqual(['dc1', 'dc2']);
    expect(graphOf(topology([service('web')], [])).groups).toEqual([]);
  });

  const flow = (side: Flow['side'], requests: number, denied: number, more: Partial<Flow> = {}): FlowCount => ({
    flow: {
      side,
      source: 'web',
      sourceDatacenter: 'dc1',
      destination: 'payments',
      destinationDatacenter: 'dc1',
      ...more,
    } as Flow,
    counted: { ...NOTHING_COUNTED, ms: 1000, requests, denied },
  });
  const link = { from: 'dc1/web', to: 'dc1/payments' };

  it('has the numbers of the caller on a line, and the refusals of whom it called', () => {
    expect(countedOn(link, [flow('outbound', 3, 0), flow('outbound', 4, 0, { route: '/a' }), flow('inbound', 6, 2)])).toMatchObject({
      requests: 7,
      denied: 2,
    });
    expect(countedOn(link, [flow('inbound', 6, 2)])).toMatchObject({ requests: 6, denied: 2 });
    expect(countedOn(link, [flow('outbound', 3, 0, { destinationDatacenter: 'dc2' })])).toMatchObject({ requests: 0 });
  });

  it('has what came to a service; what went out of one that only calls', () => {
    const counts = [flow('outbound', 3, 0), flow('inbound', 6, 0), flow('inbound', 1, 0, { source: 'api' })];
    expect(countedAt(service('payments'), counts).requests).toBe(7);
    expect(countedAt(service('web'), counts).requests).toBe(3);
  });

  it('has refusals as long as they are recent', () => {
    const denial = { lastAt: 1000, source: 'web', sourceDatacenter: 'dc1', destination: 'payments', destinationDatacenter: 'dc1' } as never;
    expect(deniedOn(link, [denial], 999)).toHaveLength(1);
    expect(deniedOn(link, [denial], 1001)).toHaveLength(0);
    expect(deniedOn({ from: 'dc1/api', to: 'dc1/payments' }, [denial], 0)).toHaveLength(0);
  });

  it('is as healthy as the worst instance', () => {
    const instances = (...all: string[]) => ({ instances: all.map((health) => ({ health })) as never });
    expect(healthOf(instances())).toBe('none');
    expect(healthOf(instances('passing', 'passing'))).toBe('passing');
    expect(healthOf(instances('passing', 'warning'))).toBe('warning');
    expect(healthOf(instances('warning', 'critical'))).toBe('critical');
  });
});

describe('the layout', () => {
  const isInside = (box: Box, { width, height }: Pick<Placed, 'width' | 'height'>): boolean =>
    box.x - box.width / 2 >= 0 && box.y - box.height / 2 >= 0 && box.x + box.width / 2 <= width && box.y + box.height / 2 <= height;
  const overlap = (a: Box, b: Box): boolean =>
    Math.abs(a.x - b.x) < (a.width + b.width) / 2 && Math.abs(a.y - b.y) < (a.height + b.height) / 2;

  it.each([
    ['x', 2000],
    ['y', 400],
  ] as const)('has callers before those they call along %s in a frame of %d, no two on one place, all inside', (along, frameWidth) => {
    const placed = layoutOf(graphOf(shop), frameWidth);
    const web = placed.nodes.get('dc1/web')!;
    expect(web[along]).toBeLessThan(placed.nodes.get('dc1/payments')![along]);
    expect(placed.nodes.get('dc1/payments')![along]).toBeLessThan(placed.nodes.get('dc1/currency')![along]);
    const boxes = [...placed.nodes.values()];
    expect(boxes.every((box) => isInside(box, placed))).toBe(true);
    expect(boxes.some((box, index) => boxes.slice(index + 1).some((other) => overlap(box, other)))).toBe(false);
    for (const [key, { path, label }] of placed.links) {
      expect(path, key).toMatch(/^M[\d.]+,[\d.]+[QL]/);
      expect(isInside({ ...label, width: 0, height: 0 }, placed)).toBe(true);
    }
    expect(overlap(placed.groups.get('dc1')!, placed.groups.get('dc2')!)).toBe(false);
  });

  it('bears cycles, services that call themselves, and nothing at all', () => {
    const round = topology([service('a'), service('b')], [edge('a', 'b'), edge('b', 'a'), edge('a', 'a')]);
    expect(layoutOf(graphOf(round), 1000).links.size).toBe(3);
    expect(layoutOf(graphOf(topology([], [])), 0).nodes.size).toBe(0);
  });

  it('draws lines through their points', () => {
    const points = [
      { x: 0, y: 0 },
      { x: 10, y: 0 },
      { x: 20, y: 10 },
    ];
    expect(curve(points)).toBe('M0,0Q10,0 20,10');
    expect(curve(points.slice(0, 2))).toBe('M0,0L10,0');
    expect(curve([])).toBe('');
  });
});
