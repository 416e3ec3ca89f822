import type { Histogram } from '../observe/histogram.ts';
import { METRICS, type MetricKind, type MetricName } from './names.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Point {
  readonly labels: Labels;
  readonly value: number | Histogram;
}

export interface Metric extends MetricKind {
  readonly name: string;
  readonly points: readonly Point[];
}

/** The values of one moment, by metric: what a text format and an export read. */
export class MetricSet {
  readonly #points = new Map<MetricName, Point[]>();

  add(name: MetricName, labels: Labels, value: number | Histogram): void {
    const points = this.#points.get(name);
    if (points) points.push({ labels, value });
    else this.#points.set(name, [{ labels, value }]);
  }

  /** In the order of the table. */
  all(): Metric[] {
    return Object.entries(METRICS).flatMap(([name, kind]) => {
      const points = this.#points.get(name as MetricName);
      return points ? [{ name, ...kind, points }] : [];
    });
  }
}
