import type { ComponentChildren, RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
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

/** A drawing in its frame: as large as there is room, but not larger than drawn, and not so small that nothing can be read. */
export function Canvas({ label, frame, size, children }: CanvasProps) {
  const svg = useRef<SVGSVGElement>(null);
  const { width, height } = size;
  useLayoutEffect(() => {
    const { style } = svg.current!;
    style.maxWidth = `${Math.round(width * 1.15)}px`;
    style.minWidth = `${Math.round(width * 0.6)}px`;
  }, [width]);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls
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
  );
}

export const clipped = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);
