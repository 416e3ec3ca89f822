import { realpath } from 'node:fs/promises';
import { basename } from 'node:path';
import { MeshError } from '../../base/errors.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import { isRemote, parseRemote } from '../../blueprints/remote-address.ts';
import type { Input } from '../../commands/command.ts';
import { progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import { otherNames } from '../applied.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import type { DestroyResult, Selection } from '../rpc/protocol.ts';
import { VERSION } from '../version.ts';
import { hasAgent } from './applied.ts';
import { locate } from './locate.ts';
import { showEvents } from './run-view.ts';

/** `mesh destroy`: nothing of the blueprint stays. Destroying what does not run is no error. */
export async function destroy(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const quiet = input.options['quiet'] === true;
  const json = input.options['json'] === true;
  const style = await styleOf(io.terminal.colour);
  const progress = progressOf({ animate: io.terminal.animate, quiet, style, err: io.err });
  try {
    const result = await destroyBlueprints(input.args[0], home, io, showEvents(progress, style));
    progress.stop();
    if (json) io.out(`${JSON.stringify(result, undefined, 2)}\n`);
    else if (!quiet) io.out(`${await summary(input.args[0], result, io)}\n`);
    return 0;
  } finally {
    progress.stop();
  }
}

/** Used by `purge` too. `argument` undefined: everything. */
export async function destroyBlueprints(
  argument: string | undefined,
  home: Home,
  io: Io,
  onEvent: (event: ApplyEvent) => void,
): Promise<DestroyResult> {
  const nothing: DestroyResult = { destroyed: [], absent: argument === undefined ? [] : [argument], remaining: [], agentStopping: false };
  const target = await selectionOrAll(argument, io);
  if (!(await hasAgent(home, io))) return nothing;
  return call(home.agentSocket, 'destroy', target, { version: VERSION, cancel: io.signal, detach: io.detach, onEvent });
}

/** Without an argument: everything. */
export const selectionOrAll = async (argument: string | undefined, io: Io): Promise<Selection | 'all'> =>
  argument === undefined ? 'all' : selectionOf(argument, io);

/** By the folder if it can be found, and by name if it was moved or deleted since. */
export async function selectionOf(argument: string, io: Io): Promise<Selection> {
  try {
    const { id, name } = await locate(argument, homeOf(io.env, io.cwd), io, { fetch: false });
    return { ids: [id], names: [name] };
  } catch (error) {
    if (!(error instanceof MeshError)) throw error;
    const path = await realpath(argument).catch(() => argument);
    return { ids: [path], names: [isRemote(argument) ? parseRemote(argument).name : basename(argument)] };
  }
}

/** What a user should know of a name under which nothing runs: it may be mistyped, or its blueprint be gone since an earlier try. */
export async function notRunning(argument: string, consequence: string, running: readonly string[], io: Io): Promise<string> {
  const exists = await locate(argument, homeOf(io.env, io.cwd), io, { fetch: false }).then(
    () => true,
    () => false,
  );
  const { hint } = exists ? {} : otherNames(argument, running);
  return `${argument} is not running: ${consequence}${hint === undefined ? '' : ` (${hint})`}`;
}

async function summary(argument: string | undefined, { destroyed, remaining, agentStopping }: DestroyResult, io: Io): Promise<string> {
  if (destroyed.length === 0)
    return argument === undefined ? 'nothing is running: nothing to do' : notRunning(argument, 'nothing to do', remaining, io);
  const gone = `${destroyed.join(', ')} ${destroyed.length === 1 ? 'is' : 'are'} gone`;
  if (agentStopping) return `${gone}, and the agent with ${destroyed.length === 1 ? 'it' : 'them'}`;
  return remaining.length > 0 ? `${gone}; still running: ${remaining.join(', ')}` : gone;
}
