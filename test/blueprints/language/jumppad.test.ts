// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are HCL's templates, not ours
import { describe, expect, it } from 'vitest';
import { type Attached, subnetOf } from '../../../src/blueprints/attachment.ts';
import type { ApplyContext } from '../../../src/blueprints/context.ts';
import type { LoadOptions } from '../../../src/blueprints/loaded.ts';
import { load, runningOf } from '../fixture.ts';
import { workspace } from '../workspace.ts';

async function graphOf(files: Readonly<Record<string, string>>, more: Partial<LoadOptions> = {}) {
  const { graph, diagnostics } = await load(workspace(files), [], more);
  expect(diagnostics).toEqual([]);
  return new Map(graph!.resources.map((resource) => [resource.key, resource]));
}

async function problems(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { diagnostics } = await load(workspace(files));
  return diagnostics.map(({ summary, hint }) => (hint === undefined ? summary : `${summary}; ${hint}`));
}

const outputOf = (graph: Awaited<ReturnType<typeof graphOf>>, name: string): unknown =>
  (graph.get(`output.${name}`)!.spec as { value: unknown }).value;

const IMAGE = 'image { name = "nicholasjackson/fake-service:v0.26.2" }';
const NETWORK = 'resource "network" "local" {\n  subnet = "10.7.0.0/16"\n}\n';

describe("Jumppad's spelling", () => {
  it('names the same resources', async () => {
    const graph = await graphOf({
      'main.hcl': `${NETWORK}resource "container" "web" {\n ${IMAGE}\n network { name = "network.local" }\n}\n`,
    });
    expect([...graph.keys()]).toEqual(['network.local', 'container.web']);
    expect(graph.get('container.web')!.dependsOn).toEqual(['network.local']);
  });

  it('refers to resources as values, by their ids, and as texts', async () => {
    for (const reference of ['resource.network.local', 'resource.network.local.meta.id', '"resource.network.local"', '"network.local"']) {
      const graph = await graphOf({
        'main.hcl': `${NETWORK}resource "container" "web" {\n ${IMAGE}\n network { name = ${reference} }\n}\n`,
      });
      expect(graph.get('container.web')!.dependsOn).toEqual(['network.local']);
      expect(graph.get('container.web')!.spec).toMatchObject({ network: { key: 'network.local' } });
    }
  });

  it('takes both spellings in one file, and depends_on in all forms', async () => {
    const graph = await graphOf({
      'main.hcl': `network "old" {\n  subnet = "10.8.0.0/16"\n}\n${NETWORK}output "x" {\n  value = 1\n  depends_on = ["resource.network.local", resource.network.old]\n}\n`,
    });
    expect(graph.get('output.x')!.dependsOn.toSorted()).toEqual(['network.local', 'network.old']);
  });

  it('puts a container without a network into that of Jumppad', async () => {
    const graph = await graphOf({
      'main.hcl': `resource "container" "web" {\n ${IMAGE}\n}\ncontainer "old" {\n ${IMAGE}\n}\n`,
    });
    const subnet = (key: string) => subnetOf((graph.get(key)!.spec as { network: Attached }).network, {} as ApplyContext);
    expect([subnet('container.web'), subnet('container.old')]).toEqual(['10.0.10.0/24', '10.4.0.0/16']);
  });

  it('needs a type and a name', async () => {
    expect(await problems({ 'main.hcl': 'resource "network" {\n subnet = "10.7.0.0/16"\n}\n' })).toEqual([
      'this resource has no name; write it as: resource "network" "name" { … }',
    ]);
    expect(await problems({ 'main.hcl': 'resource "netwrok" "x" {\n}\n' })).toEqual([
      expect.stringContaining('unknown resource type "netwrok"; did you mean "network"?'),
    ]);
  });
});

describe('values', () => {
  it('of other blocks stand in any expression', async () => {
    const graph = await graphOf({
      'main.hcl': `variable "region" { default = "eu" }
local "tags" { value = [for name in ["a", "b"] : "\${variable.region}-\${name}-\${resource.network.local.meta.name}"] }
${NETWORK}output "tags" { value = local.tags }
output "first" { value = output.tags[0] }
output "subnet" { value = (true ? upper(resource.network.local.subnet) : "") }
output "names" { value = { for name in ["local"] : name => resource.network[name].subnet } }
`,
    });
    expect(outputOf(graph, 'tags')).toEqual(['eu-a-local', 'eu-b-local']);
    expect(outputOf(graph, 'first')).toBe('eu-a-local');
    expect(outputOf(graph, 'subnet')).toBe('10.7.0.0/16');
    expect(outputOf(graph, 'names')).toEqual({ local: '10.7.0.0/16' });
    expect(graph.get('output.first')!.dependsOn).toEqual(['network.local']);
  });

  it('of a block are its attributes with their defaults; what is left out is null', async () => {
    const graph = await graphOf({
      'main.hcl':
        `${NETWORK}resource "container" "web" {\n ${IMAGE}\n network {\n name = resource.network.local\n ip_address = "10.7.0.9"\n }\n}
output "x" { value = [resource.container.web.image.name, resource.container.web.network[0].ip_address, resource.container.web.privileged, length_of] }
local "unused" { value = 1 }
`.replace(', length_of', ''),
    });
    expect(outputOf(graph, 'x')).toEqual(['nicholasjackson/fake-service:v0.26.2', '10.7.0.9', null]);
  });

  it('come from what runs, too', async () => {
    const running = runningOf([{ key: 'network.azure', type: 'network', spec: { subnet: '10.5.0.0/16' } }]);
    const { graph, diagnostics } = await load(workspace({ 'main.hcl': 'output "id" { value = resource.network.azure.meta.id }\n' }), [], {
      running: () => Promise.resolve(running),
    });
    expect(diagnostics).toEqual([]);
    expect(graph!.resources[0]).toMatchObject({ dependsOn: ['network.azure'], spec: { value: 'resource.network.azure' } });
  });

  it('that are not there are told with the nearest name', async () => {
    expect(await problems({ 'main.hcl': `${NETWORK}output "x" { value = resource.network.locl.subnet }\n` })).toEqual([
      'network "locl" is neither defined in this blueprint nor running; did you mean "local"?',
    ]);
    expect(await problems({ 'main.hcl': 'local "region" { value = 1 }\noutput "x" { value = local.regoin }\n' })).toEqual([
      'local "regoin" is not declared; did you mean "region"?',
    ]);
    expect(await problems({ 'main.hcl': `${NETWORK}output "x" { value = resource.netwrok.local }\n` })).toEqual([
      'there is no resource type "netwrok"; did you mean "network"?',
    ]);
    expect(await problems({ 'main.hcl': `${NETWORK}output "x" { value = resource.network.local.subnt }\n` })).toEqual([
      'there is no "subnt" here; did you mean "subnet"?',
    ]);
  });

  it('of something disabled are an error, unless a condition spares them', async () => {
    const off = NETWORK.replace('subnet', 'disabled = true\n  subnet');
    expect(await problems({ 'main.hcl': `${off}output "x" { value = resource.network.local.subnet }\n` })).toEqual([
      expect.stringContaining('network.local is disabled'),
    ]);
    const spared = `variable "on" { default = false }\n${off}output "x" { value = variable.on ? resource.network.local.subnet : "none" }\n`;
    expect(outputOf(await graphOf({ 'main.hcl': spared }), 'x')).toBe('none');
  });

  it('that depend on each other in a circle are told once', async () => {
    expect(
      await problems({ 'main.hcl': 'local "a" { value = local.b }\nlocal "b" { value = local.a }\noutput "x" { value = local.a }\n' }),
    ).toEqual([expect.stringMatching(/^values depend on each other in a circle: local\.a -> local\.b -> local\.a/)]);
  });
});

describe("a module in Jumppad's form", () => {
  const files = {
    'main.hcl': `${NETWORK}module "consul" {
  source = "./consul"
  variables = {
    network = resource.network.local.meta.id
    size = 2
  }
}
output "name" { value = module.consul.output.name }
output "server" {
  value = 1
  depends_on = ["module.consul"]
}
`,
    'consul/main.hcl': `variable "network" {}
variable "size" { default = 1 }
variable "region" { default = "eu" }
resource "network" "inner" { subnet = "10.9.0.0/16" }
resource "container" "server" {
  ${IMAGE}
  network { name = variable.network }
  network { name = "resource.network.inner" }
}
output "name" { value = "\${resource.container.server.meta.name}-\${variable.size}-\${var.region}" }
`,
  };

  it('has names of its own, gets values, and gives outputs', async () => {
    const graph = await graphOf(files);
    expect([...graph.keys()].toSorted()).toEqual([
      'container.consul.server',
      'network.consul.inner',
      'network.local',
      'output.name',
      'output.server',
    ]);
    expect(graph.get('container.consul.server')!.dependsOn).toEqual(['network.local', 'network.consul.inner']);
    expect(outputOf(graph, 'name')).toBe('server-2-eu');
    expect(graph.get('output.server')!.dependsOn.toSorted()).toEqual(['container.consul.server', 'network.consul.inner']);
    expect(graph.get('container.consul.server')!.spec).toMatchObject({
      workload: {
        id: 'container.consul.server',
        names: ['server.consul.container.shipyard.run', 'server.consul.container.local.jmpd.in', 'server.consul.container.jumppad.dev'],
      },
    });
  });

  it('is used twice without a clash, and inside of another one', async () => {
    const module = (name: string) =>
      `module "${name}" {\n source = "./consul"\n variables = { network = resource.network.local.meta.id }\n}\n`;
    const inner = files['consul/main.hcl'].replace('10.9.0.0', '10.${variable.size}.0.0');
    const graph = await graphOf({
      'main.hcl': NETWORK + module('a').replace('}\n}', ', size = 11 }\n}').replace('meta.id }', 'meta.id, size = 11 }') + module('b'),
      'consul/main.hcl': inner,
    });
    expect(graph.has('container.a.server') && graph.has('container.b.server')).toBe(true);
    const nested = await graphOf({
      'main.hcl': 'module "outer" {\n source = "./outer"\n variables = {}\n}\noutput "x" { value = module.outer.output.name }\n',
      'outer/main.hcl': `${NETWORK}module "consul" {\n source = "../consul"\n variables = { network = resource.network.local.meta.id }\n}\noutput "name" { value = module.consul.output.name }\n`,
      'consul/main.hcl': files['consul/main.hcl'],
    });
    expect(nested.get('container.outer.consul.server')!.dependsOn).toEqual(['network.outer.local', 'network.outer.consul.inner']);
    expect(outputOf(nested, 'x')).toBe('server-1-eu');
  });

  it('sees neither variables nor resources of the outside', async () => {
    expect(
      await problems({
        'main.hcl': `variable "region" { default = "eu" }\n${NETWORK}module "m" {\n source = "./m"\n}\n`,
        'm/main.hcl':
          'output "a" { value = variable.region }\nresource "copy" "b" {\n source = resource.network.local.subnet\n destination = "x"\n}\n',
      }),
    ).toEqual([
      expect.stringContaining('network "local" is neither defined in this blueprint nor running'),
      'variable "region" is not declared',
    ]);
  });

  it('says what is wrong with its variables', async () => {
    const wrong = files['main.hcl'].replace('network = resource', 'netwrok = resource');
    expect(await problems({ ...files, 'main.hcl': wrong })).toEqual([
      'variable "network" of module "consul" has no value; give it one: variables = { network = … }',
      'module "consul" has no variable "netwrok"; did you mean "network"?',
      expect.any(String),
    ]);
    expect(await problems({ 'main.hcl': `${NETWORK}output "x" { value = module.consl.output.a }\n` })).toEqual([
      'module "consl" is not declared here',
    ]);
  });
});
