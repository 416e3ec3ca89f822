import { columns } from '../columns.ts';
import { attempt, type Command } from '../command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';

interface Exported {
  readonly Service: string;
  readonly Consumers: { readonly Peers?: readonly string[] | null; readonly Partitions?: readonly string[] | null };
}

export const servicesExported: Command = {
  name: 'services exported-services',
  synopsis: 'List what is exported',
  usage: [''],
  description: 'Prints the services that others may call, and who.',
  examples: ['services exported-services', 'services exported-services -consumerPeer=other'],
  flags: [
    { name: 'consumerPartition', kind: 'string', value: 'string', doc: 'Only those that this partition may call.' },
    { name: 'consumerPeer', kind: 'string', value: 'string', doc: 'Only those that this peer may call.' },
    ...JSON_FLAGS,
  ],
  connectError: 'Error connect to Consul agent',
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/exported-services').then(parseJson<readonly Exported[] | null>);
    const all = (await attempt('Error reading exported services', asked)) ?? [];
    const found = onlyFor(all, flags.string('consumerPeer'), flags.string('consumerPartition'));
    if (found.length === 0) io.out('No exported services found\n');
    else if (json) printJson(io, found);
    else io.out(`${columns([['Service', 'Consumer'], ...found.flatMap(rows)])}\n`);
    return 0;
  },
};

function onlyFor(all: readonly Exported[], peer: string | undefined, partition: string | undefined): readonly Exported[] {
  if (!peer && !partition) return all;
  return all.flatMap((service) => {
    const Peers = peer && service.Consumers.Peers?.includes(peer) ? [peer] : undefined;
    const Partitions = partition && service.Consumers.Partitions?.includes(partition) ? [partition] : undefined;
    if (!Peers && !Partitions) return [];
    return [{ ...service, Consumers: { ...(Peers ? { Peers } : {}), ...(Partitions ? { Partitions } : {}) } }];
  });
}

function rows({ Service, Consumers }: Exported): string[][] {
  const peers = (Consumers.Peers ?? []).map((peer) => [Service, `Peer: ${peer}`]);
  return [...peers, ...(Consumers.Partitions ?? []).map((partition) => [Service, `Partition: ${partition}`])];
}
