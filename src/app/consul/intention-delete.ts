import { type ApiClient, unexpected } from './client.ts';
import { afterWrite, attempt, type Command, Failure } from './command.ts';
import { isOldConsul } from './compat.ts';
import { findByNames, knowsNoNames } from './intention-get.ts';

export const intentionDelete: Command = {
  name: 'intention delete',
  synopsis: 'Delete an intention',
  usage: ['SRC DST', 'ID'],
  completes: ['service', 'service'],
  description: 'Deletes the intention with exactly these names, or of an id. One that is not there counts as deleted.',
  examples: ['intention delete web db'],
  flags: [],
  run: async ({ io, args, client }) => {
    const [first = '', second] = args;
    const api = await client();
    if (args.length !== 1 && args.length !== 2) throw new Failure('Error: command requires exactly 1 or 2 arguments');
    // Old ones say so when there is none.
    if (second !== undefined && isOldConsul(io)) await attempt('Error reading the intention', findByNames(api, first, second));
    const deleted = second === undefined ? deleteById(api, first) : deleteByNames(api, first, second);
    await attempt<unknown>('Error deleting the intention', deleted);
    io.out('Intention deleted.\n');
    await afterWrite(io, api);
    return 0;
  },
};

const deleteById = (api: ApiClient, id: string): Promise<string> =>
  api.expectOk('DELETE', `/v1/connect/intentions/${encodeURIComponent(id)}`);

async function deleteByNames(api: ApiClient, source: string, destination: string): Promise<void> {
  const response = await api.send('DELETE', '/v1/connect/intentions/exact', { query: { source, destination } });
  if (knowsNoNames(response)) await deleteById(api, (await findByNames(api, source, destination)).ID ?? '');
  else if (response.status !== 200) throw new Error(unexpected(response));
}
