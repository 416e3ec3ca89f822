import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { hasErrors, renderDiagnostic } from '../../../src/base/diagnostic.ts';
import type { ContainerSpec } from '../../../src/blueprints/container/spec.ts';
import type { DesiredGraph } from '../../../src/blueprints/graph.ts';
import { bench } from '../engine-harness.ts';
import { load, runningOf } from '../fixture.ts';
import { workspace } from '../workspace.ts';

const container = (name: string, image: string, more: string): string =>
  `container "${name}" {\n  image {\n    name = "${image}"\n  }\n${more}\n}\n`;
const env = (values: Record<string, string>): string => `  env_var = ${JSON.stringify(values)}`;
const volume = (source: string, destination: string): string =>
  `  volume {\n    source = "${source}"\n    destination = "${destination}"\n  }`;

const AZURE = { CONSUL_SERVER: 'hcs.container.shipyard.run', CONSUL_DATACENTER: 'azure' };
const SERVER =
  'datacenter = "azure"\nserver = true\nconfig_entries {\n  bootstrap {\n    kind = "proxy-defaults"\n    name = "global"\n    config { protocol = "http" }\n  }\n}\n';
const PAYMENTS = 'service {\n  name = "payments"\n  port = 9090\n  connect {\n    sidecar_service {}\n  }\n}\n';

const hcs = (more = ''): string =>
  container(
    'hcs',
    'consul:1.7.2',
    `  command = ["consul", "agent", "-config-file=/config/server.hcl"]\n${volume('./server', '/config')}\n${more}`,
  );
const vm = (more: string): string => container('payments', 'nicholasjackson/fake-service:vm-v0.9.0', more);

async function read(files: Record<string, string>, running: DesiredGraph['resources'] = [], folder = workspace({})): Promise<DesiredGraph> {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const { graph, diagnostics } = await load(folder, [], { running: () => Promise.resolve(runningOf(running)) });
  if (!graph || hasErrors(diagnostics)) throw new Error(diagnostics.map((diagnostic) => renderDiagnostic(diagnostic)).join('\n'));
  return graph;
}

const resourceOf = (graph: DesiredGraph, name: string) => graph.resources.find(({ key }) => key === `container.${name}`)!;
const specOf = (graph: DesiredGraph, name: string) => resourceOf(graph, name).spec as ContainerSpec;

/** What a server is, by the lines of its block and its files. */
async function server(lines: string, files: Record<string, string> = {}, image = 'consul:1.15.4') {
  return specOf(await read({ 'main.hcl': container('hcs', image, lines), ...files }), 'hcs').consul;
}

describe('a Consul server', () => {
  it('is what its files say', async () => {
    const graph = await read({ 'main.hcl': hcs('  port {\n    local = 8500\n    host = 8500\n  }'), 'server/server.hcl': SERVER });
    expect(specOf(graph, 'hcs')).toMatchObject({
      stoodFor: 'agent',
      datacenter: 'azure',
      consul: {
        datacenter: 'azure',
        node: 'hcs',
        httpPort: 8500,
        joins: [],
        beside: [],
        entries: [{ Kind: 'proxy-defaults', Name: 'global', Config: { protocol: 'http' } }],
      },
      hostPorts: [{ host: 8500, target: 8500, api: true }],
    });
  });

  it.each([
    ['the image by itself', '', {}, { datacenter: 'dc1', node: 'hcs' }],
    ['agent, as the image takes it', '  command = ["agent", "-server", "-datacenter", "EU"]', {}, { datacenter: 'eu' }],
    [
      'another entry point',
      '  entrypoint = ["/bin/consul"]\n  command = ["agent", "-dev", "--node=n"]',
      {},
      { datacenter: 'dc1', node: 'n' },
    ],
    [
      'flags over files',
      `  command = ["consul", "agent", "-config-dir=/c", "-datacenter=flag", "-http-port", "9500"]\n${volume('./c', '/c')}`,
      { 'c/a.hcl': 'server = true datacenter = "file" node_name = "n"' },
      { datacenter: 'flag', node: 'n', httpPort: 9500 },
    ],
    [
      'later files over earlier ones',
      `  command = ["consul", "agent", "-config-dir=/c"]\n${volume('./c', '/c')}`,
      { 'c/a.hcl': 'server = true datacenter = "a"', 'c/b.json': '{"datacenter": "b"}', 'c/c.txt': 'no configuration' },
      { datacenter: 'b' },
    ],
    [
      'a text on the command line',
      '  command = ["consul", "agent", "-hcl", "server = true", "-hcl=datacenter = \\"text\\""]',
      {},
      { datacenter: 'text' },
    ],
    [
      'a variable that the image reads',
      `  command = ["agent", "-server"]\n${env({ CONSUL_LOCAL_CONFIG: '{"datacenter": "local"}' })}`,
      {},
      { datacenter: 'local' },
    ],
    [
      'the folder that the image reads',
      `  command = ["agent", "-server"]\n${volume('./c', '/consul/config')}`,
      { 'c/a.hcl': 'datacenter = "folder"' },
      { datacenter: 'folder' },
    ],
    [
      'neither of them, past the image',
      `  command = ["consul", "agent", "-server"]\n${volume('./c', '/consul/config')}\n${env({ CONSUL_LOCAL_CONFIG: '{"datacenter": "local"}' })}`,
      { 'c/a.hcl': 'datacenter = "folder"' },
      { datacenter: 'dc1' },
    ],
  ])('from %s', async (_, lines, files, expected) => {
    expect(await server(lines, files as Record<string, string>)).toMatchObject(expected);
  });

  it.each([
    ['a client', '  command = ["consul", "agent", "-retry-join=x"]'],
    ['one that is no server any more', '  command = ["consul", "agent", "-dev", "-server=false"]'],
  ])('is not %s', async (_, lines) => {
    expect(await server(lines)).toBeUndefined();
  });

  it('has others beside it that it joins, or that join it', async () => {
    const agent = (name: string, join: string) =>
      container(name, 'consul:1.7.1', `  command = ["agent", "-server", "-retry-join=${join}"]`);
    const graph = await read({
      'main.hcl': `${agent('consul_1', 'consul-2.container.shipyard.run')}${agent('consul_2', '127.0.0.1')}${agent('consul_3', 'consul-1.container.shipyard.run:8301')}`,
    });
    const beside = (name: string) => specOf(graph, name).consul?.beside;
    expect([beside('consul_1'), beside('consul_2'), beside('consul_3')]).toEqual([
      [],
      ['container.consul_1'],
      ['container.consul_1', 'container.consul_2'],
    ]);
    expect(resourceOf(graph, 'consul_2').dependsOn).toEqual(['container.consul_1']);
  });
});

describe('a VM', () => {
  const files = {
    'server/server.hcl': SERVER,
    'vm/payments.hcl': PAYMENTS,
    'vm/defaults.hcl': 'kind = "service-defaults"\nname = "payments"\nprotocol = "http"\n',
  };
  const mounts = `${volume('./vm/payments.hcl', '/config/payments.hcl')}\n${volume('./vm/defaults.hcl', '/central/defaults.hcl')}`;
  const joined = vm(`${mounts}\n${env({ ...AZURE, SERVICE_ID: 'payments', CENTRAL_CONFIG: '/central/defaults.hcl' })}`);

  it('is registered where its server is, after it, with what it writes', async () => {
    // Before it in the file: servers are looked for all the same.
    const graph = await read({ ...files, 'main.hcl': `${joined}${hcs()}` });
    expect(resourceOf(graph, 'payments').dependsOn).toContain('container.hcs');
    expect(specOf(graph, 'payments')).toMatchObject({
      datacenter: 'azure',
      services: [{ name: 'payments', port: 9090 }],
      entries: [{ Kind: 'service-defaults', Name: 'payments', Protocol: 'http' }],
    });
  });

  it('finds a server that runs already', async () => {
    const { resources } = await read({ ...files, 'main.hcl': hcs() });
    const graph = await read({ ...files, 'main.hcl': joined }, resources);
    expect(specOf(graph, 'payments').datacenter).toBe('azure');
    expect(resourceOf(graph, 'payments').dependsOn).toEqual(['container.hcs']);
  });

  it.each([
    [
      'its address',
      'network "n" {\n  subnet = "10.5.0.0/16"\n}\n',
      '  network {\n    name = "network.n"\n    ip_address = "10.5.0.200"\n  }',
      { ...AZURE, CONSUL_SERVER: '10.5.0.200' },
    ],
    ['its name with a port', '', '', { ...AZURE, CONSUL_SERVER: 'hcs:8301' }],
    ['its datacenter only', '', '', { CONSUL_DATACENTER: 'Azure' }],
    ['nothing, where there is only one', '', '', {}],
  ])('joins by %s', async (_, before, more, variables) => {
    const graph = await read({
      ...files,
      'main.hcl': `${before}${hcs(more)}${vm(`${mounts}\n${env({ ...variables, SERVICE_ID: 'payments' })}`)}`,
    });
    expect(specOf(graph, 'payments').datacenter).toBe('azure');
  });

  it('without a server belongs to the datacenter of the agent', async () => {
    expect(specOf(await read({ ...files, 'main.hcl': joined }), 'payments').datacenter).toBeUndefined();
  });

  it('that is only an application is registered nowhere', async () => {
    const spec = specOf(await read({ ...files, 'main.hcl': `${hcs()}${vm('')}` }), 'payments');
    expect([spec.datacenter, spec.services]).toEqual([undefined, []]);
  });
});

describe('the life of a Consul server', () => {
  const files = {
    'server/server.hcl': SERVER,
    'vm/payments.hcl': PAYMENTS,
    'vm/defaults.hcl': 'kind = "service-defaults"\nname = "payments"\nprotocol = "http"\n',
    'main.hcl': `${vm(`${volume('./vm/payments.hcl', '/config/payments.hcl')}\n${volume('./vm/defaults.hcl', '/central/defaults.hcl')}\n${env({ ...AZURE, SERVICE_ID: 'payments', CENTRAL_CONFIG: '/central/defaults.hcl' })}`)}${hcs('  port {\n    local = 8500\n    host = 8500\n  }')}`,
  };

  it('begins before those who join it, and ends after them, without a process', async () => {
    const { run, destroy, context } = bench();
    await run(await read(files));
    expect(context.log).toEqual(['open datacenter azure of container.hcs', 'open container.hcs:8500 at 8500', 'start container.payments']);
    expect([...context.exists]).toEqual(
      expect.arrayContaining([
        'datacenter azure',
        'service payments/payments',
        'entry service-defaults/payments',
        'published container.hcs',
      ]),
    );
    await destroy();
    expect([...context.exists].filter((what) => !what.startsWith('entry '))).toEqual([]);
    expect(context.claimedPorts.size).toBe(0);
  });

  it('is taken over by the next agent, which writes nothing again', async () => {
    const first = bench();
    await first.run(await read(files));
    first.context.exists.delete('entry service-defaults/payments');
    const next = bench(first.log.records, { world: first.context });
    first.context.log.length = 0;
    await next.engine.adopt();
    expect(first.context.log).toEqual([
      'open datacenter azure of container.hcs',
      'open container.hcs:8500 at 8500',
      'adopt container.payments',
    ]);
    expect(first.context.exists.has('entry service-defaults/payments')).toBe(false);
  });

  it('is a generation of its own where it takes the place of another one', async () => {
    const { run, context } = bench();
    const before = await read(files);
    await run({ ...before, blueprint: { id: '/v1', name: 'v1' } });
    const after = await read({ ...files, 'server/server.hcl': `${SERVER}node_name = "new"\n` });
    context.log.length = 0;
    await run({ ...after, blueprint: { id: '/v2', name: 'v2' } }, { replacing: ['/v1'] });
    expect(context.log.filter((what) => what.includes('datacenter'))).toEqual(['open datacenter azure of container.hcs~2']);
  });

  it('gets its new entries while everything in it stays', async () => {
    const { run, context, state } = bench();
    const folder = workspace({});
    await run(await read(files, [], folder));
    context.log.length = 0;
    const web = 'config_entries {\n  bootstrap {\n    kind = "service-defaults"\n    name = "web"\n  }\n}\n';
    const changed = { 'server/server.hcl': `datacenter = "azure" server = true log_level = "INFO"\n${web}` };
    await run(await read(changed, [], folder));
    expect(context.log).toEqual([]);
    expect([...context.exists].filter((what) => what.startsWith('entry '))).toEqual([
      'entry service-defaults/payments',
      'entry service-defaults/web',
    ]);
    expect(state()).toContain('container.hcs: created');
  });

  it('is not made anew, nor dropped, while another blueprint is registered there', async () => {
    const { run, destroy, context } = bench();
    const server = { 'main.hcl': hcs(), 'server/server.hcl': SERVER };
    const azure = await read(server);
    const payments = vm(`${volume('./vm/payments.hcl', '/config/payments.hcl')}\n${env({ ...AZURE, SERVICE_ID: 'payments' })}`);
    await run({ ...azure, blueprint: { id: '/azure', name: 'azure' } });
    await run({
      ...(await read({ 'main.hcl': payments, 'vm/payments.hcl': PAYMENTS }, azure.resources)),
      blueprint: { id: '/v2', name: 'v2' },
    });
    context.log.length = 0;
    const needed = {
      message: 'container.hcs is needed by container.payments of blueprint v2; nothing was changed',
      hint: expect.stringContaining('mesh destroy v2'),
    };
    const other = await read({ ...server, 'server/server.hcl': `${SERVER}node_name = "other"\n` });
    await expect(run({ ...other, blueprint: { id: '/azure', name: 'azure' } })).rejects.toMatchObject(needed);
    const none = await read({ 'main.hcl': 'network "n" {\n  subnet = "10.5.0.0/16"\n}\n' });
    await expect(run({ ...none, blueprint: { id: '/azure', name: 'azure' } })).rejects.toMatchObject(needed);
    await expect(destroy(['/azure'])).rejects.toMatchObject(needed);
    expect(context.log).toEqual([]);
    await destroy(['/v2']);
    await run({ ...other, blueprint: { id: '/azure', name: 'azure' } });
    expect(context.log.at(-1)).toBe('open datacenter azure of container.hcs');
  });

  it('has the port of the agent’s own API, or one that nobody else has', async () => {
    const graph = await read(files);
    const own = bench();
    own.context.holders.set(8500, 'pid 1 (mesh)');
    await expect(own.run(graph)).rejects.toMatchObject({ message: 'container.hcs needs port 8500 of 127.0.0.1, which pid 1 (mesh) holds' });
    expect(own.context.log).toEqual([]);
    own.context.apiPort = () => 8500;
    await own.run(graph);
    expect(own.context.log).toContain('open container.hcs:8500 at 8500');

    const other = await read({
      'main.hcl': container(
        'two',
        'consul:1.7.2',
        '  command = ["consul", "agent", "-server", "-datacenter=dc2"]\n  port {\n    local = 8500\n    host = 8500\n  }',
      ),
    });
    await expect(own.run({ ...other, blueprint: { id: '/other', name: 'other' } })).rejects.toMatchObject({
      message: 'container.two needs port 8500 of 127.0.0.1, which container.hcs holds',
    });
  });
});
