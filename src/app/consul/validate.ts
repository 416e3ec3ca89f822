import { renderDiagnostic } from '../../base/diagnostic.ts';
import { type Command, Failure } from './command.ts';

export const validate: Command = {
  name: 'validate',
  synopsis: 'Check configuration files of an agent',
  usage: ['FILE_OR_DIRECTORY...'],
  completes: ['file'],
  description:
    'Reads the configuration of an agent as `agent` would, all files together, and starts nothing.\nBlueprints are checked by `mesh validate`.',
  examples: ['validate /etc/consul.d', 'validate -quiet server.hcl'],
  flags: [
    { name: 'config-format', kind: 'string', value: 'string', doc: 'hcl or json: what all files are, whatever their extension.' },
    { name: 'quiet', kind: 'bool', doc: 'Print nothing if all is well.' },
  ],
  offline: true,
  run: async ({ io, flags, args }) => {
    const format = flags.string('config-format') ?? '';
    if (format !== '' && format !== 'hcl' && format !== 'json') throw new Failure("-config-format must be either 'hcl' or 'json");
    if (args.length === 0) throw new Failure('Must specify at least one config file or directory');
    const { loadSettings } = await import('../agent-config/load.ts');
    const { ConfigRefused } = await import('../agent-config/read.ts');
    const given = { paths: args, fragments: [], lists: {}, values: {}, dev: false, needsDataDir: true, cwd: io.cwd };
    try {
      const { warnings } = await loadSettings(format === '' ? given : { ...given, format });
      if (flags.bool('quiet')) return 0;
      for (const warning of warnings) io.err(`${io.diagnostics ? renderDiagnostic(warning) : warning.summary}\n`);
    } catch (error) {
      if (!(error instanceof ConfigRefused)) throw error;
      const line = `Config validation failed: ${error.message}`;
      throw new Failure(
        error.diagnostics.length > 0 && io.diagnostics
          ? `${line}\n${error.diagnostics.map((one) => renderDiagnostic(one)).join('\n')}`
          : line,
      );
    }
    io.out('Configuration is valid!\n');
    return 0;
  },
};
