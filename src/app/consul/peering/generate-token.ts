import { goJson } from '../../../base/go-json.ts';
import { attempt, type Command } from '../command.ts';
import { JSON_FLAGS, parseJson, wantsJson } from '../json.ts';
import { metaOf, PEER_META, PEER_NAME, requiredFlag } from './peers.ts';

export const peeringGenerateToken: Command = {
  name: 'peering generate-token',
  synopsis: 'Make a token for another cluster',
  usage: ['-name <peer name>'],
  description: 'Prints a token with which another cluster establishes the connection. It is a secret, and good for one use.',
  examples: ['peering generate-token -name=other'],
  flags: [
    PEER_META,
    PEER_NAME,
    {
      name: 'server-external-addresses',
      kind: 'string',
      value: 'string',
      doc: 'Where the other cluster reaches this one, as host:port with commas between them; the servers themselves by default.',
    },
    ...JSON_FLAGS,
  ],
  run: async ({ io, flags, client }) => {
    const name = requiredFlag(flags, 'name');
    const json = wantsJson(flags);
    const api = await client();
    const addresses = flags.string('server-external-addresses');
    const body = { PeerName: name, ...metaOf(flags), ...(addresses ? { ServerExternalAddresses: addresses.split(',') } : {}) };
    const made = api.expectOk('POST', '/v1/peering/token', { body }).then(parseJson<{ readonly PeeringToken: string }>);
    const answer = await attempt(`Error generating peering token for ${name}`, made);
    io.out(json ? `${goJson(answer)}\n` : `${answer.PeeringToken}\n`);
    return 0;
  },
};
