import { atMost, attempt, type Command } from '../command.ts';
import { JSON_FLAGS, parseJson, printJson, wantsJson } from '../json.ts';

export const catalogDatacenters: Command = {
  name: 'catalog datacenters',
  synopsis: 'List the datacenters that are known',
  usage: [''],
  description: 'Prints the names of all datacenters that are known, the nearest first.',
  examples: ['catalog datacenters'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, args, client }) => {
    atMost(args, 0);
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/catalog/datacenters').then(parseJson<readonly string[]>);
    const names = await attempt('Error listing datacenters', asked);
    if (json) printJson(io, names);
    else for (const name of names) io.out(`${name}\n`);
    return 0;
  },
};
