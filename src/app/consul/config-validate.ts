import { type Command, Failure } from './command.ts';
import { loadEntrySet } from './entry-set.ts';
import { prepareSet } from './prepared-set.ts';

export const configValidate: Command = {
  name: 'config validate',
  synopsis: 'Check config entries in files, without an agent',
  usage: ['<folder>|<file>|-…'],
  completes: ['file'],
  description: 'Checks each entry for itself. Whether they fit to those of a datacenter: config diff.',
  examples: ['config validate consul/'],
  flags: [],
  offline: true,
  run: async ({ io, args }) => {
    if (args.length === 0) throw new Failure('Must provide at least one file or folder with config entries, or - for standard input');
    const { entries, warnings } = prepareSet(await loadEntrySet(args, io), io);
    for (const warning of warnings) io.err(`${warning}\n`);
    io.out(`${entries.length === 1 ? '1 config entry is' : `${entries.length} config entries are`} valid\n`);
    return 0;
  },
};
