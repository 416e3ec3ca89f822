import { diagnosticToJson, renderDiagnostic } from '../../base/diagnostic.ts';
import { inReadingOrder } from '../../base/reading-order.ts';
import { lintEntries } from '../../lint/lint.ts';
import { styleOf } from '../../ui/style.ts';
import { counted, countOf } from '../cli/report-diagnostics.ts';
import { type Command, Failure } from './command.ts';
import { readLintFiles } from './lint-files.ts';

const INVALID = 3;
const STRICT = 1;

export const configLint: Command = {
  name: 'config lint',
  synopsis: 'Judge config entries in files together, without an agent',
  usage: ['<folder>|<file>|-…'],
  description:
    'Checks each entry, and what all of them lead to together: entries that contradict each other, subsets that are not there, routes and\npermissions that are never reached, intentions that never decide, subsets to which nothing leads, names that are nearly others,\ndeprecated kinds. Each with its place and what to do.\nReads HCL, JSON and the custom resources of consul-k8s (YAML); other files of a folder are passed over. Which services there will be is not known here:\nmesh doctor tells what the entries of an agent come to.\nThe exit code is 0 without errors, 3 with errors; with -strict warnings alone make it 1.',
  examples: ['config lint consul/', 'config lint -strict consul/ crds.yaml', 'config lint -json - < entries.hcl'],
  flags: [
    { name: 'json', kind: 'bool', doc: 'Print what was found as JSON.' },
    { name: 'strict', kind: 'bool', doc: 'Exit with 1 when there are only warnings.' },
  ],
  offline: true,
  run: async ({ io, flags, args }) => {
    if (args.length === 0) throw new Failure('Must provide at least one file or folder with config entries, or - for standard input', 2);
    const { sources, payloads, diagnostics: ofTexts, others } = await readLintFiles(args, io);
    const { valid, diagnostics: ofEntries } = lintEntries(payloads);
    const diagnostics = inReadingOrder([...ofTexts, ...ofEntries], sources);
    const [errors, warnings] = [countOf('error', diagnostics), countOf('warning', diagnostics)];
    if (flags.bool('json')) {
      const report = { valid: errors === 0, files: sources.length, entries: payloads.length, errors, warnings, others };
      io.out(`${JSON.stringify({ ...report, diagnostics: diagnostics.map(diagnosticToJson) }, undefined, 2)}\n`);
    } else {
      const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
      for (const diagnostic of diagnostics) io.out(`${renderDiagnostic(diagnostic, style)}\n\n`);
      const besides = others.length === 0 ? '' : `; ${counted(others.length, 'file')} without a config entry`;
      const read = `${payloads.length === 1 ? '1 config entry' : `${payloads.length} config entries`} in ${counted(sources.length, 'file')}`;
      const judged = diagnostics.length === 0 ? 'nothing to say' : `${counted(errors, 'error')}, ${counted(warnings, 'warning')}`;
      io.err(`${read}: ${judged}${valid < payloads.length ? `; ${valid} can be written` : ''}${besides}\n`);
    }
    if (errors > 0) return INVALID;
    return warnings > 0 && flags.bool('strict') ? STRICT : 0;
  },
};
