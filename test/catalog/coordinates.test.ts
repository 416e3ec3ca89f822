import { describe, expect, it } from 'vitest';
import { type Coordinate, computeDistance, coordinates, sortNear } from '../../src/catalog/coordinates.ts';
import { emptySnapshot, type Snapshot } from '../../src/catalog/snapshot.ts';
import { transact } from '../../src/catalog/transact.ts';
import type { Op } from '../../src/catalog/types.ts';

const dc = 'dc1';
const at = (x: number, more: Partial<Coordinate> = {}): Coordinate => ({
  Vec: [x, 0, 0, 0, 0, 0, 0, 0],
  Error: 1,
  Adjustment: 0,
  Height: 0.001,
  ...more,
});

const node = (Node: string): Op => ({
  type: 'register',
  dc,
  node: { Node, ID: '', Address: '127.0.0.1', Datacenter: dc, TaggedAddresses: {}, Meta: {} },
});
const place = (Node: string, x: number): Op => ({ type: 'coordinate-update', dc, Node, Segment: '', Coord: at(x) });
const all = (...ops: Op[]): Snapshot => ops.reduce((s, op) => transact(s, op).snapshot, emptySnapshot([dc]));

describe('computeDistance', () => {
  it.each<[string, Coordinate | undefined, Coordinate | undefined, number]>([
    ['of two places, with their heights', at(0), at(0.003), 0.005],
    ['adjusted', at(0, { Adjustment: -0.001 }), at(0.003, { Adjustment: 0.002 }), 0.006],
    ['unless that would be less than nothing', at(0, { Adjustment: -1 }), at(0.003), 0.005],
    ['to nowhere', at(0), undefined, Number.POSITIVE_INFINITY],
  ])('%s', (_, a, b, seconds) => {
    expect(computeDistance(a, b)).toBeCloseTo(seconds, 10);
  });
});

describe('sortNear', () => {
  const s = all(node('a'), node('b'), node('c'), node('lost'), place('a', 0), place('b', 0.01), place('c', 0.004));
  const sorted = (from: string) => sortNear(s, dc, from, ['lost', 'b', 'a', 'c'], (name) => name);

  it('puts the nearest first and what has no place last', () => {
    expect(sorted('a')).toEqual(['a', 'c', 'b', 'lost']);
    expect(sorted('B')).toEqual(['b', 'c', 'a', 'lost']);
  });

  it('leaves the order of those whose own place is not known', () => {
    expect(sorted('lost')).toEqual(['lost', 'b', 'a', 'c']);
  });
});

describe('coordinates', () => {
  it('are kept for nodes only, and go with them', () => {
    const s = all(node('a'), place('a', 1), place('nobody', 1));
    expect(coordinates(s, dc).value.map((row) => row.Node)).toEqual(['a']);
    const gone = transact(s, { type: 'deregister', dc, node: 'a' }).snapshot;
    expect(coordinates(gone, dc).value).toEqual([]);
    expect(gone.datacenters.get(dc)!.coordinates.size).toBe(0);
  });

  it('of a node with an agent begin at the origin', () => {
    const check = { Node: 'a', CheckID: 'serfHealth', Name: '', Status: 'passing', Notes: '', Output: '' } as const;
    const agent = { ...node('a'), checks: [{ ...check, ServiceID: '', ServiceName: '', Type: '' }] } as Op;
    expect(coordinates(all(agent), dc).value).toEqual([
      { Node: 'a', Segment: '', Coord: { Vec: [0, 0, 0, 0, 0, 0, 0, 0], Error: 1.5, Adjustment: 0, Height: 1e-5 } },
    ]);
  });
});
