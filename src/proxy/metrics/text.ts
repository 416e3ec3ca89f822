import type { MetricsFormat } from '../../base/metrics-format.ts';
import { BUCKETS_MS, type Histogram } from '../observe/histogram.ts';
import type { Labels, Metric } from './metric-set.ts';

export function metricsText(metrics: readonly Metric[], format: MetricsFormat): string {
  const names = new Set(metrics.map(({ name }) => name));
  const text = metrics.map((metric) => family(metric, format, names)).join('');
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}

function family(metric: Metric, format: MetricsFormat, names: ReadonlySet<string>): string {
  const { name, type } = headOf(metric, format, names);
  const lines = [`# HELP ${name} ${escapeHelp(metric.doc)}`, `# TYPE ${name} ${type}`];
  for (const { labels, value } of metric.points) {
    if (typeof value === 'number') lines.push(`${metric.name}${labelText(labels)} ${value}`);
    else lines.push(...histogramLines(metric.name, labels, value, BOUNDS[format]));
  }
  return `${lines.join('\n')}\n`;
}

/**
 * In OpenMetrics a counter is a family whose samples end in `_total`. Names of Envoy that don't, and those whose family would have
 * the name of another (`upstream_rq` and `upstream_rq_total`), go as `unknown`, which any scraper takes.
 */
function headOf({ name, type }: Metric, format: MetricsFormat, names: ReadonlySet<string>): { name: string; type: string } {
  if (format === 'prometheus' || type !== 'counter') return { name, type };
  const bare = name.replace(/_total$/, '');
  return bare === name || names.has(bare) ? { name, type: 'unknown' } : { name: bare, type };
}

/** OpenMetrics: a bound has a canonical form, `1.0`. Envoy writes `1`. */
const BOUNDS: Readonly<Record<MetricsFormat, readonly string[]>> = {
  prometheus: [...BUCKETS_MS.map(String), '+Inf'],
  openmetrics: [...BUCKETS_MS.map((ms) => (Number.isInteger(ms) ? `${ms}.0` : String(ms))), '+Inf'],
};

function histogramLines(name: string, labels: Labels, { counts, sum }: Histogram, bounds: readonly string[]): string[] {
  const lines: string[] = [];
  let below = 0;
  for (const [i, count] of counts.entries()) {
    below += count;
    lines.push(`${name}_bucket${labelText({ ...labels, le: bounds[i]! })} ${below}`);
  }
  return [...lines, `${name}_sum${labelText(labels)} ${sum}`, `${name}_count${labelText(labels)} ${below}`];
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeValue(value)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

const escapeHelp = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

function escapeValue(text: string): string {
  return /["\\\n]/.test(text) ? escapeHelp(text).replaceAll('"', '\\"') : text;
}
