/** A place in a trace. Ids are lower-case hex: 32 digits for the trace, 16 for the span. */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  /** The span that this one is part of; undefined for the first. */
  readonly parentId: string | undefined;
  readonly sampled: boolean;
}

/** What a request says of its trace, and how: W3C's traceparent, B3 in one field or in several. It goes on in the same forms. */
export interface TraceFields {
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined: whoever comes next decides. */
  readonly sampled: boolean | undefined;
  readonly forms: readonly TraceForm[];
}

export type TraceForm = 'w3c' | 'b3' | 'b3-multi';

/** Names of all fields that say where in a trace a request is. */
export const TRACE_FIELDS: readonly string[] = [
  'traceparent',
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
];

const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-|$)/;
const B3 = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d]))?(?:-[0-9a-f]{16})?$/;
const ID = /^(?:[0-9a-f]{16}|[0-9a-f]{32})$/;
const ZERO = /^0+$/;

/** Undefined when a request is in no trace, or what it says is not valid. `b3: 0` alone says that it shall be in none. */
export function readTrace(fields: ReadonlyMap<string, string>): TraceFields | 'never' | undefined {
  const w3c = TRACEPARENT.exec(fields.get('traceparent') ?? '');
  const single = B3.exec(fields.get('b3')?.toLowerCase() ?? '');
  const multi = readMulti(fields);
  const forms: TraceForm[] = [
    ...(w3c ? ['w3c' as const] : []),
    ...(single ? ['b3' as const] : []),
    ...(multi ? ['b3-multi' as const] : []),
  ];
  if (w3c) return { traceId: w3c[1]!, spanId: w3c[2]!, sampled: (Number.parseInt(w3c[3]!, 16) & 1) === 1, forms };
  if (single) return { traceId: single[1]!.padStart(32, '0'), spanId: single[2]!, sampled: flagOf(single[3]), forms };
  if (multi) return { ...multi, forms };
  const never = fields.get('b3') === '0' || /^(?:0|false)$/i.test(fields.get('x-b3-sampled') ?? '');
  return never ? 'never' : undefined;
}

function readMulti(fields: ReadonlyMap<string, string>): Omit<TraceFields, 'forms'> | undefined {
  const traceId = fields.get('x-b3-traceid')?.toLowerCase() ?? '';
  const spanId = fields.get('x-b3-spanid')?.toLowerCase() ?? '';
  if (!ID.test(traceId) || !ID.test(spanId) || ZERO.test(traceId) || ZERO.test(spanId)) return undefined;
  const sampled = fields.get('x-b3-flags') === '1' ? true : flagOf(fields.get('x-b3-sampled')?.toLowerCase());
  return { traceId: traceId.padStart(32, '0'), spanId: spanId.slice(-16), sampled };
}

function flagOf(text: string | undefined): boolean | undefined {
  if (text === '1' || text === 'd' || text === 'true') return true;
  return text === '0' || text === 'false' ? false : undefined;
}

/** The fields that tell the next one where it is. */
export function writeTrace({ traceId, spanId, parentId, sampled }: SpanContext, forms: readonly TraceForm[]): [string, string][] {
  const flag = sampled ? '1' : '0';
  const fields: [string, string][] = [];
  if (forms.includes('w3c')) fields.push(['traceparent', `00-${traceId}-${spanId}-0${flag}`]);
  if (forms.includes('b3')) fields.push(['b3', `${traceId}-${spanId}-${flag}${parentId === undefined ? '' : `-${parentId}`}`]);
  if (forms.includes('b3-multi')) {
    fields.push(['x-b3-traceid', traceId], ['x-b3-spanid', spanId], ['x-b3-sampled', flag]);
    if (parentId !== undefined) fields.push(['x-b3-parentspanid', parentId]);
  }
  return fields;
}
