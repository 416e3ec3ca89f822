import { goJson } from '../../../base/go-json.ts';
import type { Command } from '../command.ts';
import { JSON_FLAGS, wantsJson } from '../json.ts';
import { PEER_NAME, readPeering, requiredFlag } from './peers.ts';

export const peeringExportedServices: Command = {
  name: 'peering exported-services',
  synopsis: 'List what a cluster may call',
  usage: ['-name <peer name>'],
  description: 'Prints the services that another cluster may call.',
  examples: ['peering exported-services -name=other'],
  flags: [PEER_NAME, ...JSON_FLAGS],
  run: async ({ io, flags, client }) => {
    const name = requiredFlag(flags, 'name');
    const json = wantsJson(flags);
    const { StreamStatus } = await readPeering(await client(), name);
    const services = StreamStatus?.ExportedServices ?? [];
    io.out(json ? `${goJson(services)}\n` : `${services.join('\n')}\n`);
    return 0;
  },
};
