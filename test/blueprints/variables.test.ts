import { describe, expect, it } from 'vitest';
import { renderDiagnostic } from '../../src/base/diagnostic.ts';
import type { GivenValues, LoadOptions } from '../../src/blueprints/loaded.ts';
import { VARIABLE_PREFIXES } from '../../src/blueprints/variable-values.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

const given = (vars: Readonly<Record<string, string>>, files: readonly string[] = []): GivenValues => ({
  files,
  assignments: Object.entries(vars).map(([name, text]) => ({ name, text })),
});

/** The value of `output "x"`. */
async function outputOf(files: Readonly<Record<string, string>>, more: Partial<LoadOptions> = {}): Promise<unknown> {
  const { graph, diagnostics } = await load(workspace(files), [], more);
  expect(diagnostics).toEqual([]);
  return (graph!.resources.find((resource) => resource.key === 'output.x')!.spec as { value: unknown }).value;
}

async function errorsOf(files: Readonly<Record<string, string>>, more: Partial<LoadOptions> = {}): Promise<string[]> {
  const { graph, diagnostics } = await load(workspace(files), [], more);
  expect(graph).toBeUndefined();
  return diagnostics.map((diagnostic) => renderDiagnostic(diagnostic));
}

const region = 'variable "region" { default = "default" }\noutput "x" { value = var.region }\n';

describe('the value of a variable', () => {
  /** From weak to strong; each row has all of those above it as well. */
  const SOURCES = ['default', 'a.vars', 'b.vars', '--vars-file', 'SY_VAR_', 'JUMPPAD_VAR_', 'MESH_VAR_', '--var'];

  it.each(SOURCES.map((source, i) => [source, SOURCES.slice(0, i + 1)] as const))(
    'from %s is stronger than those before',
    async (source, all) => {
      const has = (name: string): boolean => all.includes(name);
      const files: Record<string, string> = { 'main.hcl': region };
      for (const name of ['a.vars', 'b.vars']) if (has(name)) files[name] = `region = "${name}"`;
      const further = workspace({ 'my.vars': 'region = "--vars-file"' });
      const env = Object.fromEntries(VARIABLE_PREFIXES.filter(has).map((prefix) => [`${prefix}region`, prefix]));
      const values = given(has('--var') ? { region: '--var' } : {}, has('--vars-file') ? [`${further}/my.vars`] : []);
      expect(await outputOf(files, { given: values, env })).toBe(source);
    },
  );

  it('is the last of several on the command line, and empty if it is given as empty', async () => {
    const twice = {
      files: [],
      assignments: [
        { name: 'region', text: 'one' },
        { name: 'region', text: 'two' },
      ],
    };
    expect(await outputOf({ 'main.hcl': region }, { given: twice })).toBe('two');
    expect(await outputOf({ 'main.hcl': region }, { env: { SY_VAR_region: '' } })).toBe('');
  });

  it.each<[string, string, unknown]>([
    ['8500', '9500', 9500],
    ['8500', '0x10', 'error'],
    ['false', 'true', true],
    ['false', 'yes', 'error'],
    ['"text"', '12', '12'],
    ['"text"', 'a=b,c', 'a=b,c'],
    ['null', '12', '12'],
    ['[1]', '[8080, "b"]', [8080, 'b']],
    ['[1]', '8080', 'error'],
    ['[1]', '[8080', 'error'],
    ['{ a = 1 }', '{ "a": 2, "b": [true] }', { a: 2, b: [true] }],
    ['{ a = 1 }', '[1]', 'error'],
  ])('with the default %s and the text %s is %j', async (standard, text, expected) => {
    const files = { 'main.hcl': `variable "v" { default = ${standard} }\noutput "x" { value = var.v }\n` };
    for (const more of [{ given: given({ v: text }) }, { env: { SY_VAR_v: text } }]) {
      if (expected === 'error') expect(await errorsOf(files, more)).toHaveLength(1);
      else expect(await outputOf(files, more)).toEqual(expected);
    }
  });

  it('keeps the type that a file gives it, or takes that of the default where nothing is lost', async () => {
    const files = { 'main.hcl': 'variable "v" { default = 1 }\nvariable "w" {}\noutput "x" { value = [var.v, var.w] }\n' };
    expect(await outputOf({ ...files, 'a.vars': 'v = "2"\nw = { a = 3 }' })).toEqual([2, { a: 3 }]);
  });

  it('may be made of others, in any order and with functions and conditions', async () => {
    const text = `
      output "x" { value = "\${var.url}\${var.debug ? "?debug" : ""}" }
      variable "url" { default = "http://\${var.host}:\${var.ports.http}" }
      variable "host" { default = upper("web") }
      variable "debug" { default = true }
      variable "ports" { default = { http = 80, lan-serf = 8301 } }
    `;
    expect(await outputOf({ 'main.hcl': text })).toBe('http://WEB:80?debug');
    expect(await outputOf({ 'main.hcl': text }, { given: given({ host: 'db', debug: 'false' }) })).toBe('http://db:80');
    const dashed = 'variable "p" { default = { lan-serf = 8301 } }\noutput "x" { value = var.p.lan-serf }';
    expect(await outputOf({ 'main.hcl': dashed })).toBe(8301);
  });

  it('is not read from files beside a single file', async () => {
    const folder = workspace({ 'main.hcl': region, 'other.hcl': 'nonsense', 'a.vars': 'region = "a.vars"' });
    const { graph } = await load(`${folder}/main.hcl`);
    expect(graph!.resources[0]!.spec).toMatchObject({ value: 'default' });
  });
});

describe('values that lead nowhere', () => {
  it('are errors on the command line and in files, not in the environment', async () => {
    const files = { 'main.hcl': region };
    expect(await errorsOf(files, { given: given({ regoin: 'eu', zone: 'a' }) })).toEqual([
      'error: --var regoin: there is no such variable\n  hint: did you mean "region"?',
      'error: --var zone: there is no such variable\n  hint: declared: region',
    ]);
    expect(await errorsOf(files, { given: given({}, ['/nowhere/a.vars']) })).toEqual([
      "error: can't read the vars file /nowhere/a.vars\n  hint: its path starts from the current folder",
    ]);
    expect(await outputOf(files, { env: { SY_VAR_zone: 'a' } })).toBe('default');
  });

  it('are told with the place in a list on the command line', async () => {
    const files = { 'main.hcl': 'variable "v" { default = [1] }\noutput "x" { value = var.v }\n' };
    const [error] = await errorsOf(files, { given: given({ v: '[1, 2' }) });
    expect(error).toMatch(/^--var v:1:/);
  });
});

it('a variable whose value is missing is the only thing that is said: what uses it follows from it', async () => {
  const text = 'variable "a" {}\nnetwork "n" { subnet = var.a }\ncontainer "c" { nonsense = 1 }\n';
  const errors = await errorsOf({ 'main.hcl': text });
  expect(errors).toHaveLength(1);
  expect(errors[0]).toContain('variable "a" has no value');
});
