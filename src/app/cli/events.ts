import type { MeshEvent } from '../../api/event.ts';
import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { openMeshApi } from '../mesh-api.ts';
import { eventLine } from './events-view.ts';
import { countOption, durationOption } from './options.ts';
import { untilStopped } from './until-stopped.ts';

/** `mesh events`: what has happened, and with `--follow` what happens. */
export const events = (input: Input, io: Io): Promise<number> => untilStopped(io, () => list(input, io));

async function list(input: Input, io: Io): Promise<number> {
  const { options } = input;
  const since = options['since'] === undefined ? 0 : Date.now() - durationOption(input, 'since');
  const count = countOption(input, 'count');
  const following = options['follow'] === true;
  const api = await openMeshApi(io);
  const kind = options['kind'] === undefined ? undefined : String(options['kind']);
  const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
  const width = io.terminal.stdoutIsTty ? io.terminal.columns : undefined;
  const print = (line: string): void => {
    const event = JSON.parse(line) as MeshEvent;
    if (event.at >= since) io.out(`${options['json'] === true ? line : eventLine(event, style, width)}\n`);
  };
  // The last of those that there are; the rest is told of as it comes.
  const known: string[] = [];
  for await (const line of await api.lines('/v1/mesh/events', { kind })) known.push(line);
  for (const line of count === undefined ? known : known.slice(-count)) print(line);
  if (!following) return 0;
  const last = known.at(-1);
  const after = last === undefined ? undefined : String((JSON.parse(last) as MeshEvent).id);
  for await (const line of await api.lines('/v1/mesh/events', { kind, after, follow: '' })) print(line);
  throw new MeshError('unreachable', 'the agent has gone');
}
