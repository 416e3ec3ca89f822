import type { Input } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import { appliedHome } from './applied.ts';
import { change } from './change.ts';
import { selectionOrAll } from './destroy.ts';
import { durationOption } from './options.ts';

/** `mesh pause`: ends the workloads of a blueprint, or of all; everything else of them stays. */
export async function pause(input: Input, io: Io): Promise<number> {
  const { agentSocket } = await appliedHome(io);
  const selection = await selectionOrAll(input.args[0], io);
  return change(
    input,
    io,
    (options) => call(agentSocket, 'pause', selection, options),
    ({ paused, already }) =>
      sentence(paused, `paused; \`mesh resume\` starts ${paused.length === 1 ? 'it' : 'them'} again`, already, 'paused already'),
  );
}

/** `mesh resume`: starts them again, and returns when they are ready. */
export async function resume(input: Input, io: Io): Promise<number> {
  const timeoutMs = durationOption(input, 'timeout');
  const { agentSocket } = await appliedHome(io);
  const selection = await selectionOrAll(input.args[0], io);
  return change(
    input,
    io,
    (options) => call(agentSocket, 'resume', { selection, timeoutMs }, options),
    ({ resumed, already }, ms) => sentence(resumed, `ready again, after ${(ms / 1000).toFixed(2)} s`, already, 'not paused'),
  );
}

function sentence(changed: readonly string[], what: string, others: readonly string[], why: string): string {
  const is = (names: readonly string[], end: string) => `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} ${end}\n`;
  return changed.length > 0 ? is(changed, what) : is(others, `${why}: nothing to do`);
}
