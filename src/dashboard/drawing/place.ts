import dagre from '@dagrejs/dagre';

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Point, Size {}

export interface Drawing {
  readonly nodes: readonly (Size & { readonly key: string; readonly group?: string })[];
  /** `label`: how much room it has. */
  readonly links: readonly { readonly key: string; readonly from: string; readonly to: string; readonly label: Size }[];
  /** Frames around nodes; each has at least one. */
  readonly groups?: readonly string[];
}

/** Where everything is drawn; `x` and `y` of boxes and labels are their middles. */
export interface Placed extends Size {
  readonly nodes: ReadonlyMap<string, Box>;
  readonly links: ReadonlyMap<string, { readonly path: string; readonly label: Point }>;
  readonly groups: ReadonlyMap<string, Box>;
}

/** From left to right, or from top to bottom. */
export type Direction = 'LR' | 'TB';

const MARGIN = 24;
/** Taller is not seen without scrolling. */
const SEEN_HEIGHT = 640;

/** In the direction in which it is the larger in a frame of this width; from left to right if that makes no difference. */
export function placeIn(drawing: Drawing, frameWidth: number): Placed {
  const scale = ({ width, height }: Size): number => Math.min(1, frameWidth / width, SEEN_HEIGHT / height);
  const across = place(drawing, 'LR');
  if (scale(across) === 1) return across;
  const down = place(drawing, 'TB');
  return scale(down) > scale(across) ? down : across;
}

export function place({ nodes, links, groups = [] }: Drawing, direction: Direction): Placed {
  const graph = new dagre.graphlib.Graph({ compound: groups.length > 0, multigraph: true });
  graph.setGraph({ rankdir: direction, nodesep: 30, edgesep: 22, ranksep: 36, marginx: MARGIN, marginy: MARGIN });
  for (const group of groups) graph.setNode(groupId(group), {});
  for (const { key, width, height, group } of nodes) {
    graph.setNode(key, { width, height });
    if (group !== undefined && groups.includes(group)) graph.setParent(key, groupId(group));
  }
  for (const { key, from, to, label } of links) graph.setEdge(from, to, { ...label, labelpos: 'c' }, key);
  dagre.layout(graph);
  const { width = 0, height = 0 } = graph.graph() as { width?: number; height?: number };
  const boxAt = (id: string): Box => graph.node(id) as unknown as Box;
  return {
    width: Math.max(width, 2 * MARGIN),
    height: Math.max(height, 2 * MARGIN),
    nodes: new Map(nodes.map(({ key }) => [key, boxAt(key)])),
    groups: new Map(groups.map((group) => [group, boxAt(groupId(group))])),
    links: new Map(
      links.map(({ key, from, to }) => {
        const { points, x, y } = graph.edge(from, to, key) as unknown as Point & { points: readonly Point[] };
        return [key, { path: curve(points), label: { x, y } }];
      }),
    ),
  };
}

const groupId = (name: string): string => `group ${name}`;

/** A line through the points, with round corners. */
export function curve(points: readonly Point[]): string {
  const [first, ...rest] = points;
  const last = rest.at(-1);
  if (!first || !last) return '';
  const parts = [`M${at(first)}`];
  for (const [index, point] of rest.slice(0, -1).entries()) {
    const next = rest[index + 1]!;
    const end = next === last ? next : { x: (point.x + next.x) / 2, y: (point.y + next.y) / 2 };
    parts.push(`Q${at(point)} ${at(end)}`);
  }
  if (rest.length === 1) parts.push(`L${at(last)}`);
  return parts.join('');
}

const at = ({ x, y }: Point): string => `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
