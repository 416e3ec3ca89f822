import type { ComponentChildren, RefObject } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/icon.tsx';
import { useKey } from '../shell/keys.ts';
import { follow } from './drag.ts';
import type { Size } from './place.ts';

export const TONES = ['idle', 'active', 'warn', 'bad'] as const;
export type Tone = (typeof TONES)[number];

/** Where a drawing will be, and how wide that is. */
export function useFrame(): { readonly frame: RefObject<HTMLElement | null>; readonly frameWidth: number } {
  const frame = useRef<HTMLElement>(null);
  const [frameWidth, setWidth] = useState(0);
  useLayoutEffect(() => {
    const measure = (): void => setWidth(frame.current?.clientWidth ?? 0);
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  return { frame, frameWidth };
}

interface CanvasProps {
  readonly label: string;
  readonly frame: RefObject<HTMLElement | null>;
  readonly size: Size;
  readonly children: ComponentChildren;
}

const STEP = 1.25;
const LEAST = 0.2;
const MOST = 3;
/** In pixels, as `drawing.css` has them: of a frame, and what is seen beside the tallest one. */
const LEAST_HEIGHT = 380;
const ABOVE = 150;

/**
 * A drawing in its frame: as large as there is room, but not larger than drawn, and not so small that nothing can be read, until
 * somebody makes it larger or smaller. What does not fit is scrolled, or dragged.
 */
export function Canvas({ label, frame, size, children }: CanvasProps) {
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = size;
  /** Of what is drawn; undefined: nobody has chosen. */
  const [zoom, setZoom] = useState<number | undefined>();
  useLayoutEffect(() => {
    const { style } = svg.current!;
    style.maxWidth = `${Math.round(width * (zoom ?? 1.15))}px`;
    style.minWidth = `${Math.round(width * (zoom ?? 0.6))}px`;
  }, [width, zoom]);
  const times = (factor: number): void =>
    setZoom(Math.min(MOST, Math.max(LEAST, (svg.current!.getBoundingClientRect().width / width) * factor)));
  const larger = (): void => times(STEP);
  const smaller = (): void => times(1 / STEP);
  const fit = (): void => setZoom(Math.min(1, frame.current!.clientWidth / width, Math.max(LEAST_HEIGHT, innerHeight - ABOVE) / height));
  useKey('+', 'make the drawing larger', larger);
  useKey('-', 'make the drawing smaller', smaller);
  useKey('0', 'show all of the drawing', fit);
  useEffect(() => follow(frame.current!, times), [width]);
  return (
    <div class="drawing-place">
      <div class="drawing-tools">
        <button type="button" class="icon" aria-label="Smaller" title="Smaller ( - )" onClick={smaller}>
          <Icon name="minus" />
        </button>
        <button type="button" class="icon" aria-label="Show all" title="Show all ( 0 )" onClick={fit}>
          <Icon name="fit" />
        </button>
        <button type="button" class="icon" aria-label="Larger" title="Larger ( + )" onClick={larger}>
          <Icon name="plus" />
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls */}
      <section class="drawing-frame" ref={frame} tabIndex={0} aria-label={label}>
        {/* biome-ignore lint/a11y/useSemanticElements: there are no field sets in a drawing */}
        <svg ref={svg} class="drawing" viewBox={`0 0 ${width} ${height}`} role="group" aria-label={label}>
          <defs>
            {TONES.map((tone) => (
              <marker
                key={tone}
                id={`arrow-${tone}`}
                class={`drawing-arrow ${tone}`}
                viewBox="0 0 10 10"
                refX={8.5}
                refY={5}
                markerWidth={8}
                markerHeight={8}
                markerUnits="userSpaceOnUse"
                orient="auto"
              >
                <path d="M0,0.5 L9,5 L0,9.5 z" />
              </marker>
            ))}
          </defs>
          {children}
        </svg>
      </section>
    </div>
  );
}

export const clipped = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
