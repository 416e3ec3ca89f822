import { getHeapStatistics } from 'node:v8';
import { CONTENT_TYPES, formatFor } from '../../../../base/metrics-format.ts';
import { type Gauge, prometheusText, stateGauges } from '../../../agent/metrics.ts';
import { type Answer, json } from '../../answer.ts';
import type { Api, ApiRequest } from '../../endpoint.ts';
import { fromDataplane } from '../../from-dataplane.ts';

/** What the process uses and the catalog holds at this moment; ?format=prometheus as text. */
export function metrics(request: ApiRequest, mesh: Api): Answer {
  request.acl.require('agent', 'read', mesh.nodeName);
  const gauges = [...processGauges(mesh), ...stateGauges(mesh.snapshot.value)];
  if (request.query.get('format') === 'prometheus')
    return { type: 'text', text: prometheusText(gauges), contentType: 'text/plain; version=0.0.4; charset=utf-8' };
  const at = new Date(mesh.clock.now()).toISOString().replace('T', ' ').replace(/\..*$/, ' +0000 UTC');
  return json({
    Timestamp: at,
    Gauges: gauges.map(({ name, value, labels }) => ({ Name: name, Value: value, Labels: labels })),
    Points: [],
    Counters: [],
    Samples: [],
  });
}

export async function proxyMetrics({ acl, headers, query, signal }: ApiRequest, mesh: Api): Promise<Answer> {
  acl.require('agent', 'read', mesh.nodeName);
  const format = formatFor(headers.accept);
  const text = await fromDataplane(signal, (until) => mesh.agent.traffic.metrics(format, query.get('proxy') ?? undefined, until));
  return { type: 'text', text, contentType: CONTENT_TYPES[format] };
}

function processGauges(mesh: Api): Gauge[] {
  const heap = getHeapStatistics();
  const { ttls, monitors } = mesh.agent.local.checks.count;
  const values = {
    'consul.runtime.sys_bytes': heap.total_heap_size + heap.external_memory,
    'consul.runtime.alloc_bytes': heap.used_heap_size,
    'consul.agent.uptime_seconds': Math.floor((mesh.clock.now() - mesh.agent.startedAt) / 1000),
    'consul.agent.check_ttls': ttls,
    'consul.agent.check_monitors': monitors,
    'consul.raft.applied_index': mesh.snapshot.value.index,
  };
  return Object.entries(values).map(([name, value]) => ({ name, value, labels: {} }));
}
