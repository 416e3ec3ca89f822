import { goJson } from '../../../base/go-json.ts';
import type { Command } from '../command.ts';
import { JSON_FLAGS, wantsJson } from '../json.ts';
import { PEER_NAME, type Peering, readPeering, requiredFlag } from './peers.ts';

export const peeringRead: Command = {
  name: 'peering read',
  synopsis: 'Show the connection to a cluster',
  usage: ['-name <peer name>'],
  description: 'Prints what is known of the connection to another cluster.',
  examples: ['peering read -name=other'],
  flags: [PEER_NAME, ...JSON_FLAGS],
  run: async ({ io, flags, client }) => {
    const name = requiredFlag(flags, 'name');
    const json = wantsJson(flags);
    const peering = await readPeering(await client(), name);
    io.out(json ? `${goJson(peering)}\n` : `${pretty(peering)}\n`);
    return 0;
  },
};

function pretty(peering: Peering): string {
  const { Partition, DeletedAt, Meta, PeerServerAddresses, StreamStatus } = peering;
  const meta = Object.entries(Meta ?? {}).map(([key, value]) => `    ${key}=${value}`);
  const lines = [
    `Name:         ${peering.Name}`,
    `ID:           ${peering.ID}`,
    ...(Partition ? [`Partition:    ${Partition}`] : []),
    ...(DeletedAt ? [`DeletedAt:    ${DeletedAt}`] : []),
    `State:        ${peering.State}`,
    ...(meta.length > 0 ? ['Meta:', ...meta] : []),
    '',
    `Peer ID:               ${peering.PeerID ?? ''}`,
    `Peer Server Name:      ${peering.PeerServerName ?? ''}`,
    `Peer CA Pems:          ${peering.PeerCAPems?.length ?? 0}`,
    ...(PeerServerAddresses?.length ? ['Peer Server Addresses:', ...PeerServerAddresses.map((address) => `    ${address}`)] : []),
    '',
    `Imported Services: ${StreamStatus?.ImportedServices?.length ?? 0}`,
    `Exported Services: ${StreamStatus?.ExportedServices?.length ?? 0}`,
    '',
    `Create Index: ${peering.CreateIndex}`,
    `Modify Index: ${peering.ModifyIndex}`,
  ];
  return `${lines.join('\n')}\n`;
}
