/** What is kept of a span of Zipkin's API version 2. Times in microseconds. */
export interface Span {
  readonly traceId: string;
  readonly id: string;
  readonly parentId: string | undefined;
  readonly kind: string;
  readonly name: string;
  readonly timestamp: number;
  readonly duration: number;
  /** The server goes on with the caller's span: two spans have this id. */
  readonly shared: boolean;
  readonly service: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** The spans of a request's body; undefined if it is none: a JSON list of objects that have a trace and an id. */
export function readSpans(text: string): Span[] | undefined {
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return undefined;
    const spans = list.flatMap((item) => readSpan(item) ?? []);
    return spans.length === list.length ? spans : undefined;
  } catch {
    return undefined;
  }
}

function readSpan(item: unknown): Span | undefined {
  if (typeof item !== 'object' || item === null) return undefined;
  const { traceId, id, parentId, kind, name, timestamp, duration, shared, localEndpoint, tags } = item as Record<string, unknown>;
  if (!isId(traceId) || !isId(id)) return undefined;
  const service = (localEndpoint as { serviceName?: unknown } | undefined)?.serviceName;
  return {
    traceId: traceId.toLowerCase(),
    id: id.toLowerCase(),
    parentId: isId(parentId) ? parentId.toLowerCase() : undefined,
    kind: textOf(kind),
    name: textOf(name),
    timestamp: numberOf(timestamp),
    duration: numberOf(duration),
    shared: shared === true,
    service: textOf(service) || 'unknown',
    tags: Object.fromEntries(Object.entries((tags ?? {}) as object).map(([key, value]) => [key, String(value)])),
  };
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^[0-9a-f]{1,32}$/i.test(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** A moment that a calendar still has, or the time between two. */
const numberOf = (value: unknown): number => (typeof value === 'number' && value >= 0 && value < 8e18 ? value : 0);
