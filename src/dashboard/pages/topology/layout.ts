import { type Placed, placeIn } from '../../drawing/place.ts';
import type { Graph } from './graph.ts';

export const NODE = { width: 204, height: 66 } as const;
/** Room for what stands on a line, whatever that is at the moment: numbers that change move nothing. */
export const LABEL = { width: 196, height: 26 } as const;

export const layoutOf = ({ nodes, links, groups }: Graph, frameWidth: number): Placed =>
  placeIn(
    {
      nodes: nodes.map(({ key, service }) => ({ key, group: service.datacenter, ...NODE })),
      links: links.map(({ key, from, to }) => ({ key, from, to, label: LABEL })),
      groups,
    },
    frameWidth,
  );
