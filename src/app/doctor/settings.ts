import { hasErrors } from '../../base/diagnostic.ts';
import { messageOf } from '../../base/errors.ts';
import { describeRange } from '../../base/source.ts';
import { shownPath } from '../../blueprints/paths.ts';
import { COMMANDS } from '../../commands/table.ts';
import type { Io } from '../io.ts';
import { PROJECT_FILE, type SettingsFile, settingsFiles } from '../settings/locate.ts';
import { readSettings } from '../settings/read.ts';
import { type Finding, fail, ok } from './finding.ts';

const NAME = 'configuration';

/** The configuration files that commands of this folder go by. */
export async function checkSettings(io: Pick<Io, 'env' | 'cwd'>): Promise<Finding> {
  let files: readonly SettingsFile[];
  try {
    files = settingsFiles(io.env, io.cwd);
  } catch (error) {
    return fail(NAME, messageOf(error), 'make it, or: unset MESH_CONFIG');
  }
  if (files.length === 0) return ok(NAME, `no file: neither ${PROJECT_FILE} here nor one of yours`);
  const { settings, diagnostics } = await readSettings(files, COMMANDS, io);
  const names = files.map(({ path, of }) => `${shownPath(path, io.cwd)} (${of === 'project' ? "the project's" : 'yours'})`).join(', ');
  if (hasErrors(diagnostics)) {
    const [first, ...others] = diagnostics;
    const where = first!.subject ? `${describeRange(first!.subject)}: ` : '';
    const more = others.length === 0 ? '' : `, and ${others.length} more`;
    return fail(NAME, `${where}${first!.summary}${more}`, first!.hint ?? first!.detail ?? 'mend it: other commands do nothing before that');
  }
  const options = [...settings.defaults.values()].reduce((count, values) => count + values.size, 0);
  const parts = [count(options, 'option'), count(settings.images.length, 'image')].flat();
  return ok(NAME, `${names}${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`);
}

const count = (many: number, what: string): string[] => (many === 0 ? [] : [`${many} ${what}${many === 1 ? '' : 's'}`]);
