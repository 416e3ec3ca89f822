import { afterWrite, attempt, type Command } from '../command.ts';
import { goPath } from '../path.ts';
import { PEER_NAME, requiredFlag } from './peers.ts';

export const peeringDelete: Command = {
  name: 'peering delete',
  synopsis: 'End the connection to another cluster',
  usage: ['-name <peer name>'],
  description: 'Ends the connection to another cluster, and forgets what it exported.',
  examples: ['peering delete -name=other'],
  flags: [PEER_NAME],
  connectError: 'Error connecting to Consul agent',
  run: async ({ io, flags, client }) => {
    const name = requiredFlag(flags, 'name');
    const api = await client();
    await attempt(`Error deleting peering for ${name}`, api.expectOk('DELETE', `/v1/peering/${goPath(name)}`));
    io.out(`Successfully submitted peering connection, ${name}, for deletion\n`);
    await afterWrite(io, api);
    return 0;
  },
};
