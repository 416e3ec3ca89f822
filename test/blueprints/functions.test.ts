// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { realFiles } from '../../src/app/cli/files.ts';
import { functionTables } from '../../src/blueprints/functions/index.ts';
import type { World } from '../../src/blueprints/functions/world.ts';
import type { LoadOptions } from '../../src/blueprints/loaded.ts';
import { renderHandlebars } from '../../src/blueprints/template/handlebars.ts';
import type { LanguageFunction } from '../../src/hcl/hcl2/index.ts';
import { outcome } from '../hcl/hcl2/expression.ts';
import { load } from './fixture.ts';
import { workspace } from './workspace.ts';

const FILES = {
  'text.txt': 'some ${text}\n',
  'list.hbs': '{{#each items}}{{this}},{{/each}}{{deep.x}} {{quote "q"}} {{trim " t=1 "}}{{missing}}',
  'bad.hbs': 'x\n{{#if y}}',
  'helper.hbs': '{{nope 1}}',
};

async function outputOf(expression: string, more: Partial<LoadOptions> = {}): Promise<unknown> {
  const folder = workspace({ ...FILES, 'main.hcl': `output "x" { value = ${expression} }\n` });
  const { graph, diagnostics } = await load(folder, [], more);
  expect(diagnostics).toEqual([]);
  const { value } = graph!.resources[0]!.spec as { value: unknown };
  return typeof value === 'string' ? value.replace(folder, '<here>') : value;
}

/** A folder with what the examples need; what is said of them in the reference is true there. */
const world: World = {
  file: '/shop/main.hcl',
  cwd: '/shop',
  userHome: '/home/me',
  dataFolder: '/data',
  env: { USER: 'me' },
  render: renderHandlebars,
  files: {
    ...realFiles,
    readNow: (path) => (path === '/shop/hello.txt' ? 'Hello {{name}}!\n' : realFiles.readNow(path)),
    existsNow: (path) => path === '/shop/hello.txt',
    makeFolder: () => {},
  },
};

describe('every function', () => {
  const tables = Object.values(functionTables(world)).map((table) => new Map(Object.entries<LanguageFunction>(table)));
  const functions = new Map(tables.flatMap((table) => [...table]));

  it('stands in one table only', () => expect(tables.reduce((count, table) => count + table.size, 0)).toBe(functions.size));

  it.each(Array.from(functions, ([name, called]) => [name, called] as const))('%s has an example that is true', (name, called) => {
    const [call, value] = called.example;
    expect(call).toContain(`${name}(`);
    expect(outcome(call, { variables: new Map(), functions })).toEqual(value);
    expect(called.doc).toMatch(/^[-`A-Z0-9].*\.$/);
  });

  it('of Shipyard, Jumppad and hclconfig is there', () => {
    const theirs =
      'env home shipyard k8s_config file data k8s_config_docker docker_ip docker_host shipyard_ip cluster_api file_path file_dir len data_with_permissions cluster_port jumppad system exists abs ceil chomp chunklist coalescelist compact concat contains csvdecode dir distinct element flatten floor format formatdate formatlist indent join jsondecode jsonencode keys log lower max merge min parseint pow range regex regexall reverse setintersection setproduct setsubtract setunion signum slice sort split strrev substr template_file timeadd title trim trimprefix trimspace trimsuffix upper values zipmap';
    expect(theirs.split(' ').filter((name) => !functions.has(name))).toEqual([]);
  });
});

it.each<[string, unknown]>([
  ['env("USER")', 'me'],
  ['env("ABSENT")', ''],
  ['file("text.txt")', 'some ${text}\n'],
  ['file("./text.txt")', 'some ${text}\n'],
  ['file_path()', '<here>/main.hcl'],
  ['dir()', '<here>'],
  ['exists("text.txt")', true],
  ['exists("other.txt")', false],
  ['exists(dir())', true],
  ['template_file("list.hbs", { items = ["a", "b<"], deep = { x = 1 } })', 'a,b&lt;,1 "q" t=1'],
  ['"${home()}/.kube/${env("USER")}"', '/home/me/.kube/me'],
])('%s is %j', async (expression, expected) => {
  expect(await outputOf(expression, { env: { USER: 'me' } })).toEqual(expected);
});

it.each([
  ['template_file("absent.hbs", {})', "template_file: can't read absent.hbs"],
  ['template_file("text.txt", [])', 'template_file: the variables must be an object'],
  ['template_file("bad.hbs", {})', expect.stringMatching(/^template_file: bad.hbs: Parse error on line 2/)],
  ['template_file("helper.hbs", {})', 'template_file: helper.hbs: Missing helper: "nope"'],
  ['file("absent")', "file: can't read absent"],
  ['data("../x")', 'data: "../x" is not the name of a folder below /data/data'],
  ['data_with_permissions("x", "rwx")', 'data_with_permissions: "rwx" is not a mode of a folder'],
  ['system("cpu")', 'system: nothing is known by the name "cpu"'],
  ['cluster_api("aks")', 'cluster_api: "aks" is not a reference to a cluster'],
])('%s is refused', async (expression, summary) => {
  const folder = workspace({ ...FILES, 'main.hcl': `output "x" { value = ${expression} }\n` });
  expect((await load(folder)).diagnostics).toMatchObject([{ summary }]);
});

it('data() makes a folder below that of Shipyard, with a mode if one is asked for', async () => {
  const dataFolder = join(workspace({}), 'shipyard');
  expect(await outputOf('data("a/b")', { dataFolder })).toBe(join(dataFolder, 'data/a/b'));
  expect(existsSync(join(dataFolder, 'data/a/b'))).toBe(true);
  expect(await outputOf('data_with_permissions("c", "0777")', { dataFolder })).toBe(join(dataFolder, 'data/c'));
  expect(statSync(join(dataFolder, 'data/c')).mode & 0o777).toBe(0o777);
  expect(await outputOf('data_with_permissions("c", 750)', { dataFolder })).toBe(join(dataFolder, 'data/c'));
  expect(statSync(join(dataFolder, 'data/c')).mode & 0o777).toBe(0o750);
});

it('data() that cannot be made is told at the call', async () => {
  const folder = workspace({ 'main.hcl': 'output "x" { value = data("a") }\n', file: '' });
  const { diagnostics } = await load(folder, [], { dataFolder: join(folder, 'file') });
  expect(diagnostics).toMatchObject([{ severity: 'error', summary: expect.stringContaining(`data: can't make`) }]);
});
