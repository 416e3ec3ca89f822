import { describe, expect, it } from 'vitest';
import { readSpans, type Span } from '../../../src/images/traces/span.ts';
import { type SpanNode, Traces, treeOf } from '../../../src/images/traces/traces.ts';

const span = (traceId: string, id: string, more: object = {}): Span => readSpans(JSON.stringify([{ traceId, id, ...more }]))![0]!;

describe('spans', () => {
  it('are read as Zipkin writes them', () => {
    const written = {
      traceId: '463AC35C9F6413AD',
      parentId: 'a2fb4a1d1a96d312',
      id: '48485a3953bb6124',
      kind: 'SERVER',
      name: 'get /',
      timestamp: 1_500_000,
      duration: 20,
      shared: true,
      localEndpoint: { serviceName: 'web' },
      tags: { 'http.status_code': '200', n: 1 },
    };
    expect(readSpans(JSON.stringify([written]))).toEqual([
      {
        traceId: '463ac35c9f6413ad',
        parentId: 'a2fb4a1d1a96d312',
        id: '48485a3953bb6124',
        kind: 'SERVER',
        name: 'get /',
        timestamp: 1_500_000,
        duration: 20,
        shared: true,
        service: 'web',
        tags: { 'http.status_code': '200', n: '1' },
      },
    ]);
    expect(span('1', '2', { timestamp: 1e300, tags: null })).toMatchObject({ service: 'unknown', timestamp: 0, tags: {} });
  });

  it.each(['', '{', '{}', '[1]', '[null]', '[{"id":"1"}]', '[{"traceId":"x/../y","id":"1"}]'])('%s is none', (text) => {
    expect(readSpans(text)).toBeUndefined();
  });
});

describe('traces', () => {
  it('are the last 1,000, of at most 2,000 spans, the newest first', () => {
    const traces = new Traces();
    for (let i = 0; i < 1001; i++) {
      traces.add([span(i.toString(16), '1', { timestamp: i, localEndpoint: { serviceName: i % 2 ? 'web' : 'api' } })]);
      // Still in use.
      traces.add([span('0', i.toString(16), { timestamp: 5000 })]);
    }
    expect(traces.list()).toHaveLength(1000);
    expect(traces.get('1')).toBeUndefined();
    expect(traces.get('0')!.spans).toHaveLength(1002);
    expect(
      traces
        .list()
        .slice(0, 2)
        .map(({ id }) => id),
    ).toEqual(['3e8', '3e7']);
    expect(traces.list('web')).toHaveLength(499);
    expect(traces.services()).toEqual(['api', 'unknown', 'web']);
    traces.add(Array.from({ length: 3000 }, (_, i) => span('0', `a${i}`)));
    expect(traces.get('0')!.spans).toHaveLength(2000);
  });

  it('are trees: a server goes on with the span of its caller, what it calls is below it', () => {
    const traces = new Traces();
    traces.add([
      span('a', '3', { parentId: '2', kind: 'CLIENT', timestamp: 3 }),
      span('a', '2', { parentId: '1', kind: 'SERVER', shared: true, timestamp: 2 }),
      span('a', '2', { parentId: '1', kind: 'CLIENT', timestamp: 1 }),
      span('a', '1', { kind: 'SERVER', timestamp: 0 }),
      span('a', '9', { parentId: '8', timestamp: 4 }),
    ]);
    const shape = ({ span: { id, kind }, children }: SpanNode): string =>
      `${id}${kind[0] ?? ''}${children.length === 0 ? '' : `(${children.map(shape).join(' ')})`}`;
    expect(treeOf(traces.get('a')!).map(shape)).toEqual(['1S(2C(2S(3C)))', '9']);
  });
});
