import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../../src/base/diagnostic.ts';
import { renderTemplate } from '../../../src/blueprints/template/render.ts';
import type { Value } from '../../../src/blueprints/template/value.ts';

const VARS: { [key: string]: Value } = {
  name: 'web',
  padded: '  web\n',
  port: 8500,
  big: 1500000,
  ratio: 0.00001,
  on: true,
  off: false,
  empty: '',
  nothing: null,
  list: ['a', 'b', 'c'],
  none: [],
  ports: { http: 80, admin: 9090, 'lan-serf': 8301 },
  nested: { list: [1, true, null, { b: 2, a: 'x' }] },
};

const FILES: Readonly<Record<string, string>> = { './ca.pem': 'PEM\n' };

async function rendering(text: string) {
  const asked: string[] = [];
  const file = async (path: string) => {
    asked.push(path);
    return FILES[path];
  };
  return { ...(await renderTemplate({ name: 'x.tpl', text }, { data: { Vars: VARS }, file })), asked };
}

const render = async (text: string): Promise<string> => {
  const { text: rendered, diagnostics } = await rendering(text);
  return rendered ?? diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n');
};

describe('templates render as in Go', () => {
  it.each([
    ['plain {{ text }} and #{x}', 'plain {{ text }} and #{x}'],
    ['#{{ .Vars.name }}', 'web'],
    ['#{{.Vars.name}}-#{{.Vars.port}}', 'web-8500'],
    ['#{{ .Vars.big }} #{{ .Vars.ratio }}', '1500000 1e-05'],
    ['#{{ .Vars.on }} #{{ .Vars.list }} #{{ .Vars.ports }}', 'true [a b c] map[admin:9090 http:80 lan-serf:8301]'],
    ['#{{ .Vars.nested.list }}', '[1 true <nil> map[a:x b:2]]'],
    ['a  #{{- .Vars.name -}}  \n b', 'aweb' + 'b'],
    ['a #{{/* a comment\n }} */}} b', 'a  b'],
    ['a #{{- /* trimmed */ -}} b', 'ab'],
    ['#{{ if .Vars.on }}yes#{{ else }}no#{{ end }}', 'yes'],
    ['#{{ if .Vars.none }}yes#{{ else if eq .Vars.name "web" }}else#{{ else }}no#{{ end }}', 'else'],
    ['#{{ if .Vars.missing }}yes#{{ end }}.', '.'],
    ['#{{ range .Vars.list }}<#{{ . }}>#{{ end }}', '<a><b><c>'],
    ['#{{ range $i, $x := .Vars.list }}#{{ $i }}=#{{ $x }};#{{ end }}', '0=a;1=b;2=c;'],
    ['#{{ range $x := .Vars.list }}#{{ $x }}#{{ $.Vars.name }} #{{ end }}', 'aweb bweb cweb '],
    ['#{{ range $k, $v := .Vars.ports }}#{{ $k }}:#{{ $v }} #{{ end }}', 'admin:9090 http:80 lan-serf:8301 '],
    ['#{{ range .Vars.none }}x#{{ else }}none#{{ end }}', 'none'],
    ['#{{ range .Vars.list }}#{{ if eq . "b" }}#{{ continue }}#{{ end }}#{{ . }}#{{ end }}', 'ac'],
    ['#{{ range .Vars.list }}#{{ if eq . "b" }}#{{ break }}#{{ end }}#{{ . }}#{{ end }}', 'a'],
    ['#{{ with .Vars.ports }}#{{ .http }}#{{ end }}', '80'],
    ['#{{ with .Vars.empty }}x#{{ else with .Vars.name }}#{{ . }}#{{ end }}', 'web'],
    ['#{{ with $p := .Vars.port }}#{{ $p }} #{{ . }}#{{ end }}', '8500 8500'],
    ['#{{ $x := "a" }}#{{ if true }}#{{ $x = "b" }}#{{ end }}#{{ $x }}', 'b'],
    ['#{{ $x := "a" }}#{{ if true }}#{{ $x := "b" }}#{{ end }}#{{ $x }}', 'a'],
    ['#{{ .Vars.padded | trim | quote }}', '"web"'],
    ['#{{ quote .Vars.port }}', '"8500"'],
    ['#{{ len .Vars.list }} #{{ len "é" }} #{{ .Vars.ports | len }}', '3 2 3'],
    ['#{{ index .Vars.list 1 }} #{{ index .Vars.ports "lan-serf" }}', 'b 8301'],
    ['#{{ index .Vars.nested.list 3 "a" }} #{{ (index .Vars.nested.list 3).b }}', 'x 2'],
    ['#{{ slice .Vars.name 1 }} #{{ slice .Vars.list 0 2 }}', 'eb [a b]'],
    ['#{{ if and .Vars.on (not .Vars.off) (or .Vars.empty .Vars.name) }}y#{{ end }}', 'y'],
    ['#{{ and .Vars.nothing .Vars.nothing.x | not }}', 'true'],
    ['#{{ eq .Vars.port 1 2 8500 }} #{{ ne .Vars.name "web" }} #{{ lt 1 2 }} #{{ ge "b" "a" }}', 'true false true true'],
    ['#{{ eq .Vars.missing "" }} #{{ eq .Vars.missing nil }}', 'false true'],
    ['#{{ print "a" 1 2 "b" }}|#{{ println 1 "x" }}', 'a1 2b|1 x\n'],
    ['#{{ printf "%s:%d %05.1f %q %v %t %%" .Vars.name .Vars.port 2.25 "a" .Vars.list true }}', 'web:8500 002.3 "a" [a b c] true %'],
    ['#{{ printf "%-5s|%5s|%x" "a" "b" 255 }}', 'a    |    b|ff'],
    ['#{{ printf "%d %s" "x" }}', '%!d(string=x) %!s(MISSING)'],
    ['#{{ "C:\\\\x <a>" | js }} #{{ html "<&>" }} #{{ urlquery "a b/é" }}', 'C:\\\\x \\u003Ca\\u003E &lt;&amp;&gt; a+b%2F%C3%A9'],
    ['#{{ file "./ca.pem" | trim }}', 'PEM'],
    ["#{{ `raw\\n` }} #{{ 'a' }} #{{ 0x10 }} #{{ 1_000 }} #{{ -1.5 }}", 'raw\\n 97 16 1000 -1.5'],
    ['#{{ range 3 }}#{{ . }}#{{ end }}', '012'],
    ['#{{\n  .Vars.name\n  | quote\n}}', '"web"'],
  ])('%j', async (template, expected) => {
    expect(await render(template)).toBe(expected);
  });

  it('prints what has no value as Go does, and says so', async () => {
    const { text, diagnostics } = await rendering('a: #{{ .Vars.nam }}');
    expect(text).toBe('a: <no value>');
    expect(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic))).toEqual([
      'x.tpl:1:8: warning: .Vars.nam has no value\n  1 | a: #{{ .Vars.nam }}\n    |        ^^^^^^^^^\n  it is printed as <no value>\n  hint: did you mean "name"?',
    ]);
  });

  it('asks for a file only where it is used', async () => {
    expect((await rendering('#{{ if .Vars.off }}#{{ file "./x" }}#{{ end }}')).asked).toEqual([]);
    expect(await rendering('#{{ file "./x" }}')).toEqual({ asked: ['./x'], diagnostics: [] });
  });
});

describe('what is wrong in a template is said with its place', () => {
  it.each([
    ['a\n#{{ .Vars.name', 'x.tpl:2:1: error: this action has no end'],
    ['#{{ if .Vars.on }}x', 'x.tpl:1:1: error: this if has no end'],
    ['#{{ end }}', 'x.tpl:1:1: error: this "end" ends nothing'],
    ['#{{ if .Vars.on }}#{{ else }}#{{ else }}#{{ end }}', 'error: a second "else" for one if'],
    ['#{{ }}', 'x.tpl:1:5: error: a value is missing here'],
    ['#{{ qoute .Vars.name }}', 'hint: did you mean "quote"?'],
    ['#{{ toJson .Vars.name }}', 'hint: known functions: and, or, file, not, eq'],
    ['#{{ .vars.name }}', 'hint: did you mean "Vars"?'],
    ['#{{ .name }}', 'hint: variables are below .Vars: .Vars.name'],
    ['#{{ .Vars.name.first }}', 'x.tpl:1:15: error: a string has no field "first"'],
    ['#{{ .Vars.missing.first }}', 'error: no value has no field "first"'],
    ['#{{ .Vars.lan-serf }}', 'hint: a name with a dash is read with index'],
    ['#{{ $y }}', 'error: undefined variable $y'],
    ['#{{ if true }}#{{ $x := 1 }}#{{ end }}#{{ $x }}', 'error: undefined variable $x'],
    ['#{{ .Vars.name .Vars.port }}', 'error: .Vars.name is not a function'],
    ['#{{ 1 | .Vars.name }}', 'error: .Vars.name is not a function'],
    ['#{{ eq .Vars.on "true" }}', "error: eq: a bool can't be compared with a string"],
    ['#{{ lt .Vars.list 1 }}', "error: lt: a list can't be compared"],
    ['#{{ lt true false }}', 'error: lt: a bool is neither more nor less than another'],
    ['#{{ eq 1 }}', 'error: eq takes at least 2 arguments, found 1'],
    ['#{{ trim 1 2 }}', 'error: trim takes 1 argument, found 2'],
    ['#{{ len 3 }}', 'error: len: a number has no length'],
    ['#{{ index .Vars.list 3 }}', 'error: index: there is no item 3: a list of 3, counted from 0'],
    ['#{{ slice .Vars.name 5 }}', "error: slice: can't cut from 5 to 3: a string of 3"],
    ['#{{ range .Vars.name }}#{{ end }}', 'error: range needs a list or a map, not a string'],
    ['#{{ break }}', 'error: "break" stands outside of a range'],
    ['#{{ define "x" }}#{{ end }}', 'error: "define" is not supported'],
    ['#{{ (.Vars.name }}', 'error: this parenthesis is never closed'],
    ['#{{ "a }}', 'error: this " has no end on its line'],
    ['#{{ "\\y" }}', 'error: \\y is no escape sequence'],
    ['#{{ "\\U00110000" }}', 'error: \\U00110000 is no escape sequence'],
    ['#{{ "\\777" }}', 'error: \\777 is no escape sequence'],
    ['#{{ /* x }}', 'error: this comment has no end'],
    ['#{{ if true }}#{{ end x }}', 'error: unexpected "x"'],
  ])('%j', async (template, expected) => {
    expect(await render(template)).toContain(expected);
  });
});
