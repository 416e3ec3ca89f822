import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AgentSettings } from '../../agent-config/settings.ts';
import type { AgentProgram } from '../consul/agent.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';

/**
 * Where an agent keeps what it has: `mesh` inside of its `data_dir`; without one, the home of this user, where other commands
 * find it. A `consul agent -dev` without MESH_HOME has a folder of its own, which goes with it: several run side by side.
 */
export async function chooseHome(settings: AgentSettings, io: Io, program: AgentProgram): Promise<{ home: Home; temporary: boolean }> {
  const at = (root: string): Home => homeOf({ ...io.env, MESH_HOME: root }, io.cwd);
  if (settings.dataDir !== undefined) return { home: at(join(resolve(io.cwd, settings.dataDir), 'mesh')), temporary: false };
  if (program === 'mesh' || io.env['MESH_HOME']) return { home: homeOf(io.env, io.cwd), temporary: false };
  return { home: at(await mkdtemp(join(tmpdir(), 'mesh-dev-'))), temporary: true };
}
