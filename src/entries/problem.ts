import { type Diagnostic, errorAt, warningAt } from '../base/diagnostic.ts';
import type { Range } from '../base/source.ts';

/**
 * How Consul reports a problem. `alone`: its first one ends the work, and its text is the whole answer. `decode`: a value of
 * the wrong type, collected by its decoder. `listed`: collected into a list by whatever found it.
 */
export type ProblemForm = 'alone' | 'decode' | 'listed';

/** Something wrong with a config entry or a service definition. The summary is Consul's text; detail and hint are ours. */
export interface Problem extends Diagnostic {
  readonly form: ProblemForm;
}

export function problem(
  form: ProblemForm,
  path: string,
  summary: string,
  more: Partial<Diagnostic> & { at?: Range | undefined } = {},
): Problem {
  const { at, ...rest } = more;
  return { ...errorAt(at, summary, { ...(path === '' ? {} : { path }), ...rest }), form };
}

export function caution(path: string, summary: string, more: Partial<Diagnostic> & { at?: Range | undefined } = {}): Problem {
  const { at, ...rest } = more;
  return { ...warningAt(at, summary, { path, ...rest }), form: 'alone' };
}

/**
 * What Consul says of these problems, to the last line break: wrong types hide everything else; then the first problem
 * decides whether it speaks alone or for all that are listed. Empty when there are only warnings.
 */
export function consulErrorText(problems: readonly Problem[]): string {
  const errors = problems.filter((p) => p.severity === 'error');
  const first = errors[0];
  if (!first) return '';
  const ofForm = (form: ProblemForm): string[] => errors.filter((p) => p.form === form).map((p) => p.summary);
  const decoding = ofForm('decode');
  if (decoding.length > 0) {
    const points = decoding.map((text) => `* ${text}`).sort();
    return `${points.length} error(s) decoding:\n\n${points.join('\n')}`;
  }
  if (first.form === 'alone') return first.summary;
  const listed = ofForm('listed');
  const count = listed.length === 1 ? '1 error occurred' : `${listed.length} errors occurred`;
  return `${count}:\n\t${listed.map((text) => `* ${text}`).join('\n\t')}\n\n`;
}
