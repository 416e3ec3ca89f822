import { describe, expect, it } from 'vitest';
import { extractB3, injectB3 } from '../../../../src/images/fake-service/tracing/b3.ts';

const TRACE = '463ac35c9f6413ad';
const SPAN = 'a2fb4a1d1a96d312';
const PARENT = '0020000000000001';

describe('extractB3', () => {
  it.each<[string, Record<string, string>, ReturnType<typeof extractB3>]>([
    ['nothing', {}, undefined],
    [
      'the multiple headers',
      { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-parentspanid': PARENT, 'x-b3-sampled': '1' },
      { span: { traceId: TRACE, spanId: SPAN, parentId: PARENT }, sampled: true, debug: false },
    ],
    [
      'short ids',
      { 'x-b3-traceid': '1A', 'x-b3-spanid': '2b' },
      { span: { traceId: '000000000000001a', spanId: '000000000000002b', parentId: undefined }, sampled: undefined, debug: false },
    ],
    [
      'an id of 128 bits',
      { 'x-b3-traceid': `1${TRACE}`, 'x-b3-spanid': SPAN, 'x-b3-sampled': 'false' },
      { span: { traceId: `1${TRACE}`.padStart(32, '0'), spanId: SPAN, parentId: undefined }, sampled: false, debug: false },
    ],
    ['a decision alone', { 'x-b3-sampled': '0' }, { span: undefined, sampled: false, debug: false }],
    ['the debug flag', { 'x-b3-flags': '1' }, { span: undefined, sampled: true, debug: true }],
    [
      'a single header',
      { b3: `${TRACE}-${SPAN}` },
      { span: { traceId: TRACE, spanId: SPAN, parentId: undefined }, sampled: undefined, debug: false },
    ],
    [
      'a single header with everything, before the multiple ones',
      { b3: `${TRACE}${TRACE}-${SPAN}-d-${PARENT}`, 'x-b3-sampled': '0' },
      { span: { traceId: TRACE + TRACE, spanId: SPAN, parentId: PARENT }, sampled: true, debug: true },
    ],
    ['a single decision', { b3: '0' }, { span: undefined, sampled: false, debug: false }],
    ['multiple headers beside a broken single one', { b3: 'x', 'x-b3-sampled': '1' }, { span: undefined, sampled: true, debug: false }],
    ['half a span', { 'x-b3-traceid': TRACE }, undefined],
    ['no hexadecimal', { 'x-b3-traceid': 'x', 'x-b3-spanid': SPAN }, undefined],
    ['no decision', { 'x-b3-traceid': TRACE, 'x-b3-spanid': SPAN, 'x-b3-sampled': 'maybe' }, undefined],
  ])('of %s', (_, headers, expected) => expect(extractB3(headers)).toEqual(expected));

  it('reads what injectB3 writes', () => {
    const context = { traceId: TRACE, spanId: SPAN, parentId: PARENT, sampled: false, debug: false };
    const lower = Object.fromEntries(Object.entries(injectB3(context)).map(([name, value]) => [name.toLowerCase(), value]));
    expect(extractB3(lower)).toEqual({ span: { traceId: TRACE, spanId: SPAN, parentId: PARENT }, sampled: false, debug: false });
  });
});
