import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf, removeState } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isAbsent } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { destroyBlueprints } from './destroy.ts';
import { realFiles } from './files.ts';

/** `mesh purge`: everything is destroyed, the agent ends, the home goes. */
export async function purge(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  if (!(await realFiles.exists(home.root))) {
    io.out(`there is no ${home.root}: nothing to do\n`);
    return 0;
  }
  if (input.options['yes'] !== true) await confirm(`Destroy everything that runs and remove ${home.root}?`, io);
  await destroyBlueprints(undefined, home, io, () => undefined);
  await call(home.agentSocket, 'shutdown', { dismantle: true }, { version: VERSION, detach: io.signal }).catch((error: unknown) => {
    if (!isAbsent(error)) throw error;
  });
  removeState(home);
  for (const folder of [home.blueprintsDir, home.shipyardDir]) await rm(folder, { recursive: true, force: true });
  // A deep home keeps its sockets elsewhere.
  if (!home.agentSocket.startsWith(home.root)) await rm(dirname(home.agentSocket), { recursive: true, force: true });
  // MESH_HOME may be a folder that holds other things too: those are not ours to remove.
  const others = await readdir(home.root);
  if (others.length === 0) await rmdir(home.root);
  io.out(others.length === 0 ? `${home.root} is gone\n` : `${home.root} stays, for what is not of mesh: ${others.join(', ')}\n`);
  return 0;
}

async function confirm(question: string, io: Io): Promise<void> {
  const refuse = new MeshError('usage', 'purge needs a yes', { hint: 'mesh purge -y' });
  if (!io.terminal.stderrIsTty || io.env['CI']) throw refuse;
  const { createInterface } = await import('node:readline/promises');
  const prompt = createInterface({ input: io.keyboard(), output: io.screen });
  const reply = await prompt.question(`${question} [y/N] `, { signal: io.signal }).finally(() => prompt.close());
  if (!/^y(es)?$/i.test(reply.trim())) throw refuse;
}
