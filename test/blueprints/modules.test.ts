// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MeshError } from '../../src/base/errors.ts';
import type { LoadOptions } from '../../src/blueprints/loaded.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

async function graphOf(files: Readonly<Record<string, string>>, more: Partial<LoadOptions> = {}) {
  const { graph, diagnostics } = await load(workspace(files), [], more);
  expect(diagnostics).toEqual([]);
  return new Map(graph!.resources.map((resource) => [resource.key, resource]));
}

async function summaries(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { diagnostics } = await load(workspace(files));
  return diagnostics.map(({ summary }) => summary);
}

const network = (name: string, third: number, more = '') => `network "${name}" {\n subnet = "10.${third}.0.0/16"\n${more}\n}\n`;
const out = (name: string, value: string) => `output "${name}" { value = ${value} }\n`;

describe('a module', () => {
  it('adds its resources to one name space', async () => {
    const graph = await graphOf({
      'main.hcl': `${network('a', 1)}module "m" { source = "./m" }\n`,
      'm/main.hcl': `${network('b', 2)}module "inner" { source = "../n" }\n`,
      'n/main.hcl': `${network('c', 3)}container "web" {\n image { name = "nicholasjackson/fake-service:v0.24.2" }\n network { name = "network.a" }\n}\n`,
    });
    expect([...graph.keys()].toSorted()).toEqual(['container.web', 'network.a', 'network.b', 'network.c']);
    expect(graph.get('container.web')!.dependsOn).toEqual(['network.a']);
    const { definedAt, place } = graph.get('network.c')!;
    expect(definedAt).toBe('n/main.hcl:1');
    expect(place).toMatch(/^\/.+\/n\/main\.hcl:1$/);
  });

  it('reads paths and functions relative to its own files', async () => {
    const graph = await graphOf({
      'main.hcl': 'module "m" { source = "./deep/m" }\n',
      'deep/m/main.hcl': out('text', 'file("./text.txt")') + out('place', 'split("/", file_dir())'),
      'deep/m/text.txt': 'hello',
    });
    expect(graph.get('output.text')!.spec).toEqual({ value: 'hello' });
    expect((graph.get('output.place')!.spec as { value: string[] }).value.slice(-2)).toEqual(['deep', 'm']);
  });

  it('sees the variables of the root, whose values and defaults win over its own', async () => {
    const module = 'variable "region" { default = "of the module" }\nvariable "own" { default = "own" }\n';
    const files = {
      'main.hcl': `variable "region" { default = "of the root" }\nmodule "m" { source = "./m" }\n${out('there', 'var.own')}`,
      'm/main.hcl': module + out('here', '"${var.region}, ${var.own}"'),
      'm/ignored.vars': 'own = "never read"',
    };
    expect((await graphOf(files)).get('output.here')!.spec).toEqual({ value: 'of the root, own' });
    const given = { files: [], assignments: [{ name: 'own', text: 'given' }] };
    const graph = await graphOf(files, { given });
    expect(graph.get('output.here')!.spec).toEqual({ value: 'of the root, given' });
    expect(graph.get('output.there')!.spec).toEqual({ value: 'given' });
  });

  it('may lie where a variable says', async () => {
    const main = 'variable "which" { default = "m" }\nmodule "m" { source = "./${var.which}" }\n';
    expect([...(await graphOf({ 'main.hcl': main, 'm/a.hcl': network('b', 2) })).keys()]).toEqual(['network.b']);
  });

  it('orders all of its resources by its depends_on, and those that depend on it', async () => {
    const graph = await graphOf({
      'main.hcl': `${network('first', 1)}module "m" {\n source = "./m"\n depends_on = ["network.first"]\n}\n${network('last', 9, 'depends_on = ["module.m"]')}`,
      'm/main.hcl': `${network('b', 2)}module "inner" { source = "../n" }\n`,
      'n/main.hcl': network('c', 3),
    });
    expect(graph.get('network.b')!.dependsOn).toEqual(['network.first']);
    expect(graph.get('network.c')!.dependsOn).toEqual(['network.first']);
    expect(graph.get('network.last')!.dependsOn.toSorted()).toEqual(['network.b', 'network.c']);
    expect([...graph.keys()].at(0)).toBe('network.first');
    expect([...graph.keys()].at(-1)).toBe('network.last');
  });

  it('is fetched if its source is an address, with what went wrong at the source', async () => {
    const fetched = workspace({ 'main.hcl': network('b', 2) });
    const files = { 'main.hcl': 'module "m" { source = "github.com/org/repo//m?ref=v1" }\n' };
    const asked: string[] = [];
    const fetch = (address: string) => {
      asked.push(address);
      return Promise.resolve(fetched);
    };
    expect([...(await graphOf(files, { fetch })).keys()]).toEqual(['network.b']);
    expect(asked).toEqual(['github.com/org/repo//m?ref=v1']);
    const { diagnostics } = await load(workspace(files), [], {
      fetch: () => Promise.reject(new MeshError('environment', 'no net', { hint: 'plug it in' })),
    });
    expect(diagnostics).toMatchObject([{ severity: 'error', summary: 'no net', hint: 'plug it in' }]);
  });

  it('ends where a link leads back for ever', async () => {
    const root = workspace({ 'main.hcl': 'module "m" { source = "./a" }\n', 'a/main.hcl': 'module "n" { source = "./a" }\n' });
    symlinkSync('.', `${root}/a/a`);
    const { diagnostics } = await load(root);
    expect(diagnostics.map(({ summary }) => summary)).toEqual(['module.n is defined twice']);
  });
});

describe('disabled', () => {
  const off = 'disabled = true\nsubnet = var.nobody_gives_this';

  it('leaves a resource out without computing it', async () => {
    const graph = await graphOf({ 'main.hcl': `network "off" {\n${off}\n}\n${network('on', 1, 'disabled = "false"')}` });
    expect([...graph.keys()]).toEqual(['network.on']);
  });

  it('leaves a module out with all that is in it, fetches it not, and needs none of its variables', async () => {
    const graph = await graphOf({
      'main.hcl': `variable "all" { default = false }\nmodule "m" {\n source = "./m"\n disabled = !var.all\n}\nmodule "far" {\n source = "github.com/a/b"\n disabled = true\n}\n${out('x', 'var.given')}`,
      'm/main.hcl': `variable "needed" {}\nvariable "given" { default = 1 }\n${network('b', 2)}module "n" { source = "./absent" }\n`,
      'm/absent/main.hcl': network('c', 3),
    });
    expect([...graph.keys()]).toEqual(['output.x']);
  });

  it('takes nothing away from an order: there is nothing to wait for', async () => {
    const graph = await graphOf({
      'main.hcl': `${network('off', 1, 'disabled = true')}module "m" {\n source = "./m"\n disabled = true\n}\n${network('on', 2, 'depends_on = ["network.off", "network.b", "module.m"]')}`,
      'm/main.hcl': network('b', 3),
    });
    expect(graph.get('network.on')!.dependsOn).toEqual([]);
  });

  it('lets two definitions of one name stand, of which one is enabled', async () => {
    const graph = await graphOf({ 'main.hcl': network('a', 1, 'disabled = true') + network('a', 2, 'disabled = false') });
    expect(graph.get('network.a')!.spec).toEqual({ subnet: '10.2.0.0/16' });
  });

  it('is an error where it is referred to, also from elsewhere', async () => {
    const user = 'container "web" {\n image { name = "nicholasjackson/fake-service:v0.24.2" }\n network { name = "network.b" }\n}\n';
    const files = { 'main.hcl': `module "m" {\n source = "./m"\n disabled = true\n}\n${user}`, 'm/main.hcl': network('b', 3) };
    expect(await summaries(files)).toEqual(['network.b is disabled']);
  });
});
