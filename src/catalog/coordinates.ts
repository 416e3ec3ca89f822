import type { Change } from './change.ts';
import type { Datacenter } from './datacenter.ts';
import { changeKeys, tableKey, tablePrefix } from './keys.ts';
import { indexOf, type QueryResult } from './queries.ts';
import { datacenter, type Snapshot } from './snapshot.ts';
import type { Indexed } from './types.ts';

/** Where a node is in Vivaldi's space: distances are the seconds of a round trip. */
export interface Coordinate {
  /** Eight dimensions. */
  readonly Vec: readonly number[];
  readonly Error: number;
  readonly Adjustment: number;
  readonly Height: number;
}

export interface NodeCoordinate {
  readonly Node: string;
  readonly Segment: string;
  readonly Coord: Coordinate;
}

export type CoordinateRow = NodeCoordinate & Indexed;

/** Of a node that is not there: nothing is stored. */
export interface CoordinateOp extends NodeCoordinate {
  readonly type: 'coordinate-update';
  readonly dc: string;
}

export const DIMENSIONS = 8;

/** Serf's agents begin so. */
const ORIGIN: Coordinate = { Vec: Array.from({ length: DIMENSIONS }, () => 0), Error: 1.5, Adjustment: 0, Height: 1e-5 };

const TABLE = 'coordinates';

export function applyCoordinate(change: Change, { Node, Segment, Coord }: CoordinateOp): boolean {
  if (change.tables.nodes.has(tableKey(Node))) {
    change.put('coordinates', tableKey(Node, Segment), { Node, Segment, Coord }, touchedBy(change, Node));
  }
  return true;
}

/** They go with their node. */
export function dropCoordinates(change: Change, node: string): void {
  for (const [key] of change.tables.coordinates.withPrefix(tablePrefix(node))) change.remove('coordinates', key, touchedBy(change, node));
}

const touchedBy = (change: Change, node: string) => ({ keys: [changeKeys.coordinate(change.tables.name, node)], indexes: [TABLE] });

/** Of all nodes, by name and segment. */
export function coordinates(s: Snapshot, dc: string): QueryResult<NodeCoordinate[]> {
  const d = datacenter(s, dc);
  const value = Array.from(d.nodes.values()).flatMap((node) => coordinatesIn(d, node.Node));
  return { value, index: indexOf(d, TABLE), watch: [changeKeys.all(dc, 'coordinate'), changeKeys.all(dc, 'node')] };
}

export function coordinatesOf(s: Snapshot, dc: string, node: string): QueryResult<NodeCoordinate[]> {
  const d = datacenter(s, dc);
  const watch = [changeKeys.coordinate(dc, node), changeKeys.node(dc, node)];
  return { value: coordinatesIn(d, node), index: indexOf(d, TABLE), watch };
}

/** What was told of it, or for a node that has an agent where every agent begins. */
function coordinatesIn(d: Datacenter, node: string): NodeCoordinate[] {
  const told = Array.from(d.coordinates.withPrefix(tablePrefix(node)), ([, row]) => row);
  if (told.length > 0) return told;
  return d.checks.has(tableKey(node, 'serfHealth')) ? [{ Node: d.nodes.get(tableKey(node))!.Node, Segment: '', Coord: ORIGIN }] : [];
}

/** Seconds of a round trip between two places; infinite when one is not known. */
export function computeDistance(a: Coordinate | undefined, b: Coordinate | undefined): number {
  if (!a || !b) return Number.POSITIVE_INFINITY;
  const squares = a.Vec.map((x, i) => (x - (b.Vec[i] ?? 0)) ** 2);
  const raw = Math.sqrt(squares.reduce((sum, square) => sum + square, 0)) + a.Height + b.Height;
  const adjusted = raw + a.Adjustment + b.Adjustment;
  return adjusted > 0 ? adjusted : raw;
}

/**
 * The nearest to a node first; what is equally far, or has no place, stays in its order behind. Nothing is sorted when the node
 * itself has no place: that is what Consul does.
 */
export function sortNear<T>(s: Snapshot, dc: string, node: string, items: readonly T[], nodeOf: (item: T) => string): readonly T[] {
  const d = datacenter(s, dc);
  const placeOf = (name: string): Coordinate | undefined => coordinatesIn(d, name).find(({ Segment }) => Segment === '')?.Coord;
  const from = placeOf(node);
  if (!from) return items;
  const distances = new Map(items.map((item) => [nodeOf(item), computeDistance(from, placeOf(nodeOf(item)))]));
  const distanceOf = (item: T): number => distances.get(nodeOf(item))!;
  // Infinity less itself is no number.
  return [...items].sort((a, b) => (distanceOf(a) === distanceOf(b) ? 0 : distanceOf(a) - distanceOf(b)));
}
