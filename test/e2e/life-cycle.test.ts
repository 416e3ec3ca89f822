import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

const phases = async (mesh: Workspace): Promise<string[]> =>
  (await mesh.status()).workloads.map(({ name, phase }) => `${name}: ${phase}`).toSorted();

describe.sequential('a mesh', () => {
  let mesh: Workspace;
  let url: string;
  beforeAll(async () => {
    mesh = new Workspace();
    url = await mesh.run('v2');
  });
  afterAll(() => mesh[Symbol.asyncDispose]());

  it('paused and resumed, ends the processes and nothing else, through a restart of the agent, and starts them again', async () => {
    const catalog = await mesh.shell('curl -s "$CONSUL_HTTP_ADDR/v1/catalog/services"');
    expect(await mesh.mesh('pause', 'v2')).toMatchObject({ code: 0, stdout: 'v2 is paused; `mesh resume` starts it again\n' });
    expect(await phases(mesh)).toEqual(['payments: paused', 'web-0: paused']);
    expect(mesh.processes().filter((line) => line.includes('fake-service'))).toEqual([]);
    expect((await mesh.shell('curl -s "$CONSUL_HTTP_ADDR/v1/health/service/payments?passing"')).stdout).toBe('[]');

    expect(await mesh.mesh('agent', 'restart')).toMatchObject({ code: 0 });
    expect(await phases(mesh)).toEqual(['payments: paused', 'web-0: paused']);
    expect((await mesh.status()).blueprints).toEqual([expect.objectContaining({ name: 'v2', paused: true })]);
    expect(await mesh.mesh('pause')).toMatchObject({ code: 0, stdout: 'v2 is paused already: nothing to do\n' });
    expect(await mesh.mesh('resume', 'v3')).toMatchObject({ code: 1, stderr: expect.stringContaining('v3 is not applied') });

    const resumed = await mesh.mesh('resume');
    expect(resumed, resumed.stderr).toMatchObject({ code: 0, stdout: expect.stringMatching(/^v2 is ready again, after/) });
    expect(await get(url)).toMatchObject({
      name: 'web',
      code: 200,
      upstream_calls: { 'http://127.0.0.1:9091': { name: 'payments', code: 200 } },
    });
    expect((await mesh.shell('curl -s "$CONSUL_HTTP_ADDR/v1/catalog/services"')).stdout).toBe(catalog.stdout);

    await mesh.mesh('pause');
    const run = await mesh.mesh('run', 'v2', '--ports', 'auto', '--json');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(await phases(mesh)).toEqual(['payments: ready', 'web-0: ready']);
  });

  it('tells in its status why a workload was restarted', async () => {
    const { pid } = (await mesh.status()).workloads.find(({ name }) => name === 'payments')!;
    process.kill(pid!, 'SIGKILL');
    const detail = await eventually(
      async () => (await mesh.mesh('status', 'payments')).stdout,
      (text) => text.includes('payments: ready') && text.includes('SIGKILL'),
    );
    expect(detail).toMatch(/restarts +1 \(\d+s ago\): was ended by signal 9 \(SIGKILL\)/);
    expect(detail).toContain('| ');
    expect(await mesh.mesh('status', 'paymets')).toMatchObject({ code: 1, stderr: expect.stringContaining('did you mean "payments"?') });
  });

  it('scaled, adds and removes pods, and leaves those that stay alone', async () => {
    const pidOf = async (name: string) => (await mesh.status()).workloads.find((workload) => workload.name === name)?.pid;
    const first = await pidOf('web-0');
    const scaled = await mesh.mesh('scale', 'web=3');
    expect(scaled, scaled.stderr).toMatchObject({ code: 0, stdout: expect.stringContaining('deployment/web has 3 now, it had 1') });
    expect(await phases(mesh)).toEqual(['payments: ready', 'web-0: ready', 'web-1: ready', 'web-2: ready']);
    expect(await pidOf('web-0')).toBe(first);
    const one = await mesh.mesh('scale', 'deployment/web=1', '--json');
    expect(JSON.parse(one.stdout)).toMatchObject({ blueprints: ['v2'], scaled: [{ from: 3, to: 1 }] });
    expect(await pidOf('web-0')).toBe(first);
    expect(await get(url)).toMatchObject({ name: 'web', code: 200 });
    expect(await mesh.mesh('scale', 'web=0')).toMatchObject({ code: 0 });
    expect(await phases(mesh)).toEqual(['payments: ready']);
    expect(await mesh.mesh('scale', 'payments=2')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('payments is a container, which runs once; only deployments scale'),
    });

    expect(await mesh.mesh('taint', 'container.paymets')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('did you mean "container.payments"?'),
    });
    const payments = await pidOf('payments');
    expect(await mesh.mesh('taint', 'container.payments')).toMatchObject({ code: 0 });
    await mesh.run('v2');
    expect(await phases(mesh)).toEqual(['payments: ready', 'web-0: ready']);
    expect(await pidOf('payments')).not.toBe(payments);
  });
});

describe('a run of which a part fails', () => {
  const container = (name: string, more = ''): string => `container "${name}" {
  image { name = "nicholasjackson/fake-service:v0.24.2" }
  network { name = "network.local" }
  env_var = { NAME = "${name}"${more} }
}
ingress "${name}" {
  target = "container.${name}"
  network { name = "network.local" }
  port {
    local  = 9090
    remote = 9090
    host   = 0
  }
}
`;
  const shop = (mesh: Workspace, more: string) => {
    mkdirSync(join(mesh.cwd, 'shop'), { recursive: true });
    const dependent =
      'container "reports" {\n  image { name = "nicholasjackson/fake-service:v0.24.2" }\n  depends_on = ["exec_local.seed"]\n  network { name = "network.local" }\n}\n';
    const seed = `exec_local "seed" {\n  cmd = "${more}"\n}\n`;
    const network = 'network "local" {\n  subnet = "10.5.0.0/16"\n}\n';
    writeFileSync(join(mesh.cwd, 'shop/main.hcl'), network + container('web') + container('payments') + seed + dependent);
  };

  it('keeps what works, says what is missing and why, and the next run makes only that; destroy takes it away in reverse order', async () => {
    await using mesh = new Workspace();
    shop(mesh, 'false');
    const first = await mesh.mesh('run', './shop', '--http-port', '0', '--ports', 'auto');
    expect(first.code).toBe(5);
    expect(first.stderr).toContain('failed   exec_local.seed');
    expect(first.stderr).toContain('skipped  container.reports  since exec_local.seed is missing');
    expect(first.stderr).toMatch(/error: exec_local\.seed.*\nnot started because of that: container\.reports\nhint: mesh logs seed\n/);

    const { ingresses, workloads } = await mesh.status();
    for (const { url, id } of ingresses) {
      expect(await get(url.replace('localhost', '127.0.0.1'))).toMatchObject({ name: id.replace('ingress.', ''), code: 200 });
    }
    expect(ingresses).toHaveLength(2);
    const pids = workloads.map(({ pid }) => pid);
    const status = (await mesh.mesh('status')).stdout;
    expect(status).toMatch(/exec_local\.seed +failed +.*1/);
    expect(status).toMatch(/container\.reports +failed +not started, since exec_local\.seed is missing/);
    const planned = JSON.parse((await mesh.mesh('plan', './shop', '--json')).stdout) as { changes: { action: string; key: string }[] };
    expect(planned.changes.filter(({ action }) => action !== 'keep').map(({ key }) => key)).toEqual([
      'exec_local.seed',
      'container.reports',
    ]);

    shop(mesh, 'true');
    const second = await mesh.mesh('run', './shop');
    expect(second, second.stderr).toMatchObject({ code: 0 });
    expect([...second.stderr.matchAll(/ready {4}(\S+)/g)].map(([, key]) => key!).toSorted()).toEqual([
      'container.reports',
      'exec_local.seed',
    ]);
    const after = await mesh.status();
    expect(after.workloads.map(({ pid }) => pid)).toEqual(expect.arrayContaining(pids));
    expect(after.resources.filter(({ status: of }) => of !== 'created')).toEqual([]);

    // It goes in reverse order.
    const destroyed = await mesh.mesh('destroy', './shop');
    const order = [...destroyed.stderr.matchAll(/removed {2}(\S+)/g)].map(([, key]) => key!);
    expect(order.toSorted()).toEqual([
      'container.payments',
      'container.reports',
      'container.web',
      'exec_local.seed',
      'ingress.payments',
      'ingress.web',
      'network.local',
    ]);
    const isBefore = (a: string, b: string) => order.indexOf(a) < order.indexOf(b);
    expect(isBefore('ingress.web', 'container.web') && isBefore('ingress.payments', 'container.payments')).toBe(true);
    expect(isBefore('container.reports', 'exec_local.seed')).toBe(true);
    const inNetwork = order.filter((key) => /^(container|ingress)/.test(key));
    expect(inNetwork.filter((key) => !isBefore(key, 'network.local'))).toEqual([]);
  });
});

describe('mesh plan and a configuration file', () => {
  it('say with their exit code whether there is something to do', async () => {
    await using mesh = new Workspace();
    expect(await mesh.mesh('blueprints', 'copy', 'v1')).toMatchObject({ code: 0 });
    writeFileSync(
      join(mesh.cwd, '.mesh.hcl'),
      'defaults {\n  run {\n    ports     = "auto"\n    http_port = 0\n  }\n  plan {\n    ports = "auto"\n  }\n}\n',
    );
    const plan = () => mesh.mesh('plan', 'v1', '--detailed-exitcode');
    expect(await plan()).toMatchObject({ code: 10, stdout: expect.stringMatching(/^Plan for v1: \d+ to create$/m) });
    expect(mesh.processes()).toEqual([]);
    const run = await mesh.mesh('run', 'v1');
    expect(run, run.stderr).toMatchObject({ code: 0 });
    expect(await plan()).toMatchObject({ code: 0, stdout: 'Nothing to do: v1 runs already, as its files say\n' });
    await mesh.shell(`printf 'broken {' > v1/x.hcl`);
    expect(await plan()).toMatchObject({ code: 3 });
  });
});
