import { describe, expect, it } from 'vitest';
import { eventually, get, Workspace } from './harness.ts';

describe('a data plane of several processes', () => {
  it('serves a blueprint, comes back in each of its parts, and is one again when the next agent wants it so', async () => {
    await using mesh = new Workspace();
    const url = await mesh.run('v2', '--dataplane-workers', '3');
    const { pids = [] } = (await mesh.status()).agent.dataplane;
    expect(new Set(pids).size).toBe(3);
    expect(await mesh.mesh('status')).toMatchObject({ stdout: expect.stringContaining(`data plane pids ${pids.join(', ')}`) });

    for (const pid of pids) process.kill(pid, 'SIGKILL');
    expect(
      await eventually(
        () => get(url).catch(() => ({ code: 0 })),
        ({ code }) => code === 200,
      ),
    ).toMatchObject({ code: 200 });

    await mesh.mesh('agent', 'stop');
    await mesh.mesh('run', 'v2', '--http-port', '0', '--ports', 'auto');
    const { agent } = await mesh.status();
    expect(agent.dataplane.pids).toBeUndefined();
    expect(mesh.processes().filter((line) => /dataplane(-\d)?\.sock/.test(line) && !line.includes('/bin/sh'))).toHaveLength(1);
    expect(
      await eventually(
        () => get(url).catch(() => ({ code: 0 })),
        ({ code }) => code === 200,
      ),
    ).toMatchObject({ code: 200 });
  });
});
