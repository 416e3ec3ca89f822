import { columns } from './columns.ts';
import { attempt, type Command, Failure } from './command.ts';
import type { Intention } from './intention-model.ts';
import { JSON_FLAGS, printJson, wantsJson } from './json.ts';

export const intentionList: Command = {
  name: 'intention list',
  synopsis: 'List all intentions',
  usage: [''],
  description: 'Lists all intentions, those that decide first on top. Exit code 2 when there are none.',
  examples: ['intention list'],
  flags: JSON_FLAGS,
  run: async ({ io, flags, client }) => {
    const json = wantsJson(flags);
    const api = await client();
    const asked = api.expectOk('GET', '/v1/connect/intentions').then(JSON.parse);
    const found = (await attempt('Failed to retrieve the intentions list', asked)) as readonly Intention[];
    if (json) {
      printJson(io, found);
      return found.length === 0 ? 2 : 0;
    }
    if (found.length === 0) throw new Failure('There are no intentions.', 2);
    const rows = found.map(({ ID, SourceName, Action, DestinationName, Precedence }) => {
      return [ID ?? '', SourceName, Action ?? '', DestinationName, String(Precedence ?? 0)];
    });
    io.out(`${columns([['ID', 'Source', 'Action', 'Destination', 'Precedence'], ...rows])}\n`);
    return 0;
  },
};
