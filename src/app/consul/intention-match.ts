import { attempt, type Command, Failure } from './command.ts';
import { describeIntention, type Intention } from './intention-model.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';

export const intentionMatch: Command = {
  name: 'intention match',
  synopsis: 'Show the intentions that speak of a service',
  usage: ['SRC|DST'],
  completes: ['service'],
  description: 'Lists the intentions that decide for a service as destination, or as source, in the order in which they decide.',
  examples: ['intention match db', 'intention match -source web'],
  flags: [
    { name: 'source', kind: 'bool', doc: 'The service is the one that calls.' },
    { name: 'destination', kind: 'bool', doc: 'The service is the one that is called; the default.' },
    ...JSON_FLAGS,
  ],
  usageExit: 2,
  run: async ({ io, flags, args, client }) => {
    const [name] = args;
    if (args.length !== 1 || name === undefined) throw new Failure('Error: command requires exactly one argument: src or dst');
    if (flags.bool('source') && flags.bool('destination')) throw new Failure('Error: only one of -source or -destination may be specified');
    const json = wantsJson(flags);
    const api = await client().catch((error: unknown) => {
      throw error instanceof Failure ? new Failure(error.message) : error;
    });
    const query = { by: flags.bool('source') ? 'source' : 'destination', name };
    const asked = api.expectOk('GET', '/v1/connect/intentions/match', { query }).then(JSON.parse);
    const matches = (await attempt('Error matching the connection', asked)) as Readonly<Record<string, readonly Intention[]>>;
    if (json) printJson(io, matches[name] ?? []);
    else for (const intention of matches[name] ?? []) io.out(`${describeIntention(intention)}\n`);
    return 0;
  },
};
