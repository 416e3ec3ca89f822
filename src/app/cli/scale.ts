import { MeshError } from '../../base/errors.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { Input } from '../../commands/command.ts';
import type { Style } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import type { ScaleResult } from '../rpc/protocol.ts';
import { appliedHome } from './applied.ts';
import { change } from './change.ts';
import { choiceOption, durationOption } from './options.ts';

/** `mesh scale web=3`: another number of pods, and nothing else changed. */
export async function scale(input: Input, io: Io): Promise<number> {
  const counts = Object.fromEntries(input.args.map(countOf));
  const timeoutMs = durationOption(input, 'timeout');
  const ports = choiceOption(input, 'ports', ['fixed', 'auto']);
  const { agentSocket } = await appliedHome(io);
  return change(
    input,
    io,
    (options) => {
      // That there was nothing to do stands in the summary.
      const onEvent = (event: ApplyEvent) => event.type === 'nothing-to-do' || options.onEvent(event);
      return call(agentSocket, 'scale', { counts, timeoutMs, ports }, { ...options, onEvent });
    },
    summary,
  );
}

function countOf(text: string): [string, number] {
  const [, name, count] = /^([^=]+)=(\d{1,6})$/.exec(text) ?? [];
  if (name !== undefined && count !== undefined) return [name, Number(count)];
  throw new MeshError('usage', `${JSON.stringify(text)} is not a number of pods`, { hint: 'write it as: mesh scale web=3' });
}

function summary({ scaled, blueprints }: ScaleResult, ms: number, style: Style): string {
  const lines = scaled.map(({ owner, from, to }) =>
    from === to ? `${owner} has ${to} already` : `${owner} has ${to} now, it had ${from}`,
  );
  const ready = `${style.bold(blueprints.join(', '))} ${blueprints.length === 1 ? 'is' : 'are'} ready, after ${(ms / 1000).toFixed(2)} s`;
  return `${[ready, ...lines.map((line) => `  ${line}`), style.dim('Next: mesh status')].join('\n')}\n`;
}
