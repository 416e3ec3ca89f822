import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indented, members, parts } from '../../../src/images/fake-service/json-text.ts';

describe('indented', () => {
  it('agrees with JSON.stringify on any value, however it was spaced', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(undefined, ' ', '\t', '      '), (value, indent) => {
        expect(indented(JSON.stringify(value, undefined, indent))).toBe(JSON.stringify(value, undefined, 2));
      }),
    );
  });

  it('keeps numbers, key order and repeated keys', () => {
    expect(indented('{"b":1.0,"10":1e3,"b":{ },"a":[ ]}')).toBe('{\n  "b": 1.0,\n  "10": 1e3,\n  "b": {},\n  "a": []\n}');
  });
});

describe('parts and members', () => {
  it('take arrays and objects apart', () => {
    expect(parts(' [1, "a,]", [2, 3], {"x": "}"}] ')).toEqual(['1', '"a,]"', '[2, 3]', '{"x": "}"}']);
    expect(parts('[]')).toEqual([]);
    expect(Array.from(members('{"a": 1.0, "b:\\"" : {"c": 2}, "a": 3 }'))).toEqual([
      ['a', '3'],
      ['b:"', '{"c": 2}'],
    ]);
  });

  it('agree with JSON.parse on any object', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (object) => {
        const back = Array.from(members(JSON.stringify(object)), ([key, json]) => [key, JSON.parse(json)]);
        expect(new Map(back as [string, unknown][])).toEqual(new Map(Object.entries(JSON.parse(JSON.stringify(object)))));
      }),
    );
  });
});
