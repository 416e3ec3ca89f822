import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { eventually, Workspace } from './harness.ts';

let shell: Workspace;
beforeEach(() => {
  shell = new Workspace();
});
afterEach(() => shell[Symbol.asyncDispose]());

const file = (name: string, text: string) => writeFileSync(join(shell.cwd, name), text);
const PORTS = ['-http-port', '0', '-dns-port', '-1'];

/** Starts an agent and waits until it says that it runs; the address of its API. */
async function start(command: string, ...args: string[]) {
  const { child, promise } = shell.start(command, args);
  let out = '';
  const ready = await Promise.race([
    new Promise<string>((resolve) => {
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk.toString();
        if (/agent running!|Agent of/.test(out)) resolve(out);
      });
    }),
    promise.then(({ stdout, stderr }) => Promise.reject(new Error(`it ended: ${stdout}${stderr}`))),
  ]);
  const port = /HTTP: (\d+)/.exec(ready)?.[1];
  const api = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).then((response) => response.text());
  return { child, promise, api, ready, said: () => out };
}

describe('consul agent', () => {
  it('-dev looks like Consul, leads at once, and keeps nothing', async () => {
    const first = await start('consul', 'agent', '-dev', '-node', 'laptop', '-node-meta', 'rack:7', ...PORTS);
    expect(first.ready).toMatch(/^==> Starting Consul agent\.\.\.\n {11}Version: '\d/m);
    expect(first.ready).toContain("Node name: 'laptop'");
    expect(JSON.parse(await first.api('/v1/status/leader'))).toMatch(/^127\.0\.0\.1:8300$/);
    const nodes = JSON.parse(await first.api('/v1/catalog/nodes')) as { ID: string }[];
    expect(nodes).toMatchObject([{ Node: 'laptop', Datacenter: 'dc1', Meta: { rack: '7' } }]);
    first.child.kill('SIGTERM');
    expect((await first.promise).code).toBe(1);

    const second = await start('consul', 'agent', '-dev', ...PORTS);
    const again = JSON.parse(await second.api('/v1/catalog/nodes')) as { ID: string }[];
    expect(again).toHaveLength(1);
    expect(again[0]!.ID).not.toBe(nodes[0]!.ID);
    second.child.kill('SIGINT');
    expect((await second.promise).code).toBe(1);
  });

  it('takes its files, keeps what it has in data_dir, and reads them again at SIGHUP', async () => {
    const text = (level: string) => `
      datacenter = "east"
      data_dir   = "data"
      node_id    = "11111111-2222-3333-4444-555555555555"
      log_level  = "${level}"
      leave_on_terminate = true
      log_file = "agent.log"
      pid_file = "agent.pid"
      retry_join = ["10.0.0.1"]
      config_entries { bootstrap { kind = "service-defaults" name = "web" protocol = "http" } }`;
    file('a.hcl', text('warn'));
    const agent = await start('consul', 'agent', '-server', '-config-file', 'a.hcl', ...PORTS);
    expect(JSON.parse(await agent.api('/v1/config/service-defaults/web'))).toMatchObject({ Name: 'web', Protocol: 'http' });
    expect(JSON.parse(await agent.api('/v1/catalog/nodes'))).toMatchObject([
      { ID: '11111111-2222-3333-4444-555555555555', Datacenter: 'east' },
    ]);
    expect(readFileSync(join(shell.cwd, 'agent.pid'), 'utf8')).toBe(String(agent.child.pid));
    expect(existsSync(join(shell.cwd, 'data/mesh/registry'))).toBe(true);
    const log = () => readFileSync(join(shell.cwd, 'agent.log'), 'utf8');

    file('a.hcl', 'nonsense = 1');
    agent.child.kill('SIGHUP');
    await eventually(log, (now) => now.includes('[ERROR]'));
    expect(log()).toMatch(
      /\[ERROR\] agent: the configuration is not reloaded: error="failed to parse a\.hcl: .*invalid config key nonsense/,
    );

    file('a.hcl', text('info'));
    agent.child.kill('SIGHUP');
    expect(await eventually(log, (now) => now.includes('[INFO]'))).toMatch(/\[INFO\] {2}agent: configuration reloaded\n/);
    agent.child.kill('SIGTERM');
    const { code, stderr } = await agent.promise;
    expect(code).toBe(0);
    expect(stderr).toContain('==> retry_join has no effect: one agent is the whole cluster\n');
    expect(existsSync(join(shell.cwd, 'agent.pid'))).toBe(false);
  });

  it('registers what its files define, and replaces it at a reload, asked for or found out', async () => {
    const text = (services: string) => `auto_reload_config = true\nenable_local_script_checks = true\n${services}`;
    file(
      'a.hcl',
      text('service { name = "web" port = 80 check { args = ["true"] interval = "10s" } }\ncheck { id = "node" name = "node" ttl = "1h" }'),
    );
    const agent = await start('consul', 'agent', '-dev', '-config-file', 'a.hcl', ...PORTS);
    const port = /HTTP: (\d+)/.exec(agent.ready)![1]!;
    const consul = (...args: string[]) => shell.exec('consul', [...args, `-http-addr=127.0.0.1:${port}`]);
    const services = async () => Object.keys(JSON.parse(await agent.api('/v1/agent/services')) as object);
    expect(await services()).toEqual(['web']);
    expect(Object.keys(JSON.parse(await agent.api('/v1/agent/checks')) as object).sort()).toEqual(['node', 'service:web']);
    const script = JSON.stringify({ Name: 'x', Check: { Args: ['true'], Interval: '10s' } });
    const remote = await fetch(`http://127.0.0.1:${port}/v1/agent/service/register`, { method: 'PUT', body: script });
    expect([remote.status, await remote.text()]).toEqual([500, expect.stringContaining('Scripts are disabled')]);

    const more = 'http_config { response_headers { X-Site = "lab" } }\ndiscard_check_output = true';
    file('a.hcl', text(`service { name = "api" port = 81 }\n${more}`));
    expect(await consul('reload')).toEqual({ code: 0, stdout: 'Configuration reload triggered\n', stderr: '' });
    expect(await services()).toEqual(['api']);
    const served = await fetch(`http://127.0.0.1:${port}/v1/agent/self`);
    expect([served.headers.get('x-site'), await served.json()]).toMatchObject(['lab', { DebugConfig: { DiscardCheckOutput: true } }]);

    file('a.hcl', text('services = [{ name = "good" port = 83 }, { name = "bad" address = "0.0.0.0" }]'));
    expect((await consul('reload')).stderr).toContain('Invalid service address');
    expect(await services()).toEqual(['api']);
    expect((await fetch(`http://127.0.0.1:${port}/v1/agent/self`)).headers.get('x-site')).toBe('lab');

    file('a.hcl', text('service { name = "api" port = "x" }'));
    const refused = await consul('reload');
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toContain("'service.port' expected type 'int', got unconvertible type 'string'");
    expect(await services()).toEqual(['api']);

    file('a.hcl', text('service { name = "found-out" port = 82 }'));
    expect(await eventually(services, (names) => names.includes('found-out'))).toEqual(['found-out']);
    agent.child.kill('SIGTERM');
    await agent.promise;
  });
});
