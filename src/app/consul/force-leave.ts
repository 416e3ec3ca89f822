import { afterWrite, attempt, type Command, UsageFailure } from './command.ts';
import { goPath } from './path.ts';

export const forceLeave: Command = {
  name: 'force-leave',
  synopsis: 'Count a member as gone',
  usage: ['name'],
  completes: ['node'],
  description: 'Counts a failed member of the cluster as one that has left. One that is alive joins again.',
  examples: ['force-leave dev2', 'force-leave -prune dev2'],
  flags: [{ name: 'prune', kind: 'bool', doc: 'Forget it at once.' }],
  run: async ({ io, flags, args, client }) => {
    const [name] = args;
    if (name === undefined || args.length !== 1) throw new UsageFailure('A single node name must be specified to force leave.');
    const api = await client();
    const query = { prune: flags.bool('prune') ? '1' : undefined };
    await attempt('Error force leaving', api.expectOk('PUT', `/v1/agent/force-leave/${goPath(name)}`, { query }));
    await afterWrite(io, api);
    return 0;
  },
};
