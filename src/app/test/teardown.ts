import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import type { Failure } from '../../gherkin/result.ts';
import { destroyBlueprints } from '../cli/destroy.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isAbsent } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { failureOf } from './failure.ts';
import type { World } from './world.ts';

/** Takes everything away that a scenario has made, also after it failed or was stopped: processes, listeners, files. */
export async function tearDown(world: World): Promise<Failure | undefined> {
  const { signal } = new AbortController();
  // A first Ctrl-C stops the steps; this has to be done all the same, and only a second one leaves at once.
  const io: Io = { ...world.io, signal, detach: world.io.detach };
  world.takePrinted();
  try {
    await destroyAll(world, io);
    await rm(world.home.root, { recursive: true, force: true, maxRetries: 3 });
    if (!world.home.agentSocket.startsWith(world.home.root)) await rm(dirname(world.home.agentSocket), { recursive: true, force: true });
    return undefined;
  } catch (error) {
    const failure = failureOf(error, world.takePrinted());
    return { ...failure, hint: `MESH_HOME=${world.home.root} mesh purge -y` };
  }
}

async function destroyAll({ home }: World, io: Io): Promise<void> {
  const own = homeOf(io.env, io.cwd);
  await destroyBlueprints(undefined, own, io, () => undefined);
  await call(home.agentSocket, 'shutdown', { dismantle: true }, { version: VERSION, detach: io.detach }).catch((error: unknown) => {
    if (!(error instanceof MeshError) || !isAbsent(error)) throw error;
  });
}
