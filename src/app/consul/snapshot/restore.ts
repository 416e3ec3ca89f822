import { unexpected } from '../client.ts';
import { afterWrite, attempt, type Command, Failure } from '../command.ts';
import { fileArgument, openSnapshot } from './file.ts';

export const snapshotRestore: Command = {
  name: 'snapshot restore',
  synopsis: 'Restore the whole state from a file',
  usage: ['FILE'],
  completes: ['file'],
  description: 'Puts the state of a file in the place of the present one, all of it.',
  examples: ['snapshot restore backup.snap'],
  flags: [],
  run: async ({ io, args, client }) => {
    const file = fileArgument(args);
    const restoring = 'Error restoring snapshot';
    const bytes = await openSnapshot(file, io, async () => {
      const { scheme, authority } = (await client()).address;
      return `${restoring}: Put ${JSON.stringify(`${scheme}://${authority}/v1/snapshot`)}`;
    });
    const api = await client();
    const headers = { 'Content-Type': 'application/octet-stream' };
    const response = await attempt(restoring, api.send('PUT', '/v1/snapshot', { raw: bytes, headers }));
    if (response.status !== 200) throw new Failure(`${restoring}: ${unexpected(response)}`);
    io.out('Restored snapshot\n');
    await afterWrite(io, api);
    return 0;
  },
};
