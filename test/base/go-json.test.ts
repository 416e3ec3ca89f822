import { expect, it } from 'vitest';
import { escapeJson, goJson } from '../../src/base/go-json.ts';

it('prints as encoding/json does', () => {
  expect(goJson({ a: '<b>&\u2028\u2029', 'x>y': 1 })).toBe('{"a":"\\u003cb\\u003e\\u0026\\u2028\\u2029","x\\u003ey":1}');
  expect(goJson({ a: [1] }, '    ')).toBe('{\n    "a": [\n        1\n    ]\n}');
  expect(goJson('é😀')).toBe('"é😀"');
});

it('changes the text and not the value', () => {
  const value = { html: '<a href="x">&amp;</a>', lines: 'a\u2028b' };
  expect(JSON.parse(goJson(value))).toEqual(value);
  expect(escapeJson('{"a":"\\u003c"}')).toBe('{"a":"\\u003c"}');
});
