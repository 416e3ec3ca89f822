import { describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

const phases = async (mesh: Workspace): Promise<string[]> =>
  (await mesh.status()).workloads.map(({ name, phase }) => `${name}: ${phase}`).toSorted();

describe('mesh pause and resume', () => {
  it('end the processes and nothing else, through a restart of the agent, and start them again', async () => {
    await using mesh = new Workspace();
    const url = await mesh.run('v2');
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
});

describe('mesh scale', () => {
  it('adds and removes pods, and leaves those that stay alone', async () => {
    await using mesh = new Workspace();
    const url = await mesh.run('v2');
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

describe('mesh status NAME', () => {
  it('tells why a workload was restarted', async () => {
    await using mesh = new Workspace();
    await mesh.run('v1');
    const { pid } = (await mesh.status()).workloads.find(({ name }) => name === 'web')!;
    process.kill(pid!, 'SIGKILL');
    const detail = await eventually(
      async () => (await mesh.mesh('status', 'web')).stdout,
      (text) => text.includes('web: ready') && text.includes('SIGKILL'),
    );
    expect(detail).toMatch(/restarts +1 \(\d+s ago\): was ended by signal 9 \(SIGKILL\)/);
    expect(detail).toContain('| ');
    expect(await mesh.mesh('status', 'wbe')).toMatchObject({ code: 1, stderr: expect.stringContaining('did you mean "web"?') });
  });
});
