import { useMemo } from 'preact/hooks';
import type { Chain } from '../../client/chain.ts';
import { Canvas, clipped, useFrame } from '../../drawing/canvas.tsx';
import { type Placed, placeIn } from '../../drawing/place.ts';
import { type ChainBox, type ChainLine, chainGraph } from './chain-graph.ts';

const LINE_HEIGHT = 18;
const MAX_CHARS = 34;
const widthOf = (text: string): number => Math.min(text.length, MAX_CHARS) * 7;

/** A discovery chain: where a request to the service can go, and by which rule. */
export function ChainPicture({ chain }: { readonly chain: Chain }) {
  const { frame, frameWidth } = useFrame();
  const graph = useMemo(() => chainGraph(chain), [chain]);
  const placed = useMemo(
    () =>
      placeIn(
        {
          nodes: graph.boxes.map(({ key, title, notes }) => ({
            key,
            width: Math.max(120, 28 + Math.max(widthOf(title) * 1.1, ...notes.map(widthOf))),
            height: 36 + notes.length * LINE_HEIGHT + (notes.length > 0 ? 4 : 0),
          })),
          links: graph.lines.map(({ key, from, to, text }) => ({
            key,
            from,
            to,
            label: { width: text === '' ? 20 : widthOf(text) + 24, height: 26 },
          })),
        },
        frameWidth,
      ),
    [graph, frameWidth],
  );
  return (
    <Canvas label={`Chain of ${chain.ServiceName}`} frame={frame} size={placed}>
      {graph.lines.map((line) => (
        <Line key={line.key} line={line} placed={placed} />
      ))}
      {graph.boxes.map((box) => (
        <Box key={box.key} box={box} placed={placed} />
      ))}
    </Canvas>
  );
}

function Line({ line: { key, text, isFailover }, placed }: { readonly line: ChainLine; readonly placed: Placed }) {
  const { path, label } = placed.links.get(key)!;
  const width = widthOf(text) + 20;
  return (
    <g class={`drawing-link ${isFailover ? 'warn' : 'idle'}`}>
      <path
        class={isFailover ? 'drawing-line dashed' : 'drawing-line'}
        d={path}
        marker-end={`url(#arrow-${isFailover ? 'warn' : 'idle'})`}
      />
      {text !== '' && (
        <>
          <rect class="drawing-pill" x={label.x - width / 2} y={label.y - 12} width={width} height={24} rx={12} />
          <text class="drawing-middle" x={label.x} y={label.y + 4}>
            <title>{text}</title>
            {clipped(text, MAX_CHARS)}
          </text>
        </>
      )}
    </g>
  );
}

function Box({ box: { key, kind, title, notes }, placed }: { readonly box: ChainBox; readonly placed: Placed }) {
  const { x, y, width, height } = placed.nodes.get(key)!;
  const [left, top] = [x - width / 2, y - height / 2];
  return (
    <g class={`chain-box ${kind}`}>
      <rect x={left} y={top} width={width} height={height} rx={8} />
      <text class="chain-title" x={left + 14} y={top + 23}>
        {clipped(title, MAX_CHARS)}
      </text>
      {notes.map((note, index) => (
        <text key={note} class="chain-note" x={left + 14} y={top + 23 + (index + 1) * LINE_HEIGHT}>
          <title>{note}</title>
          {clipped(note, MAX_CHARS)}
        </text>
      ))}
    </g>
  );
}
