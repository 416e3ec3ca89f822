import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import { bodyToLocated, parseHcl2 } from '../../src/hcl/hcl2/index.ts';
import { type DecodeOptions, decode } from '../../src/schema/decode.ts';
import { fromJson, type LocatedMap } from '../../src/schema/located.ts';
import {
  any,
  bool,
  duration,
  float,
  int,
  list,
  map,
  object,
  oneOf,
  optional,
  port,
  refused,
  required,
  type Schema,
  string,
  withDefault,
} from '../../src/schema/schema.ts';

function located(text: string): LocatedMap {
  const { body, diagnostics } = parseHcl2({ name: 'a.hcl', text });
  expect(diagnostics).toEqual([]);
  return bodyToLocated(body, { variables: new Map(), functions: new Map() }).value;
}

/** Decodes one attribute `v` of this schema. */
function one(schema: Schema, text: string): { value: unknown; problems: string[] } {
  const { value, diagnostics } = decode(located(`v = ${text}`), object({ v: optional(schema, 'The value.') }));
  return { value: (value as { v?: unknown }).v, problems: diagnostics.map(({ summary }) => summary) };
}

describe('each kind', () => {
  it.each<[string, Schema, string, unknown]>([
    ['string', string(), '"x"', 'x'],
    ['string of a number, as written', string(), '1.50', '1.50'],
    ['string of a bool', string(), 'true', 'true'],
    ['one of', oneOf('a', 'b'), '"b"', 'b'],
    ['int', int(), '7', 7],
    ['int of text', int(), '"7"', 7],
    ['int of 2.0', int(), '2.0', 2],
    ['port', port(), '65535', 65_535],
    ['float', float(), '1.5', 1.5],
    ['bool', bool(), 'false', false],
    ['bool of text', bool(), '"true"', true],
    ['duration', duration(), '"1m30s"', 90e9],
    ['any', any(), '{ a = [1, "x", null] }', { a: [1, 'x', null] }],
    ['list', list(int()), '[1, "2"]', [1, 2]],
    ['empty list', list(int()), '[]', []],
    ['map', map(string()), '{ a = 1, b = "x" }', { a: '1', b: 'x' }],
    ['object', object({ a: required(int(), 'A.') }), '{ a = 1 }', { a: 1 }],
    ['null: absent', string(), 'null', undefined],
    ['null for a list: empty', list(string()), 'null', []],
  ])('%s', (_what, schema, text, value) => {
    const decoded = one(schema, text);
    expect(decoded.problems).toEqual([]);
    expect(JSON.parse(JSON.stringify(decoded.value ?? null))).toEqual(value ?? null);
  });

  it.each<[Schema, string, string]>([
    [string(), '[]', '"v" must be a string, not a list'],
    [string(), '{}', '"v" must be a string, not an object'],
    [oneOf('tcp', 'http'), '"htp"', '"v" can\'t be "htp"'],
    [int(), '1.5', '"v" must be a whole number, not a number'],
    [int(), '"x"', '"v" must be a whole number, not "x"'],
    [int(), '""', '"v" must be a whole number, not ""'],
    [int(), 'true', '"v" must be a whole number, not a bool'],
    [int(1), '0', '"v" is 0, which is out of range'],
    [port(), '65536', '"v" is 65536, which is out of range'],
    [port(), '-1', '"v" is -1, which is out of range'],
    [float(), '"x"', '"v" must be a number, not "x"'],
    [bool(), '1', '"v" must be true or false, not a number'],
    [bool(), '"yes"', '"v" must be true or false, not "yes"'],
    [duration(), '30', '"v" must be a duration such as "30s", not a number'],
    [duration(), '"30"', '"v" is not a duration: "30"'],
    [list(int()), '1', '"v" must be a list, not a number'],
    [list(int()), '[1, "x"]', '"v[1]" must be a whole number, not "x"'],
    [list(int()), '[null]', '"v[0]" must be a whole number, not null'],
    [map(int()), '[]', '"v" must be an object, not a list'],
    [map(int()), '{ a = "x" }', '"v.a" must be a whole number, not "x"'],
    [object({}), '"x"', '"v" must be a block, not a string'],
    [object({ a: required(int(), 'A.') }), '{}', '"v" needs "a"'],
    [object({ a: required(int(), 'A.') }), '{ a = null }', `"v.a" can't be null`],
    [object({ a: required(int(), 'A.') }), '{ a = "x" }', '"v.a" must be a whole number, not "x"'],
    [object({ abc: optional(int(), 'A.') }), '{ abd = 1 }', 'unknown attribute "abd" in "v"'],
  ])('%j refuses %s: %s', (schema, text, problem) => {
    expect(one(schema, text).problems).toEqual([problem]);
  });
});

const block = object({
  name: required(string(), 'What it is called.'),
  port: optional(list(object({ local: required(port(), 'Its port.') })), 'Ports.'),
  image: optional(object({ tag: withDefault(string(), 'latest', 'Its tag.') }), 'The image.'),
  retries: withDefault(list(int()), [1, 2], 'Pauses.'),
});

const say = (text: string, options: DecodeOptions = { subject: 'service "web"' }) =>
  decode(located(text), block, options).diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));

describe('blocks', () => {
  it('are repeated into a list, and get defaults that are copies', () => {
    const [first, second] = [0, 1].map(
      () => decode(located('name = "a"\nport {\n local = 1\n}\nport {\n local = 2\n}\nimage {}'), block).value,
    );
    expect(first).toEqual({ name: 'a', port: [{ local: 1 }, { local: 2 }], image: { tag: 'latest' }, retries: [1, 2] });
    first!.retries.push(3);
    expect(second!.retries).toEqual([1, 2]);
  });

  it('that are given more than once are refused with the first place', () => {
    expect(say('name = "a"\nimage {}\nimage {}')).toEqual([
      'a.hcl:3:1: error: "image" is given more than once\n  3 | image {}\n    | ^^^^^\n  a.hcl:2:1: first given here\n  2 | image {}\n    | ^^^^^',
    ]);
  });

  it('and an attribute of the same name do not go together', () => {
    expect(say('name = "a"\nport = []\nport {\n  local = 1\n}')[0]).toContain('a.hcl:3:1: error: "port" is given more than once');
  });

  it('report everything at once, each at its place', () => {
    expect(say('port {\n  local = "x"\n}\nimag {}\ncolour = 1').map((text) => text.split('\n')[0])).toEqual([
      'a.hcl:2:11: error: "port[0].local" must be a whole number, not "x"',
      'a.hcl:4:1: error: unknown block "imag" in service "web"',
      'a.hcl:5:1: error: unknown attribute "colour" in service "web"',
      expect.stringMatching(/error: service "web" needs "name"$/),
    ]);
  });

  it('suggest the nearest name, or list all', () => {
    expect(say('name = "a"\nimge {}')[0]).toContain('hint: did you mean "image"?');
    expect(say('name = "a"\nzzzzzz = 1')[0]).toContain('hint: known here: name, port, image, retries');
  });

  it('may have unknown keys where they are only a warning', () => {
    expect(say('name = "a"\nextra = 1', { unknownKeys: 'warning' })[0]).toContain('warning: unknown attribute "extra" in here');
  });

  it('leave out what is mistyped where unknown keys are only a warning: defaults hold, and what is required is an error', () => {
    const mistyped = decode(located('name = "a"\nretris = 9'), block, { unknownKeys: 'warning' });
    expect(mistyped.value).toMatchObject({ name: 'a', retries: [1, 2] });
    expect(mistyped.diagnostics).toMatchObject([{ severity: 'warning', hint: 'did you mean "retries"?' }]);
    const { diagnostics } = decode(located('nmae = "a"'), block, { unknownKeys: 'warning' });
    expect(diagnostics).toMatchObject([{ severity: 'error', summary: 'unknown attribute "nmae" in here', hint: 'did you mean "name"?' }]);
    expect(decode(located('nmae = "a"\nname = "b"'), block, { unknownKeys: 'warning' })).toMatchObject({
      value: { name: 'b' },
      diagnostics: [{ severity: 'warning' }],
    });
  });

  it('say why a field has no place, and that nothing else is missing', () => {
    const schema = object({ image: required(string(), 'An image.'), build: refused('there is no engine') });
    const { diagnostics } = decode(located('build {}'), schema);
    expect(diagnostics).toMatchObject([{ summary: '"build" can\'t be used here', detail: 'there is no engine' }]);
    expect(decode(located('buil {}'), schema).diagnostics[0]).toMatchObject({ hint: 'known here: image' });
  });

  it('that could not be read whole lack nothing', () => {
    expect(say('image {}', { incomplete: true })).toEqual([]);
  });

  it('never take a key for a property of all objects', () => {
    for (const key of ['__proto__', 'constructor', 'toString']) {
      expect(say(`name = "a"\n${key} = 1`)[0]).toContain(`unknown attribute "${key}"`);
      expect(Object.keys(decode(located(`v = { ${key} = "x" }`), object({ v: required(map(string()), 'V.') })).value.v)).toEqual([key]);
    }
  });
});

it('decodes values without places, and points at the header', () => {
  const header = { source: { name: 'a.hcl', text: 'service "web"' }, start: 0, end: 7 };
  const { diagnostics } = decode(fromJson({ port: 'x' }), block, { subject: 'service "web"', header });
  expect(diagnostics.map(({ summary, subject }) => [summary, subject])).toEqual([
    ['"port" must be a block, not a string', header],
    ['service "web" needs "name"', header],
  ]);
});
