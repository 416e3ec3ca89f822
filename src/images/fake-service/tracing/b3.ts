import type { IncomingHttpHeaders } from 'node:http';

/** Where a span stands in its trace, as B3 headers carry it. Ids are lower-case hexadecimal, of 16 digits (a trace's also of 32). */
export interface SpanContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string | undefined;
  readonly sampled: boolean;
  readonly debug: boolean;
}

/** What came with a request: a span to continue, or only the decision whether to record. */
export interface Propagated {
  readonly span: Pick<SpanContext, 'traceId' | 'spanId' | 'parentId'> | undefined;
  /** Undefined: left to us. */
  readonly sampled: boolean | undefined;
  readonly debug: boolean;
}

/** Names of all B3 headers: what is repeated to upstreams must not stand beside what we set ourselves. */
export const B3_HEADERS: ReadonlySet<string> = new Set([
  'b3',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
]);

/** The single header (`b3: <trace>-<span>-1-<parent>`) counts before the multiple ones; a broken one as if it were missing. */
export function extractB3(headers: IncomingHttpHeaders): Propagated | undefined {
  const text = (name: string): string => String(headers[name] ?? '');
  const single = fromSingle(text('b3'));
  if (single) return single;
  return propagated(text('x-b3-traceid'), text('x-b3-spanid'), text('x-b3-parentspanid'), text('x-b3-sampled'), text('x-b3-flags') === '1');
}

function fromSingle(value: string): Propagated | undefined {
  if (/^[01d]$/.test(value)) return propagated('', '', '', value === '0' ? '0' : '1', value === 'd');
  const match = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d])(?:-([0-9a-f]{16}))?)?$/i.exec(value);
  if (!match) return undefined;
  const [, traceId = '', spanId = '', sampling = '', parentId = ''] = match;
  return propagated(traceId, spanId, parentId, sampling === 'd' ? '1' : sampling, sampling === 'd');
}

function propagated(traceId: string, spanId: string, parentId: string, sampled: string, debug: boolean): Propagated | undefined {
  const decision = /^(1|true)$/i.test(sampled) || debug ? true : /^(0|false)$/i.test(sampled) ? false : undefined;
  if (sampled !== '' && decision === undefined) return undefined;
  if (traceId === '' && spanId === '') return decision === undefined ? undefined : { span: undefined, sampled: decision, debug };
  if (!/^[0-9a-f]{1,32}$/i.test(traceId) || !isId(spanId) || (parentId !== '' && !isId(parentId))) return undefined;
  const span = { traceId: padded(traceId, traceId.length > 16 ? 32 : 16), spanId: padded(spanId, 16) };
  return { span: { ...span, parentId: parentId === '' ? undefined : padded(parentId, 16) }, sampled: decision, debug };
}

const isId = (text: string): boolean => /^[0-9a-f]{1,16}$/i.test(text);
const padded = (id: string, digits: number): string => id.toLowerCase().padStart(digits, '0');

/** The multiple headers, which every release reads. */
export function injectB3(context: SpanContext): Record<string, string> {
  return {
    'X-B3-Traceid': context.traceId,
    'X-B3-Spanid': context.spanId,
    ...(context.parentId === undefined ? {} : { 'X-B3-Parentspanid': context.parentId }),
    ...(context.debug ? { 'X-B3-Flags': '1' } : { 'X-B3-Sampled': context.sampled ? '1' : '0' }),
  };
}
