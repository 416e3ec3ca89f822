import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { bindError } from '../../src/drivers/process/address-book.ts';
import { eventually, type FakeServiceReply, type Outcome, Workspace } from './harness.ts';

/**
 * Types what the README says, line by line, in an empty folder. `setup` and `test` are what CI itself runs in a fresh
 * clone; every other block is run here.
 */
const readme = readFileSync(resolve(import.meta.dirname, '../../README.md'), 'utf8');
const blocks = new Map([...readme.matchAll(/^```sh (\w+)\n([\s\S]*?)^```/gm)].map((match) => [match[1]!, match[2]!.trim().split('\n')]));
const hasCurl = spawnSync('curl', ['--version']).status === 0;

async function typeAll(mesh: Workspace, lines: readonly string[]): Promise<Map<string, Outcome[]>> {
  const outcomes = new Map<string, Outcome[]>();
  for (const line of lines) {
    const outcome = await mesh.shell(line.replace(/^curl /, 'curl -sS '));
    expect(outcome, `${line}\n${outcome.stderr}`).toMatchObject({ code: 0 });
    outcomes.set(line, [...(outcomes.get(line) ?? []), outcome]);
  }
  return outcomes;
}

/** These blocks use the ports that they name, as a reader would. */
async function portsAreFree(): Promise<void> {
  for (const port of [8500, 9090]) {
    const taken = await eventually(
      () => bindError('127.0.0.1', port),
      (error) => error === undefined,
    );
    expect(taken, `port ${port} of 127.0.0.1, which the README uses, is taken on this machine`).toBeUndefined();
  }
}

describe.sequential('README', () => {
  it('has these blocks and no other', () => {
    expect([...blocks.keys()]).toEqual([
      'setup',
      'test',
      'tour',
      'explain',
      'swap',
      'traffic',
      'own',
      'feature',
      'registry',
      'ci',
      'parallel',
    ]);
    expect([...readme.matchAll(/^```(?!sh \w+\n|js code\n|\n)/gm)]).toEqual([]);
  });

  it.skipIf(!hasCurl)('programs of the user work as typed (needs curl)', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = await typeAll(mesh, blocks.get('own')!);
    expect(outcomes.get('curl localhost:18080')![0]!.stdout).toBe('web: paid');
    expect(outcomes.get('mesh plan shop')![0]!.stdout).toContain('Plan for shop: 6 to create');
    expect(mesh.processes()).toEqual([]);
  });

  it('the registry works as typed', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = await typeAll(mesh, blocks.get('registry')!);
    expect(outcomes.get('mesh kv get payments/colour')![0]!.stdout).toBe('blue\n');
    expect(outcomes.get('mesh catalog services -tags')![0]!.stdout).toMatch(/^payments +\S*\n/m);
    expect(outcomes.get('mesh config apply -dry-run v2/consul_service/payments_defaults.hcl')![0]!.stdout).toContain(
      'service-defaults/payments',
    );
    expect(outcomes.get('mesh snapshot save state.tgz')![0]!.stdout).toMatch(/^Saved and verified snapshot to index \d+\n$/);
    expect(mesh.processes()).toEqual([]);
  });

  it.skipIf(!hasCurl)('the tour works as typed (needs curl)', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = await typeAll(mesh, blocks.get('tour')!);
    const [v1, v2, denied] = outcomes.get('curl localhost:9090')!.map((outcome) => JSON.parse(outcome.stdout) as FakeServiceReply);
    expect(v1).toMatchObject({ name: 'web', code: 200, upstream_calls: { 'http://10.5.0.110:9090': { name: 'payments', code: 200 } } });
    expect(v2).toMatchObject({ name: 'web', code: 200, upstream_calls: { 'http://127.0.0.1:9091': { name: 'payments', code: 200 } } });
    expect(denied).toMatchObject({ code: 500, upstream_calls: { 'http://127.0.0.1:9091': { code: 403 } } });
    const written = outcomes.get('mesh config write v2/consul_service/payments_defaults.hcl')![0]!;
    expect(written.stdout).toBe('Config entry written: service-defaults/payments\n');
    expect(written.stderr).toContain('shipped blueprint v2');
    expect(JSON.parse(outcomes.get('mesh config read -kind service-defaults -name payments')![0]!.stdout)).toMatchObject({
      Kind: 'service-defaults',
      Name: 'payments',
      Protocol: 'http',
    });
    expect(outcomes.get('mesh status')![0]!.stdout).toMatch(/^payments +http +/m);
    expect(outcomes.get('mesh logs payments')![0]!.stdout).toContain('Handle inbound request');
    expect(outcomes.get('mesh destroy v2')![0]!.stdout).toBe('v2 is gone, and the agent with it\n');
    expect(mesh.processes()).toEqual([]);
    await portsAreFree();
  });

  it.skipIf(!hasCurl)('the swap works as typed (needs curl)', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = await typeAll(mesh, blocks.get('swap')!);
    const [v2] = outcomes.get('curl localhost:9090')!.map((outcome) => JSON.parse(outcome.stdout) as FakeServiceReply);
    expect(v2).toMatchObject({ name: 'web', code: 200, upstream_calls: { 'http://127.0.0.1:9091': { name: 'payments', code: 200 } } });
    expect(outcomes.get('mesh destroy v2')![0]!.stdout).toBe('v2 is gone, and the agent with it\n');
    expect(mesh.processes()).toEqual([]);
    await portsAreFree();
  });

  it.skipIf(!hasCurl)('the canary works as typed (needs curl)', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = [...(await typeAll(mesh, blocks.get('traffic')!)).values()].map(([outcome]) => outcome!.stdout);
    expect(outcomes[0]).toContain('v5 is ready');
    expect(outcomes[2]).toMatch(/^ +\d+ payments of v2\n +\d+ payments of v4\n$/);
    expect(outcomes[3]).toMatch(/^mesh_route_requests_total\{.*\} [1-9]/m);
    expect(mesh.processes()).toEqual([]);
  });

  it.skipIf(!hasCurl)('what explains the mesh works as typed (needs curl)', async () => {
    await portsAreFree();
    await using mesh = new Workspace();
    const outcomes = await typeAll(mesh, blocks.get('explain')!);
    expect(outcomes.get("mesh explain web payments -H 'X-Group: dev'")![0]!.stdout).toContain(
      'It would pass: it goes to payments, subset v2',
    );
    expect(JSON.parse(outcomes.get('curl -s localhost:9090')![0]!.stdout)).toMatchObject({ code: 500 });
    expect(outcomes.get('mesh why-denied')![0]!.stdout).toContain('intention deny web => payments (precedence 9)');
    expect(outcomes.get('mesh edges')![0]!.stdout).toMatch(/^web +payments +http +mutual 1\.3 +deny /m);
    expect(outcomes.get('mesh ui --print')![0]!.stdout).toMatch(/^http:\/\/127\.0\.0\.1:8500\/ui\/#token=\w+\n$/);
    expect(mesh.processes()).toEqual([]);
  });

  it('a mesh inside a test works as written', async () => {
    await using mesh = new Workspace();
    mkdirSync(join(mesh.cwd, 'node_modules'));
    symlinkSync(resolve(import.meta.dirname, '../..'), join(mesh.cwd, 'node_modules/mesh'));
    const [, code = ''] = /^```js code\n([\s\S]*?)^```/m.exec(readme)!;
    writeFileSync(join(mesh.cwd, 'mesh.mjs'), code);
    expect(await mesh.exec('node', ['mesh.mjs'])).toMatchObject({ code: 0, stdout: 'paid\n403\n' });
  });

  it('the feature files pass as typed', async () => {
    await using mesh = new Workspace();
    const [outcome] = (await typeAll(mesh, blocks.get('feature')!)).values().next().value!;
    expect(outcome!.stdout).toMatch(/\n(\d+) scenarios: \1 passed/);
    expect(readFileSync(resolve(mesh.cwd, 'report.xml'), 'utf8')).toMatch(/failures="0" errors="0" skipped="0"/);
  });

  it('the lines for CI work as typed', async () => {
    await portsAreFree();
    await using mesh = new Workspace({ CI: 'true' });
    await typeAll(mesh, blocks.get('ci')!);
    const result = await mesh.shell('cat run.json');
    expect(JSON.parse(result.stdout)).toMatchObject({
      blueprint: { name: 'v2' },
      status: { ingresses: [{ url: 'http://localhost:9090' }] },
    });
  });

  it('two meshes beside each other work as typed', async () => {
    await using other = new Workspace();
    await other.run('v2');
    await using mesh = new Workspace();
    const script = await mesh.shell(`set -e\n${blocks.get('parallel')!.join('\n')}\ncat status.json`);
    expect(script, script.stderr).toMatchObject({ code: 0 });
    const status = JSON.parse(script.stdout.slice(script.stdout.indexOf('{'))) as {
      agent: { http: string };
      workloads: { phase: string }[];
    };
    expect(status.workloads.map((workload) => workload.phase)).toEqual(['ready', 'ready']);
    expect(status.agent.http).not.toBe((await other.status()).agent.http);
  });
});
