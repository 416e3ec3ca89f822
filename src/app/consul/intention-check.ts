import { attempt, type Command, Failure } from './command.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';

export const intentionCheck: Command = {
  name: 'intention check',
  synopsis: 'Check whether a call between two services is allowed',
  usage: ['SRC DST'],
  completes: ['service', 'service'],
  description: 'Says whether SRC may connect to DST. Exit code 0: allowed; 1: denied; 2: could not be checked.',
  examples: ['intention check web db'],
  flags: JSON_FLAGS,
  usageExit: 2,
  run: async ({ io, flags, args, client }) => {
    const [source, destination] = args;
    if (args.length !== 2 || source === undefined || destination === undefined)
      throw new Failure('Error: command requires exactly two arguments: src and dst', 2);
    const json = wantsJson(flags);
    const api = await client();
    const query = { source, destination, 'source-type': 'consul' };
    const asked = api.expectOk('GET', '/v1/connect/intentions/check', { query }).then(JSON.parse);
    const { Allowed } = (await attempt('Error checking the connection', asked, 2)) as { readonly Allowed: boolean };
    if (json) printJson(io, { Allowed });
    else io.out(Allowed ? 'Allowed\n' : 'Denied\n');
    return Allowed ? 0 : 1;
  },
};
