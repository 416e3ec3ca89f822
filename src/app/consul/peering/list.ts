import { goJson } from '../../../base/go-json.ts';
import { columns } from '../columns.ts';
import { attempt, type Command } from '../command.ts';
import { JSON_FLAGS, parseJson, wantsJson } from '../json.ts';
import type { Peering } from './peers.ts';

export const peeringList: Command = {
  name: 'peering list',
  synopsis: 'List the clusters that this one is connected to',
  usage: [''],
  description: 'Prints the clusters that this one is connected to.',
  examples: ['peering list', 'peering list -format=json'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/peerings').then(parseJson<readonly Peering[] | null>);
    const all = (await attempt('Error listing peerings', asked)) ?? [];
    const sorted = all.toSorted((a, b) => (a.Name < b.Name ? -1 : 1));
    if (json) io.out(`${goJson(sorted)}\n`);
    else if (sorted.length === 0) io.out('There are no peering connections.\n');
    else io.out(`${columns([['Name', 'State', 'Imported Svcs', 'Exported Svcs', 'Meta'], ...sorted.map(row)])}\n`);
    return 0;
  },
};

function row({ Name, State, StreamStatus, Meta }: Peering): string[] {
  const count = (services: readonly string[] | null | undefined): string => String(services?.length ?? 0);
  const meta = Object.entries(Meta ?? {}).map(([key, value]) => `${key}=${value}`);
  return [Name, State, count(StreamStatus?.ImportedServices), count(StreamStatus?.ExportedServices), meta.join(',')];
}
