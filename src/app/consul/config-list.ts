import { attempt, type Command } from './command.ts';
import { KIND, required } from './config-flags.ts';
import type { Flag } from './flags.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';

const FILTER: Flag = { name: 'filter', kind: 'string', value: 'expression', doc: 'Only those that it selects: Meta.team == shop.' };

export const configList: Command = {
  name: 'config list',
  synopsis: 'List the config entries of a kind',
  usage: ['-kind <config kind>'],
  description: 'Prints the names of all config entries of a kind, one a line; nothing when there are none.',
  examples: ['config list -kind service-defaults', "config list -kind service-defaults -filter 'Protocol == http'"],
  flags: [KIND, FILTER, ...JSON_FLAGS],
  run: async ({ io, flags, client }) => {
    const kind = required(flags, KIND);
    const json = wantsJson(flags);
    const api = await client();
    const what = `Error listing config entries for kind ${JSON.stringify(kind)}`;
    const body = await attempt(
      what,
      api.expectOk('GET', `/v1/config/${encodeURIComponent(kind)}`, { query: { filter: flags.string('filter') || undefined } }),
    );
    const entries = (await attempt(what, Promise.resolve(body).then(JSON.parse))) as readonly { readonly Name: string }[];
    if (json) printJson(io, entries);
    else for (const { Name } of entries) io.out(`${Name}\n`);
    return 0;
  },
};
