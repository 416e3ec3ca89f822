import { MeshError } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import { homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { call } from '../rpc/client.ts';
import { VERSION } from '../version.ts';

/** `mesh metrics web`: what the data plane has counted, as text. */
export async function metrics(input: Input, io: Io): Promise<number> {
  const { agentSocket } = homeOf(io.env, io.cwd);
  const proxy = input.args[0];
  const format = input.options['openmetrics'] === true ? 'openmetrics' : 'prometheus';
  const { text } = await call(
    agentSocket,
    'metrics',
    { format, ...(proxy === undefined ? {} : { proxy }) },
    { version: VERSION, detach: io.signal },
  );
  if (proxy !== undefined && !text.includes('{'))
    throw new MeshError('failed', `there is no sidecar ${JSON.stringify(proxy)}`, { hint: 'mesh status lists them' });
  io.out(text);
  return 0;
}
