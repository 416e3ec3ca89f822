// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { describe, expect, it } from 'vitest';
import { positionOf } from '../../../src/base/source.ts';
import { bodyToLocated } from '../../../src/hcl/hcl2/body.ts';
import { evaluate } from '../../../src/hcl/hcl2/evaluate.ts';
import { PURE_FUNCTIONS } from '../../../src/hcl/hcl2/functions/index.ts';
import { parseHcl2, referencesIn } from '../../../src/hcl/hcl2/index.ts';
import { failure, type HclFunction, type Scope } from '../../../src/hcl/hcl2/scope.ts';
import { fromJson, toJson } from '../../../src/schema/located.ts';

const env: HclFunction = {
  parameters: ['name'],
  call: ([name]) => (name?.type === 'string' && name.value === 'HOME' ? { type: 'string', value: '/root' } : failure('is not set', 0)),
};

const scope: Scope = {
  variables: new Map([
    ['name', fromJson('web')],
    ['count', fromJson(3)],
    ['nothing', fromJson(null)],
    ['ports', fromJson([80, 443])],
    [
      'services',
      fromJson([
        { name: 'web', port: 1 },
        { name: 'api', port: 2 },
      ]),
    ],
    ['resource', fromJson({ container: { web: { ip: '10.0.0.1' } }, 'with-dash': 1 })],
  ]),
  functions: new Map([...PURE_FUNCTIONS, ['env', env]]),
};

function parsed(text: string) {
  const { body, diagnostics } = parseHcl2({ name: 'test.hcl', text: `v = ${text}\n` });
  expect(diagnostics).toEqual([]);
  return body.attributes[0]!.value;
}

describe('evaluate', () => {
  it.each<[string, unknown]>([
    // literals and templates
    ['"a\\tb\\u00e9"', 'a\tbé'],
    ['"${name}-${count}"', 'web-3'],
    ['"${ports}"', [80, 443]],
    ['"$${name} %%{if} $name %"', '${name} %{if} $name %'],
    ['"${"nested ${name}"}"', 'nested web'],
    ['"a ${~ name ~} b"', 'awebb'],
    ['"%{ if count > 2 }many%{ else }few%{ endif }!"', 'many!'],
    ['"%{ for i, p in ports }${i}:${p} %{ endfor }"', '0:80 1:443 '],
    ['<<EOF\n  x ${name}\n\\n $${y}\nEOF', '  x web\n\\n ${y}\n'],
    ['<<-EOF\n    x\n\n      ${name}\n    EOF', 'x\n\n  web\n'],
    // HCL 2 takes no indent away behind a strip marker, which removes the line break that the indent would follow.
    ['<<-EOF\n    %{ for p in ports ~}\n    ${p}\n    %{ endfor ~}\n    EOF', '    80\n    443\n'],
    ['<<-EOF\n    %{ for p in ports }\n    ${p}\n    %{ endfor }\n    EOF', '\n80\n\n443\n\n'],
    ['<<EOF\n${count}\nEOF', '3\n'],
    // numbers are exact
    ['0.1 + 0.2', 0.3],
    ['"${9007199254740993 + 1}"', 9007199254740994],
    ['"n${9007199254740993 + 1}"', 'n9007199254740994'],
    ['"n${1.50}"', 'n1.5'],
    ['"n${0600}"', 'n600'],
    ['7 % 3 - -2 * 3', 7],
    ['1 / 4', 0.25],
    ['"5" + 1', 6],
    // comparison and logic
    ['1 == 1.0', true],
    ['1 == "1"', false],
    ['[1, {a = 2}] == [1, {a = 2}]', true],
    ['nothing == null', true],
    ['2 < 10 && !("a" == "b") || false', true],
    ['"true" && true', true],
    // conditionals unify
    ['count > 5 ? "x" : 1', '1'],
    ['true ? null : 1', null],
    ['false ? unknown : "fine"', 'fine'],
    // collections
    ['[1, "a", null,]', [1, 'a', null]],
    ['{ a = 1, "b c" : 2\n (name) = 3 }', { a: 1, 'b c': 2, web: 3 }],
    ['resource.container.web.ip', '10.0.0.1'],
    ['resource["container"].web["ip"]', '10.0.0.1'],
    ['resource.with-dash', 1],
    ['ports[1]', 443],
    ['ports.0', 80],
    ['services[*].name', ['web', 'api']],
    ['services.*.port', [1, 2]],
    ['nothing[*].x', []],
    ['[for s in services : upper(s.name) if s.port > 1]', ['API']],
    ['{for i, s in services : s.name => i}', { web: 0, api: 1 }],
    ['{for s in services : "all" => s.name...}', { all: ['web', 'api'] }],
    // functions
    ['len("añ😀")', 7],
    ['join("-", split(",", "a,b"))', 'a-b'],
    ['lower("ABC")', 'abc'],
    ['env("HOME")', '/root'],
    ['join(["-", ports]...)', '80-443'],
  ])('%s', (text, expected) => {
    const { value, diagnostics } = evaluate(parsed(text), scope);
    expect(diagnostics.map((d) => d.summary)).toEqual([]);
    expect(toJson(value)).toEqual(expected);
  });

  it.each<[text: string, column: number, summary: string, hint: string | undefined]>([
    ['nam', 5, 'unknown name nam', 'did you mean "name"?'],
    ['resource.contaner.web', 14, 'there is no "contaner" here', 'did you mean "container"?'],
    ['lenn("x")', 5, 'unknown function lenn', 'did you mean "len"?'],
    ['len()', 5, 'len takes 1 argument, not 0', 'write len(value)'],
    ['env("NOPE")', 9, 'env: is not set', undefined],
    ['1 + "x"', 9, `'+' needs a number, not a string`, 'texts are joined inside of quotes, not with +'],
    ['1 / 0', 9, 'division by zero', undefined],
    ['!ports', 6, "'!' needs true or false, not a list", undefined],
    ['"a${ports}"', 9, "a list can't be put into a string", undefined],
    ['ports[2]', 11, 'there is no item 2', undefined],
    ['ports.name', 11, 'a list has no attribute name', 'take one item: [0].name, or all: [*].name'],
    ['name ? 1 : 2', 5, 'a condition must be true or false, not a string', undefined],
    ['true ? ports : name', 5, 'both results of a condition must be of one type, not a list and a string', undefined],
    ['[for x in name : x]', 15, 'for needs a list or an object, not a string', undefined],
    ['{for s in services : "x" => s}', 26, 'two items have the key "x"', 'write ... after the value to collect them in a list'],
    ['nothing.x', 13, 'null has nothing in it', undefined],
  ])('%s is refused', (text, column, summary, hint) => {
    const { value, diagnostics } = evaluate(parsed(text), scope);
    expect(value.type).toBe('null');
    const [only] = diagnostics;
    expect(diagnostics).toHaveLength(1);
    expect([positionOf(only!.subject!.source, only!.subject!.start).column, only!.summary, only!.hint]).toEqual([column, summary, hint]);
  });

  it('reports all problems of an expression at once', () => {
    const { diagnostics } = evaluate(parsed('["${a} ${b}", { x = c }]'), scope);
    expect(diagnostics.map((d) => d.summary)).toEqual(['unknown name a', 'unknown name b', 'unknown name c']);
  });

  it('survives very long chains', () => {
    const sum = Array.from({ length: 20_000 }, () => '1').join(' + ');
    expect(toJson(evaluate(parsed(sum), scope).value)).toBe(20_000);
    expect(referencesIn(parsed(sum.replaceAll('1', 'count')))).toHaveLength(20_000);
  });
});

describe('referencesIn', () => {
  it('finds names wherever they hide, and not those that a for binds', () => {
    const text = '"${a.b} %{if c}x%{endif}" == (-d["e"].f[0][g]) ? [for k, v in h : v.x if k == i] : fn(j[*].l, { (m) = 1, n = null })';
    const paths = referencesIn(parsed(text)).map((reference) => reference.path.join('.'));
    expect(paths).toEqual(['a.b', 'c', 'd.e.f.0', 'g', 'h', 'i', 'j', 'm']);
  });

  it('gives the range of the path', () => {
    const [reference] = referencesIn(parsed('resource.container.web.ip'));
    expect([reference!.range.start, reference!.range.end]).toEqual([4, 29]);
  });
});

describe('bodyToLocated', () => {
  it('keeps order, repeats and labels, and leaves out what fails', () => {
    const text = 'a = 1\nport {\n  local = count\n}\nbad = nope\nport "x" {\n  local = 2\n}\nz = 2\n';
    const { body } = parseHcl2({ name: 'test.hcl', text });
    const { value, diagnostics } = bodyToLocated(body, scope);
    expect(diagnostics.map((d) => d.summary)).toEqual(['unknown name nope']);
    expect(value.entries.map((entry) => [entry.key, entry.block ?? false, toJson(entry.value)])).toEqual([
      ['a', false, 1],
      ['port', true, { local: 3 }],
      ['port', true, { x: { local: 2 } }],
      ['z', false, 2],
    ]);
  });
});
