import { attempt, type Command, UsageFailure } from './command.ts';

export const leave: Command = {
  name: 'leave',
  synopsis: 'End the agent, in order',
  usage: [''],
  description: 'Tells the agent to leave its cluster and to end.',
  examples: ['leave'],
  flags: [],
  run: async ({ io, args, client }) => {
    if (args.length > 0) throw new UsageFailure(`Error found unexpected args: [${args.join(' ')}]`, 'out');
    const api = await client();
    await attempt('Error leaving', api.expectOk('PUT', '/v1/agent/leave'));
    io.out('Graceful leave complete\n');
    return 0;
  },
};
