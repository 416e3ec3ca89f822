import { afterWrite, attempt, type Command, Failure } from './command.ts';

export const intentionDelete: Command = {
  name: 'intention delete',
  synopsis: 'Delete an intention',
  usage: ['SRC DST', 'ID'],
  description: 'Deletes the intention with exactly these names, or of an id. One that is not there counts as deleted.',
  examples: ['intention delete web db'],
  flags: [],
  run: async ({ io, args, client }) => {
    const [first = '', second] = args;
    const api = await client();
    if (args.length !== 1 && args.length !== 2) throw new Failure('Error: command requires exactly 1 or 2 arguments');
    const deleted =
      second === undefined
        ? api.expectOk('DELETE', `/v1/connect/intentions/${encodeURIComponent(first)}`)
        : api.expectOk('DELETE', '/v1/connect/intentions/exact', { query: { source: first, destination: second } });
    await attempt('Error deleting the intention', deleted);
    io.out('Intention deleted.\n');
    await afterWrite(io, api);
    return 0;
  },
};
