import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ContainerSpec } from '../../src/blueprints/resources/container.ts';
import { stored } from '../entries/prepare.ts';
import { bench, container, graphOf, network } from './engine-harness.ts';
import { load } from './fixture.ts';
import { localWorld } from './local-world.ts';
import { workspace } from './workspace.ts';

/**
 * What users of Shipyard and Jumppad ran into, as far as nothing else tests it: one sentence each. What blueprints of all
 * versions are lowered to is in shapes.test.ts.
 */

const IMAGE = 'image {\n    name = "nicholasjackson/fake-service:v0.24.2"\n  }';
const WORKSHOP = join(import.meta.dirname, '../e2e/workshop');

async function summaries(files: Readonly<Record<string, string>>): Promise<string[]> {
  const { diagnostics } = await load(workspace(files));
  return diagnostics.map(({ summary, hint }) => (hint === undefined ? summary : `${summary}; ${hint}`));
}

describe('runs', () => {
  it('take nothing away from what other blueprints have running', async () => {
    const { run, state } = bench();
    await run(graphOf('networks', network()));
    await run(graphOf('v1', container('web')));
    await run(graphOf('v3', container('currency')));
    expect(state()).toEqual(['container.currency: created', 'container.web: created', 'network.local: created']);
  });

  it('do not try again what failed in another blueprint', async () => {
    const { run, state, context } = bench();
    await run(graphOf('networks', network()));
    context.unstartable.set('container.bad', new Error('no such program'));
    await expect(run(graphOf('v1', container('bad')))).rejects.toThrow('no such program');
    context.log.length = 0;
    await run(graphOf('v2', container('web')));
    expect(context.log).not.toContain('start container.bad');
    expect(state()).toEqual(['container.bad: failed', 'container.web: created', 'network.local: created']);
  });

  it('of a resource that was disabled since remove it', async () => {
    const { run, state } = bench();
    const text = (more: string) => `network "local" {\n  subnet = "10.5.0.0/16"\n}\n\ncontainer "web" {\n  ${IMAGE}${more}\n}\n`;
    const graph = async (more: string) => graphOf('v1', ...(await load(workspace({ 'main.hcl': text(more) }))).graph!.resources);
    await run(await graph(''));
    await run(await graph('\n  disabled = true'));
    expect(state()).toEqual(['network.local: created']);
  });
});

describe('a destroy', () => {
  it('of a blueprint that never ran makes nothing, neither now nor with the next run', async () => {
    const { run, destroy, state } = bench();
    await run(graphOf('networks', network()));
    expect(await destroy(['/v1'])).toEqual([]);
    await run(graphOf('v2', container('web')));
    expect(state()).toEqual(['container.web: created', 'network.local: created']);
  });
});

describe('a blueprint', () => {
  it("is not made of the HCL in its sub-folders, which is Consul's", async () => {
    const files = {
      'main.hcl': 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n',
      'consul_service/payments.hcl': 'service {\n  name = "payments"\n}\n',
      'consul_config/entry.hcl': 'Kind = "service-defaults",\nName = "payments"\n',
    };
    expect(await summaries(files)).toEqual([]);
  });

  it('may stand in a folder with spaces and other signs', async () => {
    const folder = workspace({
      "it's my shop/v 1/main.hcl": `container "web" {\n  ${IMAGE}\n  volume {\n    source      = "./the files"\n    destination = "/files"\n  }\n  env_var = {\n    MESSAGE = file("./the files/a b.txt")\n  }\n}\nmodule "more" {\n  source = "./more of it"\n}\n`,
      "it's my shop/v 1/the files/a b.txt": 'hello',
      "it's my shop/v 1/more of it/main.hcl": 'output "here" {\n  value = file_dir()\n}\n',
    });
    const at = join(folder, "it's my shop/v 1");
    const { graph, diagnostics } = await load(at);
    expect(diagnostics).toEqual([]);
    const spec = (key: string) => graph!.resources.find((resource) => resource.key === key)!.spec;
    const { workload } = spec('container.web') as ContainerSpec;
    expect(workload).toMatchObject({ env: { MESSAGE: 'hello' }, mounts: [{ source: { path: join(at, 'the files') } }] });
    expect(spec('output.here')).toEqual({ value: join(at, 'more of it') });
  });

  it('may have parts for which there is no support, as long as they are disabled', async () => {
    const registry = 'variable "registry" {\n  default = false\n}\ncontainer_registry "hub" {\n  disabled = !var.registry\n}\n';
    const build = 'build "web" {\n  disabled = !var.registry\n  registry = "container_registry.hub"\n}\n';
    const after = 'output "x" {\n  value = 1\n  depends_on = ["build.web"]\n}\n';
    expect(await summaries({ 'main.hcl': registry + build + after })).toEqual([]);
    expect(await summaries({ 'main.hcl': registry.replace('!var', 'var').replace('false', 'true') })).toEqual([]);
    expect(await summaries({ 'main.hcl': registry.replace('!var.registry', 'false') })).toEqual([
      'resource type "container_registry" can\'t run here; images are not pulled from registries: leave it out; built-in images need none; or to go on without it, write disabled = true in this block',
    ]);
  });
});

describe('names', () => {
  it('have dashes as hosts where resources have underscores', async () => {
    const { graph } = await load(workspace({ 'main.hcl': `container "consul_dc1" {\n  ${IMAGE}\n}\n` }));
    const { workload } = graph!.resources[0]!.spec as ContainerSpec;
    expect(workload).toMatchObject({ name: 'consul_dc1', names: ['consul-dc1.container.shipyard.run'] });
  });

  it('lead to containers that have no network, too', async () => {
    const world = await localWorld({
      'main.hcl': `container "a" {
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  command = ["sleep", "60"]
}

exec_remote "ask" {
  depends_on = ["container.a"]
  image {
    name = "shipyardrun/tools:v0.6.0"
  }
  cmd  = "echo"
  args = ["http://a.container.shipyard.run:9090"]
}`,
    });
    await world.run(await world.read());
    expect(readFileSync(world.driver.logPath('exec_remote.ask'), 'utf8')).toMatch(/^http:\/\/127\.\d+\.\d+\.\d+:\d+\n$/);
  });
});

describe('ports', () => {
  it("of a Consul agent may have one number for both protocols of its DNS: udp isn't opened, which is no conflict", async () => {
    const both = ['udp', 'tcp'].map(
      (protocol) => `port {\n    local = 8600\n    remote = 8600\n    host = 8600\n    protocol = "${protocol}"\n  }`,
    );
    expect(await summaries({ 'main.hcl': `container "web" {\n  ${IMAGE}\n  ${both.join('\n  ')}\n}\n` })).toEqual([
      'udp ports are not opened',
    ]);
  });

  it('of a range are opened under their own numbers, and none of them is waited for', async () => {
    const range = 'port_range {\n    range = "7000-7002"\n    enable_host = true\n  }\n  port_range {\n    range = "7100-7101"\n  }';
    const { graph } = await load(workspace({ 'main.hcl': `container "web" {\n  ${IMAGE}\n  ${range}\n}\n` }));
    const { workload, hostPorts } = graph!.resources[0]!.spec as ContainerSpec;
    expect(hostPorts.map(({ host, target }) => [host, target])).toEqual([7000, 7001, 7002].map((port) => [port, port]));
    expect(workload.ports.map(({ port }) => port)).toEqual([9090, 7000, 7001, 7002, 7100, 7101]);
    expect(workload.readiness).toMatchObject([{ action: { type: 'tcp', port: 9090 } }]);
  });

  it('of an application that listens only for its own sidecar are those of its container', async () => {
    const env = 'env_var = {\n    LISTEN_ADDR = "127.0.0.1:7000"\n    VAULT_ADDR = "127.0.0.1:8200"\n  }';
    const { graph } = await load(workspace({ 'main.hcl': `container "web" {\n  ${IMAGE}\n  ${env}\n}\n` }));
    expect((graph!.resources[0]!.spec as ContainerSpec).workload.ports).toEqual([{ port: 7000 }]);
  });
});

describe('config entries of 2020', () => {
  const files = readdirSync(WORKSHOP, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(payments_(defaults|resolver|router|splitter\w*)|currency_router)\.hcl$/.test(file),
  );

  it.each(files)('%s: capitals, commas behind attributes, keys in quotes', (file) => {
    const text = readFileSync(join(WORKSHOP, file), 'utf8');
    const kind = /^kind\s*=\s*"([\w-]+)"/im.exec(text)![1];
    expect(JSON.parse(stored(text))).toMatchObject({ Kind: kind, Name: 'payments' });
  });

  it('are all there', () => {
    expect(files).toHaveLength(7);
  });
});
