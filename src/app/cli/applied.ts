import { MeshError } from '../../base/errors.ts';
import type { Applied } from '../applied.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call, isUnreachable } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { agentAnswers, ensureAgent } from './agent-process.ts';
import { hasSavedState, savedApplied } from './saved-state.ts';

/** The home of what is applied, with an agent: one that has gone is replaced. Throws if nothing is applied. */
export async function appliedHome(io: Io): Promise<Home> {
  const home = homeOf(io.env, io.cwd);
  if (await hasAgent(home, io)) return home;
  throw new MeshError('failed', 'nothing is applied', { hint: 'mesh run <blueprint>' });
}

/** Whether what is applied has an agent: one that was killed has left its workloads running, and a new one takes them over. */
export async function hasAgent(home: Home, io: Io): Promise<boolean> {
  if (await agentAnswers(home)) return true;
  if (!(await hasSavedState(home))) return false;
  await ensureAgent(undefined, { ports: 'auto' }, home, io);
  return true;
}

/** What is applied: as the agent says, or as one that is gone has left it for the next. */
export function applied(home: Home): Promise<Applied> {
  return call(home.agentSocket, 'applied', {}, { version: VERSION }).catch((error: unknown) => {
    if (!isUnreachable(error)) throw error;
    return savedApplied(home);
  });
}
