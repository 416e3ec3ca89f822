import type { Io } from '../io.ts';
import { afterWrite, attempt, type Command, Failure } from './command.ts';
import { CAS, casQuery, KIND, NAME, required } from './config-flags.ts';
import type { Flag, FlagValues } from './flags.ts';

const FILENAME: Flag = {
  name: 'filename',
  kind: 'string',
  value: 'file',
  doc: 'File with the entry, instead of -kind and -name.',
  completes: 'file',
};

export const configDelete: Command = {
  name: 'config delete',
  synopsis: 'Delete a config entry',
  usage: ['-kind <config kind> -name <config name>', '-filename <file>'],
  description: 'Deletes one config entry. One that is not there counts as deleted.',
  examples: [
    'config delete -kind service-defaults -name payments',
    'config delete -filename payments_defaults.hcl',
    'config delete -cas -modify-index 42 -kind service-defaults -name payments',
  ],
  flags: [FILENAME, KIND, NAME, ...CAS],
  run: async ({ io, flags, client }) => {
    const { kind, name } = await entryMeant(flags, io);
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

/** Consul: either a file, or both names. */
async function entryMeant(flags: FlagValues, io: Io): Promise<{ readonly kind: string; readonly name: string }> {
  const file = flags.string('filename');
  if (!file) return { kind: required(flags, KIND), name: required(flags, NAME) };
  if (flags.string('kind') || flags.string('name')) throw new Failure("filename can't be used with kind or name");
  const { decodeEntryFile } = await import('./config-write.ts');
  const { Kind, Name } = await decodeEntryFile(file, io);
  return { kind: Kind, name: Name };
}
