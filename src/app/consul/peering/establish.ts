import { afterWrite, attempt, type Command } from '../command.ts';
import { metaOf, PEER_META, PEER_NAME, requiredFlag } from './peers.ts';

export const peeringEstablish: Command = {
  name: 'peering establish',
  synopsis: 'Connect to another cluster',
  usage: ['-name <peer name> -peering-token <token>'],
  description: 'Connects to the cluster that made the token.',
  examples: ['peering establish -name=other -peering-token=eyJDQSI6...'],
  flags: [PEER_META, PEER_NAME, { name: 'peering-token', kind: 'string', value: 'string', doc: 'Token of the other cluster.' }],
  connectError: 'Error connecting to Consul agent',
  run: async ({ io, flags, client }) => {
    const name = requiredFlag(flags, 'name');
    const token = requiredFlag(flags, 'peering-token');
    const api = await client();
    const body = { PeerName: name, PeeringToken: token, ...metaOf(flags) };
    await attempt(`Error establishing peering for ${name}`, api.expectOk('POST', '/v1/peering/establish', { body }));
    io.out(`Successfully established peering connection with ${name}\n`);
    await afterWrite(io, api);
    return 0;
  },
};
