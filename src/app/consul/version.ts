import { goJson } from '../../base/go-json.ts';
import { CONSUL_COMPATIBILITY } from '../../control/compatibility.ts';
import { VERSION } from '../version.ts';
import { type Command, Failure } from './command.ts';

const PROTOCOL =
  'Protocol 2 spoken by default, understands 2 to 3 (agent will automatically use protocol >2 when speaking to compatible agents)';

/** The version of Consul that this is compatible with, in Consul's lines; the revision says whose program it is. */
export const version: Command = {
  name: 'version',
  synopsis: 'Print the version',
  usage: [''],
  description: "Prints the version of Consul whose commands and API these are, and mesh's own as the revision.",
  examples: ['version', 'version -format=json'],
  flags: [{ name: 'format', kind: 'string', value: 'string', doc: 'pretty or json.' }],
  offline: true,
  run: async ({ io, flags }) => {
    const format = flags.string('format') ?? 'pretty';
    const revision = `mesh ${VERSION}`;
    if (format === 'pretty') io.out(`Consul v${CONSUL_COMPATIBILITY}\nRevision ${revision}\n${PROTOCOL}\n\n`);
    else if (format === 'json')
      io.out(
        `${goJson({ Version: CONSUL_COMPATIBILITY, Revision: revision, Prerelease: '', RPC: { Default: 2, Min: 2, Max: 3 } }, '   ')}\n`,
      );
    else throw new Failure(`Unknown format: ${format}`);
    return 0;
  },
};
