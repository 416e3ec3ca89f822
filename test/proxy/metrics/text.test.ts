import { describe, expect, it } from 'vitest';
import { formatFor } from '../../../src/base/metrics-format.ts';
import type { Metric } from '../../../src/proxy/metrics/metric-set.ts';
import { metricsText } from '../../../src/proxy/metrics/text.ts';
import { Histogram } from '../../../src/proxy/observe/histogram.ts';

const counter = (name: string, value: number, labels = {}): Metric => ({
  name,
  type: 'counter',
  doc: 'A count.',
  points: [{ labels, value }],
});

describe('the text of metrics', () => {
  it('escapes what labels hold', () => {
    const text = metricsText([counter('mesh_denied_total', 1, { rule: 'say "no"\\\nagain' })], 'prometheus');
    expect(text).toBe(
      '# HELP mesh_denied_total A count.\n# TYPE mesh_denied_total counter\nmesh_denied_total{rule="say \\"no\\"\\\\\\nagain"} 1\n',
    );
  });

  it('adds buckets up, in the order of their bounds', () => {
    const times = new Histogram();
    for (const ms of [0.5, 0.6, 7, 4_000_000]) times.observe(ms);
    const text = metricsText(
      [{ name: 't', type: 'histogram', doc: 'Times.', points: [{ labels: { a: 'b' }, value: times }] }],
      'prometheus',
    );
    const lines = text.split('\n');
    expect(lines).toContain('t_bucket{a="b",le="0.5"} 1');
    expect(lines).toContain('t_bucket{a="b",le="1"} 2');
    expect(lines).toContain('t_bucket{a="b",le="10"} 3');
    expect(lines).toContain('t_bucket{a="b",le="3600000"} 3');
    expect(lines.slice(-4)).toEqual(['t_bucket{a="b",le="+Inf"} 4', 't_sum{a="b"} 4000008.1', 't_count{a="b"} 4', '']);
  });

  it('gives OpenMetrics a family for each name, and an end', () => {
    const metrics = [counter('rq_total', 3), counter('rq', 2), counter('cx_total', 1), counter('ssl_handshake', 4)];
    const lines = metricsText(metrics, 'openmetrics').split('\n');
    expect(lines.filter((line) => line.startsWith('# TYPE'))).toEqual([
      '# TYPE rq_total unknown',
      '# TYPE rq unknown',
      '# TYPE cx counter',
      '# TYPE ssl_handshake unknown',
    ]);
    expect(lines).toContain('cx_total 1');
    expect(lines.slice(-2)).toEqual(['# EOF', '']);
  });

  it.each([
    [undefined, 'prometheus'],
    ['*/*', 'prometheus'],
    ['text/plain;version=0.0.4;q=0.5,*/*;q=0.1', 'prometheus'],
    ['application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5', 'openmetrics'],
  ])('answers Accept: %s in %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format);
  });
});
