import { describe, expect, it } from 'vitest';
import { LenientDecoder } from '../../src/entries/lenient.ts';
import { consulErrorText } from '../../src/entries/problem.ts';
import { decodeHcl1 } from '../../src/hcl/hcl1/index.ts';
import { fromJson } from '../../src/schema/located.ts';
import { bool, duration, float, int, list, map, object, optional, type Schema, string } from '../../src/schema/schema.ts';

const schema = object({
  Routes: optional(
    list(
      object({
        Match: optional(
          object({ HTTP: optional(object({ PathPrefix: optional(string(), ''), Methods: optional(list(string()), '') }), '') }),
          '',
        ),
      }),
    ),
    '',
  ),
  Subsets: optional(map(object({ OnlyPassing: optional(bool(), '') })), ''),
  ConnectTimeout: optional(duration(), ''),
  Port: optional(int(), ''),
  Weight: optional(float(), ''),
});

function decode(given: string | object) {
  const located = typeof given === 'string' ? decodeHcl1({ name: 'x.hcl', text: given }).value : fromJson(given);
  const decoder = new LenientDecoder();
  const value = decoder.value(located, schema as Schema, '');
  return decoder.problems.length === 0 ? JSON.parse(JSON.stringify(value)) : consulErrorText(decoder.problems);
}

describe('shapes', () => {
  const routes = { Routes: [{ Match: { HTTP: { PathPrefix: '/a' } } }, { Match: { HTTP: { PathPrefix: '/b' } } }] };

  it.each([
    ['a list of objects', 'routes = [ { match { http { path_prefix = "/a" } } }, { match = { http = { path_prefix = "/b" } } } ]'],
    ['repeated blocks', 'routes { match { http { path_prefix = "/a" } } }\nroutes { match { http { path_prefix = "/b" } } }'],
  ])('a list field takes %s', (_, text) => {
    expect(decode(text)).toEqual(routes);
  });

  it('a list field takes one block, a list of words one word', () => {
    expect(decode('routes { match { http { methods = "get" } } }')).toEqual({ Routes: [{ Match: { HTTP: { Methods: ['get'] } } }] });
  });

  it.each([
    ['an object', 'subsets = { v1 = { only_passing = true }, "v2" = { OnlyPassing = "true" } }'],
    ['labelled blocks', 'subsets "v1" { only_passing = true }\nsubsets "v2" { only_passing = 1 }'],
    ['one block', 'subsets { v1 { only_passing = true } v2 { only_passing = "t" } }'],
  ])('a map of objects takes %s', (_, text) => {
    expect(decode(text)).toEqual({ Subsets: { v1: { OnlyPassing: true }, v2: { OnlyPassing: true } } });
  });
});

describe('weak types', () => {
  it.each([
    [{ Port: '8080' }, { Port: 8080 }],
    [{ Port: '0x10' }, { Port: 16 }],
    [{ Port: '' }, { Port: 0 }],
    [{ Port: true }, { Port: 1 }],
    [{ Port: [7] }, { Port: 7 }],
    [{ Weight: '66.67' }, { Weight: 66.67 }],
    [{ ConnectTimeout: '1h30m' }, { ConnectTimeout: 5400e9 }],
    [{ ConnectTimeout: 5e9 }, { ConnectTimeout: 5e9 }],
    [{ Port: null, Routes: null }, {}],
  ])('%j', (given, expected) => {
    expect(decode(given)).toEqual(expected);
  });

  it.each([
    [{ Port: 'x' }, '1 error(s) decoding:\n\n* cannot parse \'Port\' as int: strconv.ParseInt: parsing "x": invalid syntax'],
    [{ Weight: 'x' }, '1 error(s) decoding:\n\n* cannot parse \'Weight\' as float: strconv.ParseFloat: parsing "x": invalid syntax'],
    [
      { Port: { a: 1 } },
      "1 error(s) decoding:\n\n* 'Port' expected type 'int', got unconvertible type 'map[string]interface {}', value: 'map[a:1]'",
    ],
    [{ Subsets: 'v1' }, "1 error(s) decoding:\n\n* 'Subsets' expected a map, got 'string'"],
    [
      { ConnectTimeout: '5 seconds', Port: [1, 2] },
      "2 error(s) decoding:\n\n* 'Port' expected type 'int', got unconvertible type '[]interface {}', value: '[1 2]'\n" +
        '* error decoding \'ConnectTimeout\': time: unknown unit " seconds" in duration "5 seconds"',
    ],
    [
      { Routes: [{ Match: { HTTP: { path_prefx: '/a' } } }] },
      '1 error occurred:\n\t* invalid config key "Routes[0].Match.HTTP.path_prefx"\n\n',
    ],
    [{ Subsets: { v1: { Filtr: '' } } }, '1 error occurred:\n\t* invalid config key "Subsets[v1].Filtr"\n\n'],
  ])('refuses %j', (given, message) => {
    expect(decode(given)).toBe(message);
  });
});
