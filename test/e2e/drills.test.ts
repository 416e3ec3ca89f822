import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { agentKilled, type Drilled, dataplaneKilled, everythingEdited, instanceKilled } from './drill/drills.ts';
import { writeShop } from './drill/shop.ts';
import { Workspace } from './harness.ts';

/** One mesh for all of them: each leaves it as it was. `npm run drill` does the same for longer, and prints how long things took. */
let workspace: Workspace;
let mesh: Drilled;

beforeAll(async () => {
  workspace = new Workspace();
  writeShop(join(workspace.cwd, 'shop'));
  await workspace.run('./shop');
  mesh = {
    status: () => workspace.status(),
    agentPid: () => workspace.agentPid(),
    async type(...args) {
      const outcome = await workspace.mesh(...args);
      expect(outcome, outcome.stderr).toMatchObject({ code: 0 });
    },
  };
});
afterAll(() => workspace[Symbol.asyncDispose]());

describe.sequential('nobody who calls sees an error', { timeout: 60_000 }, () => {
  it('when one of three instances is killed', async () => {
    expect((await instanceKilled(mesh)).failures).toEqual([]);
  });

  it('when routes and intentions are edited, and the root is rotated', async () => {
    expect(await everythingEdited(mesh)).toMatchObject({ failures: [], roots: 2 });
  });

  it('when the agent is killed, nor when another one takes over', async () => {
    const before = (await mesh.status()).agent;
    expect((await agentKilled(mesh, 0)).failures).toEqual([]);
    const { agent } = await mesh.status();
    expect(agent.pid).not.toBe(before.pid);
    expect(agent.dataplane).toMatchObject({ pid: before.dataplane.pid, connected: true });
  });

  it('for longer than it takes to start, when the data plane is killed', async () => {
    const { before, after, answered } = await dataplaneKilled(mesh);
    expect(answered).toBeGreaterThan(200);
    expect(after).not.toBe(before);
  });
});
