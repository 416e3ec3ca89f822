import { columns } from '../columns.ts';
import { attempt, type Command } from '../command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';

interface Imported {
  readonly Service: string;
  readonly SourcePeer?: string;
}

export const servicesImported: Command = {
  name: 'services imported-services',
  synopsis: 'List what is imported',
  usage: [''],
  description: 'Prints the services of peers that can be called here, and whose they are.',
  examples: ['services imported-services'],
  flags: JSON_FLAGS,
  connectError: 'Error connect to Consul agent',
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/imported-services').then(parseJson<readonly Imported[] | null>);
    const found = (await attempt('Error reading imported services', asked)) ?? [];
    if (found.length === 0) io.out('No imported services found\n');
    else if (json) printJson(io, found);
    else io.out(`${columns([['Service', 'Source Peer'], ...found.map(({ Service, SourcePeer = '' }) => [Service, SourcePeer])])}\n`);
    return 0;
  },
};
