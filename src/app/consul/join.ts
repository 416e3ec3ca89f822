import { attempt, type Command, Failure, UsageFailure } from './command.ts';
import { goPath } from './path.ts';

export const join: Command = {
  name: 'join',
  synopsis: 'Let the agent join a cluster',
  usage: ['address ...'],
  description: 'Tells the agent to join the cluster of the members at these addresses. It fails only if none of them can be joined.',
  examples: ['join 10.0.0.2:8301', 'join -wan 10.1.0.2:8302'],
  flags: [{ name: 'wan', kind: 'bool', doc: 'Join a server of another datacenter.' }],
  run: async ({ io, flags, args, client }) => {
    if (args.length === 0) throw new UsageFailure('At least one address to join must be specified.');
    const api = await client();
    const query = { wan: flags.bool('wan') ? '1' : undefined };
    let joined = 0;
    for (const address of args) {
      try {
        await attempt(`Error joining address '${address}'`, api.expectOk('PUT', `/v1/agent/join/${goPath(address)}`, { query }));
        joined++;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        io.err(`${error.message}\n`);
      }
    }
    if (joined === 0) throw new Failure('Failed to join any nodes.');
    io.out(`Successfully joined cluster by contacting ${joined} nodes.\n`);
    return 0;
  },
};
