import { MeshError } from '../../base/errors.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { agentAnswers, ensureAgent } from './agent-process.ts';
import { hasSavedState } from './saved-state.ts';

/** The home of what is applied, with an agent: one that has gone is replaced. Throws if nothing is applied. */
export async function appliedHome(io: Io): Promise<Home> {
  const home = homeOf(io.env, io.cwd);
  if (await agentAnswers(home)) return home;
  if (!(await hasSavedState(home))) throw new MeshError('failed', 'nothing is applied', { hint: 'mesh run <blueprint>' });
  await ensureAgent(undefined, { ports: 'auto' }, home, io);
  return home;
}
