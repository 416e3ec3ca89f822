import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { otherNames } from '../applied.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import { VERSION } from '../version.ts';
import { appliedHome } from './applied.ts';
import { resourceKey } from './resource-key.ts';

/** `mesh taint container.web`: the next run makes it anew, and what depends on it. */
export async function taint(input: Input, io: Io): Promise<number> {
  const key = resourceKey(input.args[0]!);
  const { agentSocket } = await appliedHome(io);
  const { known } = await call(agentSocket, 'taint', { key }, { version: VERSION, detach: io.signal });
  if (!known.includes(key)) {
    throw new MeshError('failed', `there is no resource ${JSON.stringify(key)}`, otherNames(key, known));
  }
  if (input.options['json'] === true) io.out(`${JSON.stringify({ tainted: key })}\n`);
  else io.out(`${key} is tainted: the next \`mesh run\` of its blueprint makes it anew\n`);
  return 0;
}
