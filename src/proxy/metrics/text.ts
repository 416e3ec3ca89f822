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
    else lines.push(...histogramLines(metric.name, labels, value));
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

function histogramLines(name: string, labels: Labels, { counts, sum }: Histogram): string[] {
  const lines: string[] = [];
  let below = 0;
  for (const [i, count] of counts.entries()) {
    below += count;
    const le = BUCKETS_MS[i];
    lines.push(`${name}_bucket${labelText({ ...labels, le: le === undefined ? '+Inf' : String(le) })} ${below}`);
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
