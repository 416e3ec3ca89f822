import type { Trace } from './traces.ts';

/** A trace as Jaeger's query API shows it, as far as it is known here. Times in microseconds. */
export function jaegerTrace({ id, spans }: Trace): object {
  const services = [...new Set(spans.map((span) => span.service))];
  const processOf = (service: string) => `p${services.indexOf(service) + 1}`;
  return {
    traceID: id,
    spans: spans.map((span) => ({
      traceID: id,
      spanID: span.id,
      operationName: span.name,
      references: span.parentId === undefined ? [] : [{ refType: 'CHILD_OF', traceID: id, spanID: span.parentId }],
      startTime: span.timestamp,
      duration: span.duration,
      tags: [
        ...(span.kind === '' ? [] : [{ key: 'span.kind', type: 'string', value: span.kind.toLowerCase() }]),
        ...Object.entries(span.tags).map(([key, value]) => ({ key, type: 'string', value })),
      ],
      logs: [],
      processID: processOf(span.service),
    })),
    processes: Object.fromEntries(services.map((serviceName) => [processOf(serviceName), { serviceName, tags: [] }])),
  };
}
