import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

async function expectNothingRuns(mesh: Workspace): Promise<void> {
  const left = await eventually(
    () => mesh.processes(),
    (processes) => processes.length === 0,
  );
  expect(left).toEqual([]);
}

/** What it survives, one after the other. */
describe.sequential('a mesh that runs', () => {
  let mesh: Workspace;
  let url: string;
  beforeAll(async () => {
    mesh = new Workspace();
    url = await mesh.run('v2');
  });
  afterAll(() => mesh[Symbol.asyncDispose]());

  it('keeps the keys of its CA for the owner alone', async () => {
    const listing = await mesh.shell(
      `find ${mesh.home} -type f -o -type s | xargs grep -lE 'PRIVATE KEY' 2>/dev/null | xargs stat -c '%a %n'`,
    );
    expect(listing.stdout.trim()).not.toBe('');
    for (const line of listing.stdout.trim().split('\n')) expect(line).toMatch(/^600 /);
    const logs = await mesh.shell(`cat ${join(mesh.home, 'logs')}/*.log`);
    expect(logs.stdout).not.toContain('PRIVATE KEY');
    expect(readFileSync(join(mesh.home, 'state/journal.log'), 'utf8')).not.toContain('PRIVATE KEY');
  });

  it('with its agent killed: traffic goes on, status says what to do, and run takes everything over', async () => {
    await mesh.mesh('intention', 'create', '-allow', 'web', 'payments');
    const before = await mesh.status();
    process.kill(mesh.agentPid(), 'SIGKILL');
    expect(await get(url)).toMatchObject({ code: 200 });
    expect(await mesh.mesh('status')).toMatchObject({ code: 6, stderr: expect.stringContaining('mesh destroy') });

    expect(await mesh.mesh('logs', 'payments')).toMatchObject({ code: 0, stdout: expect.stringContaining('Handle inbound request') });

    expect(await mesh.mesh('run', 'v2')).toMatchObject({ code: 0, stderr: expect.stringContaining('Nothing to do') });
    const after = await mesh.status();
    expect(after.agent.http).toBe(before.agent.http);
    const pids = (report: typeof before) => report.workloads.map((workload) => [workload.id, workload.pid, workload.restarts]);
    expect(pids(after)).toEqual(pids(before));
    for (const [i, workload] of after.workloads.entries()) {
      expect(Math.abs(Date.parse(workload.since) - Date.parse(before.workloads[i]!.since))).toBeLessThan(1000);
    }
    expect(after.agent.dataplane.pid).toBe(before.agent.dataplane.pid);
    expect(await mesh.mesh('intention', 'check', 'web', 'payments')).toMatchObject({ code: 0 });
    expect(await mesh.mesh('intention', 'list')).toMatchObject({ stdout: expect.stringContaining('allow') });
    expect(await get(url)).toMatchObject({ code: 200 });
  });

  it('starts a workload again', async () => {
    const payments = (await mesh.status()).workloads.find((workload) => workload.name === 'payments')!;
    process.kill(payments.pid!, 'SIGKILL');
    const again = await eventually(
      async () => (await mesh.status()).workloads.find((workload) => workload.name === 'payments')!,
      (workload) => workload.restarts === 1 && workload.phase === 'ready',
    );
    expect(again).toMatchObject({ restarts: 1, phase: 'ready', lastExit: 137 });
    expect(
      await eventually(
        () => get(url),
        (reply) => reply.code === 200,
      ),
    ).toMatchObject({ code: 200 });
  });

  it('starts its data plane again, with its last good configuration', async () => {
    const { agent } = await mesh.status();
    process.kill(agent.dataplane.pid!, 'SIGKILL');
    const reply = await eventually(
      () => get(url).catch(() => undefined),
      (seen) => seen?.code === 200,
    );
    expect(reply).toMatchObject({ code: 200 });
    expect((await mesh.status()).agent.dataplane.pid).not.toBe(agent.dataplane.pid);
  });

  it('with its agent killed again: destroy removes what it has left', async () => {
    process.kill(mesh.agentPid(), 'SIGKILL');
    expect(await mesh.mesh('destroy', 'v2')).toMatchObject({ code: 0, stdout: 'v2 is gone, and the agent with it\n' });
    await expectNothingRuns(mesh);
  });
});

describe('when the agent is killed in the middle of a run', () => {
  it('the next run goes on', async () => {
    await using mesh = new Workspace();
    const { child, promise } = mesh.start('mesh', ['run', 'v2', '--http-port', '0', '--ports', 'auto'], {
      onStderr: (text) => {
        if (!text.includes('ready    network.local') || killed) return;
        killed = true;
        process.kill(mesh.agentPid(), 'SIGKILL');
      },
    });
    let killed = false;
    const outcome = await promise;
    expect(child.exitCode).toBe(6);
    expect(outcome.stderr).toContain('the agent went away');
    const url = await mesh.run('v2');
    expect(await get(url)).toMatchObject({ code: 200 });
    expect((await mesh.status()).resources.map((resource) => resource.status)).not.toContain('creating');
  });

  it('destroy leaves nothing', async () => {
    await using mesh = new Workspace();
    let killed = false;
    await mesh.exec('mesh', ['run', 'v2', '--http-port', '0', '--ports', 'auto'], {
      onStderr: (text) => {
        if (!text.includes('Started the agent') || killed) return;
        killed = true;
        process.kill(mesh.agentPid(), 'SIGKILL');
      },
    });
    expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
    await expectNothingRuns(mesh);
  });
});

describe('when the agent is frozen', () => {
  it('commands do not wait for ever: exit 6, and what to do; thawed, it goes on', async () => {
    await using mesh = new Workspace();
    const url = await mesh.run('v2');
    const pid = mesh.agentPid();
    process.kill(pid, 'SIGSTOP');
    try {
      const [status, destroy] = await Promise.all([mesh.mesh('status'), mesh.mesh('destroy')]);
      expect(status).toMatchObject({ code: 6, stderr: expect.stringContaining('said nothing') });
      expect(destroy).toMatchObject({ code: 6 });
      expect(await get(url)).toMatchObject({ code: 200 });
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await mesh.mesh('destroy')).toMatchObject({ code: 0 });
  });
});
