import type { Table } from '../../../gherkin/feature.ts';
import type { StepDefinition } from '../../../gherkin/step-definition.ts';
import { StepFailure } from '../failure.ts';
import type { World } from '../world.ts';

export type MeshStep = StepDefinition<World>;

/** Rows of a table with these columns, in any order of columns; throws a StepFailure for others. */
export function rowsOf<const C extends string>(table: Table, columns: readonly C[]): Record<C, string>[] {
  const [head = [], ...rows] = table;
  const indexes = columns.map((column) => head.findIndex((cell) => cell.trim() === column));
  if (indexes.includes(-1) || head.length !== columns.length) {
    throw new StepFailure('the table has other columns', { expected: `| ${columns.join(' | ')} |`, found: `| ${head.join(' | ')} |` });
  }
  return rows.map((row) => Object.fromEntries(columns.map((column, i) => [column, (row[indexes[i]!] ?? '').trim()])) as Record<C, string>);
}

/** `text`, or an expression between backticks. Throws a StepFailure if it is none. */
export function textMatcher(text: string): (subject: string) => boolean {
  const [, expression] = /^`([\s\S]*)`$/.exec(text) ?? [];
  if (expression === undefined) return (subject) => subject.includes(text);
  try {
    // Go's flags in front, as Shipyard's files may have them.
    const [, flags = '', rest = ''] = /^(?:\(\?([ims]+)\))?([\s\S]*)$/.exec(expression) ?? [];
    const compiled = new RegExp(rest, flags);
    return (subject) => compiled.test(subject);
  } catch {
    throw new StepFailure(`\`${expression}\` is not a regular expression`);
  }
}

const MAX_SHOWN = 1_500;

/** As much of a body or an output as one wants to read. */
export function excerpt(text: string): string {
  const trimmed = onOneLine(text.trimEnd());
  if (trimmed === '') return '(nothing)';
  return trimmed.length <= MAX_SHOWN ? trimmed : `${trimmed.slice(0, MAX_SHOWN)}… (${trimmed.length} characters)`;
}

/** JSON on one line; anything else as it is. */
function onOneLine(text: string): string {
  try {
    return /^[{[]/.test(text) ? JSON.stringify(JSON.parse(text)) : text;
  } catch {
    return text;
  }
}
