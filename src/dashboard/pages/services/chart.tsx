import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { useWatch } from '../../client/store.ts';
import { isDark } from '../../shell/theme.ts';

export interface ChartSeries {
  readonly label: string;
  /** Name of a variable of the style: `--accent`. */
  readonly colour: string;
  /** One for each of the times; null: there was none. */
  readonly values: readonly (number | null)[];
}

interface ChartProps {
  readonly title: string;
  /** Seconds since the epoch. */
  readonly times: readonly number[];
  readonly series: readonly ChartSeries[];
  readonly format: (value: number) => string;
  /** The axis goes up to this at least. */
  readonly atLeast?: number;
}

const HEIGHT = 150;
const SPAN_S = 300;
const LEAST_SPAN_S = 60;

/** Lines over the last five minutes at most, with their last values as a legend. */
export function Chart({ title, times, series, format, atLeast = 1 }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const dark = useWatch(isDark);
  useEffect(() => {
    const element = place.current!;
    const made = new uPlot(
      optionsOf(element, series, format, atLeast),
      [[], ...series.map(() => [])] as unknown as uPlot.AlignedData,
      element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
    };
  }, [dark]);
  useEffect(() => {
    plot.current?.setData([times, ...series.map(({ values }) => values)] as unknown as uPlot.AlignedData);
  }, [times, dark]);
  const last = series.map(({ label, colour, values }) => ({ label, colour, value: values.at(-1) ?? undefined }));
  const text = (value: number | undefined): string => (value === undefined ? '–' : format(value));
  return (
    <figure class="chart" aria-label={`${title}: ${last.map(({ label, value }) => `${label} ${text(value)}`).join(', ')}`}>
      <figcaption>
        <div>{title}</div>
        {last.map(({ label, colour, value }) => (
          <span key={label} class={`chart-value ${colour.slice(2)}`}>
            {series.length > 1 && <i aria-hidden="true" />}
            {series.length > 1 && label} <b>{text(value)}</b>
          </span>
        ))}
      </figcaption>
      <div ref={place} aria-hidden="true" />
    </figure>
  );
}

function optionsOf(
  element: HTMLElement,
  series: readonly ChartSeries[],
  format: (value: number) => string,
  atLeast: number,
): uPlot.Options {
  const colour = (name: string): string => colourOf(element, name);
  const axis = { stroke: colour('--muted'), font: '11px system-ui, sans-serif', ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [8, 6, 0, 0],
    scales: {
      x: { range: (_, min, max) => spanOf(min ?? 0, max ?? 0) },
      y: { range: (_, __, max) => [0, Math.max(atLeast, (max ?? 0) * 1.15)] },
    },
    axes: [
      { ...axis, space: 70, size: 26, grid: { show: false }, values: (_, ticks) => ticks.map(clockTime) },
      { ...axis, size: 52, space: 34, grid: { stroke: colour('--line'), width: 1 }, values: (_, ticks) => ticks.map(format) },
    ],
    series: [
      {},
      ...series.map(({ label, colour: name }, index) => ({
        label,
        stroke: colour(name),
        width: 1.8,
        points: { show: false },
        spanGaps: false,
        ...(index === 0 && series.length === 1 ? { fill: `color-mix(in srgb, ${colour(name)} 12%, transparent)` } : {}),
      })),
    ],
  };
}

/** From the first point on, but neither less than a minute nor more than five. */
const spanOf = (first: number, last: number): [number, number] => [last - Math.min(SPAN_S, Math.max(LEAST_SPAN_S, last - first)), last];

const clockTime = (seconds: number): string =>
  new Date(seconds * 1000).toLocaleTimeString(undefined, { hour12: false, hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** What a variable is at the moment: a canvas knows none. */
function colourOf(element: HTMLElement, name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  element.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}
