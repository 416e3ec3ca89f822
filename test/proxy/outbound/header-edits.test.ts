import { describe, expect, it } from 'vitest';
import type { HeaderEdits } from '../../../src/compile/proxy-config.ts';
import { combineEdits } from '../../../src/proxy/outbound/header-edits.ts';

const edits = (more: Partial<HeaderEdits>): HeaderEdits => ({ add: {}, set: {}, remove: [], ...more });
const unused = () => {
  throw new Error('nothing to fill in');
};
const combined = (...layers: HeaderEdits[]) => {
  const ignored: string[] = [];
  const result = combineEdits(layers, { ignored: (reason) => ignored.push(reason), describe: unused });
  return { remove: [...(result?.remove ?? [])], add: result?.add ?? [], ignored };
};

describe('combineEdits', () => {
  it('removes, then sets, then adds', () => {
    expect(combined(edits({ remove: ['x-a'], set: { 'x-a': '1', 'x-b': '2' }, add: { 'x-a': '3' } }))).toEqual({
      remove: ['x-a', 'x-b'],
      add: [
        ['x-a', '1'],
        ['x-b', '2'],
        ['x-a', '3'],
      ],
      ignored: [],
    });
  });

  it('puts the edits of a split on top of those of its route', () => {
    const route = edits({ set: { 'X-Version': 'route', 'x-kept': '1' }, add: { 'x-gone': '2' } });
    const split = edits({ remove: ['x-gone'], set: { 'x-version': 'split' } });
    expect(combined(route, split)).toEqual({
      remove: ['x-version', 'x-kept', 'x-gone'],
      add: [
        ['x-kept', '1'],
        ['x-version', 'split'],
      ],
      ignored: [],
    });
  });

  it('sends text as UTF-8', () => {
    expect(combined(edits({ set: { x: 'ä' } })).add).toEqual([['x', '\xc3\xa4']]);
  });

  it('keeps what only looks like an operator', () => {
    const values = { 'x-a': '100%', 'x-b': '%20%', 'x-c': '5%% off', 'x-d': '%NO_SUCH%/%PROTOCOL%' };
    const { add, ignored } = combined(edits({ set: values }));
    expect(add.map(([, value]) => value)).toEqual(['100%', '%20%', '5% off', '%NO_SUCH%/%PROTOCOL%']);
    expect(ignored).toEqual([
      'header x-b: %20% is no operator, and stays as it is',
      'header x-d: %NO_SUCH% is no operator, and stays as it is',
    ]);
  });

  it.each([
    'Host',
    'Content-Length',
    'Transfer-Encoding',
    'Connection',
    'Upgrade',
    'TE',
    'Trailer',
    'Expect',
    'X-Forwarded-Client-Cert',
    'X-Forwarded-For',
  ])('leaves %s alone', (name) => {
    const result = combined(edits({ remove: [name], set: { [name]: '1' }, add: { [name]: '2' } }));
    expect(result).toEqual({ remove: [], add: [], ignored: Array(3).fill(`header ${name} is the proxy's own`) });
  });

  it.each([
    ['x y', '1', '"x y" is not a header name'],
    ['', '1', '"" is not a header name'],
    ['x:', '1', '"x:" is not a header name'],
    ['x', '1\r\nHost: evil', 'header x: its value has control characters'],
    ['x', 'a\0b', 'header x: its value has control characters'],
  ])('can not split a message with %j: %j', (name, value, reason) => {
    expect(combined(edits({ set: { [name]: value } }))).toEqual({ remove: [], add: [], ignored: [reason] });
  });
});
