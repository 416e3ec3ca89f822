import type { Tracing } from '../../../compile/proxy-config.ts';
import type { Span } from './span.ts';

/** The body of a request that takes spans to a collector. */
export function encodeSpans(spans: readonly Span[], protocol: Tracing['protocol']): string {
  return JSON.stringify(protocol === 'otlp' ? otlp(spans) : spans.map(zipkin));
}

/** OTLP/HTTP in JSON: ids are hex, 64-bit numbers are texts. */
function otlp(spans: readonly Span[]): object {
  return {
    resourceSpans: Array.from(groupByService(spans), ([service, own]) => ({
      resource: { attributes: [attribute('service.name', service)] },
      scopeSpans: [{ scope: { name: 'mesh' }, spans: own.map(otlpSpan) }],
    })),
  };
}

function otlpSpan({ traceId, spanId, parentId, name, kind, startedAt, durationMs, failed, attributes }: Span): object {
  const reason = attributes['mesh.reason'];
  return {
    traceId,
    spanId,
    ...(parentId === undefined ? {} : { parentSpanId: parentId }),
    name,
    kind: kind === 'server' ? 2 : 3,
    startTimeUnixNano: nanos(startedAt),
    endTimeUnixNano: nanos(startedAt + durationMs),
    attributes: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    status: failed ? { code: 2, ...(reason === undefined ? {} : { message: String(reason) }) } : {},
  };
}

function attribute(key: string, value: string | number): object {
  return { key, value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) } };
}

/** A number of nanoseconds since the epoch is more than a double holds exactly. */
function nanos(ms: number): string {
  return String(BigInt(Math.round(ms * 1000)) * 1000n);
}

/** Zipkin 2 in JSON; times in microseconds. */
function zipkin(span: Span): object {
  const { traceId, spanId, parentId, name, kind, startedAt, durationMs, service, failed, attributes } = span;
  const peer = attributes['peer.service'];
  const tags = Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, String(value)]));
  return {
    traceId,
    id: spanId,
    ...(parentId === undefined ? {} : { parentId }),
    name,
    kind: kind.toUpperCase(),
    timestamp: Math.round(startedAt * 1000),
    duration: Math.max(1, Math.round(durationMs * 1000)),
    localEndpoint: { serviceName: service },
    ...(peer === undefined ? {} : { remoteEndpoint: { serviceName: String(peer) } }),
    tags: failed ? { ...tags, error: String(attributes['mesh.reason'] ?? attributes['http.response.status_code'] ?? 'true') } : tags,
  };
}

function groupByService(spans: readonly Span[]): Map<string, Span[]> {
  const groups = new Map<string, Span[]>();
  for (const span of spans) {
    const group = groups.get(span.service);
    if (group) group.push(span);
    else groups.set(span.service, [span]);
  }
  return groups;
}
