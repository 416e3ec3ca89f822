import { afterWrite, attempt, type Command, Failure } from './command.ts';
import { CAS, casQuery, KIND, NAME, required } from './config-flags.ts';

export const configDelete: Command = {
  name: 'config delete',
  synopsis: 'Delete a config entry',
  usage: ['-kind <config kind> -name <config name>'],
  description: 'Deletes one config entry. One that is not there counts as deleted.',
  examples: [
    'config delete -kind service-defaults -name payments',
    'config delete -cas -modify-index 42 -kind service-defaults -name payments',
  ],
  flags: [KIND, NAME, ...CAS],
  run: async ({ io, flags, client }) => {
    const kind = required(flags, KIND);
    const name = required(flags, NAME);
    const api = await client();
    const path = `/v1/config/${encodeURIComponent(kind)}/${encodeURIComponent(name)}`;
    const query = casQuery(flags);
    const body = await attempt(`Error deleting config entry ${kind}/${name}`, api.expectOk('DELETE', path, { query }));
    if (query.cas !== undefined && !body.includes('true')) throw new Failure(`Config entry not deleted: ${kind}/${name}`);
    io.out(`Config entry deleted: ${kind}/${name}\n`);
    await afterWrite(io, api);
    return 0;
  },
};
