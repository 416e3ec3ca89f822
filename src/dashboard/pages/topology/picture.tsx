import { useMemo } from 'preact/hooks';
import { Canvas, clipped, type Tone, useFrame } from '../../drawing/canvas.tsx';
import type { Placed } from '../../drawing/place.ts';
import { href } from '../../shell/route.ts';
import { type Graph, type GraphNode, healthOf, type Link } from './graph.ts';
import { kindText } from './kinds.ts';
import { LABEL, layoutOf, NODE } from './layout.ts';
export interface LinkView {
  /** What stands on the line: `12 rps · 100 % · p95 8 ms`. */
  readonly text: string;
  readonly tone: Tone;
  readonly isLocked: boolean;
  /** For those who don't see the picture. */
  readonly spoken: string;
}

interface PictureProps {
  readonly graph: Graph;
  readonly viewOf: (link: Link) => LinkView;
  /** What stands below the name of a service. */
  readonly lineOf: (node: GraphNode) => string;
  readonly chosen: string | undefined;
  readonly onChoose: (key: string) => void;
}

/** The mesh as a drawing. It is laid out again when who is there changes, not when numbers do. */
export function Picture({ graph, viewOf, lineOf, chosen, onChoose }: PictureProps) {
  const { frame, frameWidth } = useFrame();
  const shape = JSON.stringify([graph.groups, graph.nodes.map(({ key }) => key), graph.links.map(({ key }) => key)]);
  const placed = useMemo(() => layoutOf(graph, frameWidth), [shape, frameWidth]);
  return (
    <Canvas label="Services and their connections" frame={frame} size={placed}>
      {Array.from(placed.groups, ([name, box]) => (
        <g key={name} class="topology-group">
          <rect x={box.x - box.width / 2} y={box.y - box.height / 2} width={box.width} height={box.height} rx={14} />
          <text x={box.x - box.width / 2 + 14} y={box.y - box.height / 2 + 20}>
            {name}
          </text>
        </g>
      ))}
      {graph.links.map((link) => (
        <LinkShape key={link.key} link={link} view={viewOf(link)} placed={placed} isChosen={chosen === link.key} onChoose={onChoose} />
      ))}
      {graph.nodes.map((node) => (
        <NodeShape key={node.key} node={node} line={lineOf(node)} placed={placed} isChosen={chosen === node.key} onChoose={onChoose} />
      ))}
    </Canvas>
  );
}

interface Choosable {
  readonly placed: Placed;
  readonly isChosen: boolean;
  readonly onChoose: (key: string) => void;
}

function LinkShape({ link, view, placed, isChosen, onChoose }: Choosable & { readonly link: Link; readonly view: LinkView }) {
  const { path, label } = placed.links.get(link.key)!;
  const choose = (): void => onChoose(link.key);
  const { text, tone, isLocked, spoken } = view;
  const width = Math.min(LABEL.width, text.length * 6.3 + (isLocked ? 34 : 20));
  const left = label.x - width / 2;
  return (
    // biome-ignore lint/a11y/useSemanticElements: there are no buttons in a drawing
    <g
      class={`drawing-link ${tone}${isChosen ? ' chosen' : ''}`}
      role="button"
      tabIndex={0}
      aria-label={spoken}
      onMouseEnter={choose}
      onFocus={choose}
      onClick={choose}
      onKeyDown={(event) => event.key === 'Enter' && choose()}
    >
      <path class="drawing-reach" d={path} />
      <path class="drawing-line" d={path} marker-end={`url(#arrow-${tone})`} />
      {tone === 'active' && <path class="topology-flow" d={path} />}
      <rect class="drawing-pill" x={left} y={label.y - LABEL.height / 2 + 1} width={width} height={LABEL.height - 2} rx={12} />
      {isLocked && (
        <path class="topology-lock" d={`M${left + 10},${label.y - 1.5}h9v7.5h-9zM${left + 12},${label.y - 1.5}v-2a2.5,2.5 0 0 1 5,0v2`} />
      )}
      <text x={left + (isLocked ? 25 : 10)} y={label.y + 4}>
        {text}
      </text>
    </g>
  );
}

const MAX_DOTS = 8;
/** Letters of a name beside so many dots. */
const roomBeside = (dots: number): number => Math.floor((NODE.width - 36 - dots * 13) / 8.8);

function NodeShape({ node, line, placed, isChosen, onChoose }: Choosable & { readonly node: GraphNode; readonly line: string }) {
  const { service, key } = node;
  const { x, y } = placed.nodes.get(key)!;
  const [left, top] = [x - NODE.width / 2, y - NODE.height / 2];
  const { name, datacenter, kind, protocol, instances } = service;
  const passing = instances.filter(({ health }) => health === 'passing').length;
  const choose = (): void => onChoose(key);
  const isService = kind === 'service';
  const dots = instances.slice(0, MAX_DOTS);
  return (
    <a
      class={`topology-node ${healthOf(service)} ${isService ? '' : 'gateway'}${isChosen ? ' chosen' : ''}`}
      href={href(['services', name], { dc: datacenter })}
      aria-label={`${name} ${isService ? protocol : kindText(kind)} ${line}, ${passing} of ${instances.length} instances passing`}
      onMouseEnter={choose}
      onFocus={choose}
    >
      <rect class="topology-box" x={left} y={top} width={NODE.width} height={NODE.height} rx={10} />
      <rect class="topology-band" x={left} y={top + 10} width={4} height={NODE.height - 20} rx={2} />
      <text class="topology-name" x={left + 18} y={top + 27}>
        {clipped(name, roomBeside(Math.max(dots.length, instances.length === 0 ? 3 : 0)))}
      </text>{' '}
      <text class="topology-kind" x={left + 18} y={top + 48}>
        {isService ? protocol : kindText(kind)}
      </text>{' '}
      <text class="topology-rate" x={left + NODE.width - 14} y={top + 48}>
        {line}
      </text>
      {dots.map(({ id, health, sidecar }, index) => (
        <circle
          key={id}
          class={`topology-dot ${health}${sidecar && !sidecar.serves ? ' waiting' : ''}`}
          cx={left + NODE.width - 18 - (dots.length - 1 - index) * 13}
          cy={top + 22}
          r={4.2}
        />
      ))}
      {instances.length === 0 && (
        <text class="topology-rate" x={left + NODE.width - 14} y={top + 27}>
          none
        </text>
      )}
    </a>
  );
}
