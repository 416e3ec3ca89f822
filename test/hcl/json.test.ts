import { describe, expect, it } from 'vitest';
import { readJson } from '../../src/hcl/json.ts';
import { toJson } from '../../src/schema/located.ts';

describe('readJson', () => {
  it.each(['{"a": [1, -2.5e3, true, false, null, "x\\n\\u00e9\\/"], "b": {}}', '[]', ' "text" ', '{"__proto__": 1}', '\ufeff{"a": 1}'])(
    'reads %s as JSON.parse does',
    (text) => {
      const { value, diagnostics, goError } = readJson({ name: 'x.json', text });
      expect([diagnostics, goError]).toEqual([[], undefined]);
      expect(JSON.stringify(toJson(value!))).toEqual(JSON.stringify(JSON.parse(text.replace('\ufeff', ''))));
    },
  );

  it('keeps places, and integers that a double would change', () => {
    const { value } = readJson({ name: 'x.json', text: '{"big": 9007199254740993}' });
    const entry = value?.type === 'map' ? value.entries[0] : undefined;
    expect([entry?.keyRange?.start, entry?.keyRange?.end, entry?.value.range?.start]).toEqual([1, 6, 8]);
    expect(entry?.value).toMatchObject({ value: 9007199254740993n, raw: '9007199254740993' });
  });

  // The texts of Go's encoding/json, which Consul prints.
  it.each([
    ['{"a": 1,}', "invalid character '}' looking for beginning of object key string"],
    ['{"a" 1}', "invalid character '1' after object key"],
    ['{"a": 1 "b"}', "invalid character '\"' after object key:value pair"],
    ['[1 2]', "invalid character '2' after array element"],
    ['{"a": [1,]}', "invalid character ']' looking for beginning of value"],
    ['{} x', "invalid character 'x' after top-level value"],
    ['{"a": tru}', "invalid character '}' in literal true (expecting 'e')"],
    ["{'a': 1}", "invalid character '\\'' looking for beginning of object key string"],
    ['{"a": "x\ny"}', "invalid character '\\n' in string literal"],
    ['{"a": "\\x"}', "invalid character 'x' in string escape code"],
    ['{"a": "\\u12g4"}', "invalid character 'g' in \\u hexadecimal character escape"],
    ['{"a": -}', "invalid character '}' in numeric literal"],
    ['{"a": 1.}', "invalid character '}' after decimal point in numeric literal"],
    ['{"a": 1e+}', "invalid character '}' in exponent of numeric literal"],
    ['{"a": 01}', "invalid character '1' after object key:value pair"],
    ['{"a": é}', "invalid character 'Ã' looking for beginning of value"],
    ['{"a": [{"b": 1}', 'unexpected end of JSON input'],
    ['{', 'unexpected end of JSON input'],
    ['', 'unexpected end of JSON input'],
  ])('refuses %j', (text, goError) => {
    const result = readJson({ name: 'x.json', text });
    expect(result.goError).toBe(goError);
    expect(result.diagnostics).toHaveLength(1);
    expect(result.value).toBeUndefined();
  });
});
