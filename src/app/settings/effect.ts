import { diagnosticToJson, hasErrors, renderBriefly, renderDiagnostic } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { Command } from '../../commands/command.ts';
import type { Io } from '../io.ts';
import type { SettingsFile } from './locate.ts';
import { readSettings, type Settings } from './read.ts';

/** What the files say, for a command that is about to run. With errors in them it does not: nothing is guessed. */
export async function settingsInEffect(
  files: readonly SettingsFile[],
  commands: readonly Command[],
  { json }: { readonly json: boolean },
  io: Io,
): Promise<Settings> {
  const { settings, diagnostics } = await readSettings(files, commands, io);
  if (!hasErrors(diagnostics)) {
    if (!json) for (const diagnostic of diagnostics) io.err(`${renderBriefly(diagnostic)}\n`);
    return settings;
  }
  if (!json) for (const diagnostic of diagnostics) io.err(`${renderDiagnostic(diagnostic)}\n\n`);
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  const names = files.map(({ path }) => shownPath(path, io.cwd)).join(', ');
  throw new MeshError('invalid', `the configuration (${names}) has ${errors} error${errors === 1 ? '' : 's'}; nothing was done`, {
    hint: '`mesh doctor` names the files that are in effect; docs/configuration.md says what they can hold',
    ...(json ? { diagnostics: diagnostics.map(diagnosticToJson) } : {}),
  });
}
