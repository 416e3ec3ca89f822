import { shellWord } from '../../base/shell-word.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { PlannedCause, PlannedChange, PlanReport } from '../../blueprints/plan-report.ts';
import type { WrittenValue } from '../../blueprints/written.ts';
import type { Style } from '../../ui/style.ts';

/** How many of each. */
export type PlanSummary = Readonly<Record<'create' | 'change' | 'replace' | 'remove' | 'share' | 'keep' | 'later', number>>;

/** Which words of the summary an action counts for. */
const COUNTED = {
  create: 'create',
  update: 'change',
  replace: 'replace',
  swap: 'replace',
  destroy: 'remove',
  share: 'share',
  disown: 'share',
  keep: 'keep',
} as const satisfies Record<PlannedChange['action'], keyof PlanSummary>;

export function planSummary({ changes, deferred }: Pick<PlanReport, 'changes' | 'deferred'>): PlanSummary {
  const counts = { create: 0, change: 0, replace: 0, remove: 0, share: 0, keep: 0, later: deferred.length };
  for (const { action } of changes) counts[COUNTED[action]]++;
  return counts;
}

export interface PlanSurroundings {
  /** What the user types for the blueprint. */
  readonly typed: string;
  readonly cwd: string;
  /** `shop/web.hcl:7:5`: where a cause is written. */
  readonly placeOf: (key: string, cause: PlannedCause) => string | undefined;
  /** Somebody reads it who may type something next. */
  readonly interactive: boolean;
}

/** A plan for people: one line for each resource that something happens to, with the reasons below it, and the sum of it all. */
export function planText(report: PlanReport, surroundings: PlanSurroundings, style: Style): string {
  const { name } = report.blueprint;
  const before = report.first.map((one) => {
    const why = style.dim(`${name} builds on ${one.blueprint.name}, which does not run: it comes first`);
    return `${why}\n${planOf(one, { ...surroundings, interactive: false }, style)}\n`;
  });
  return [...before, planOf(report, surroundings, style)].join('');
}

function planOf(report: PlanReport, surroundings: PlanSurroundings, style: Style): string {
  const { name } = report.blueprint;
  const shown = report.changes.filter(({ action }) => action !== 'keep');
  if (shown.length === 0 && report.deferred.length === 0 && !report.resumes)
    return `Nothing to do: ${name} runs already, as its files say\n`;
  const width = Math.max(0, ...[...shown, ...report.deferred].map(({ key }) => key.length));
  const lines = shown.flatMap((change) => [headline(change, width, report, style), ...reasonLines(change, surroundings, style)]);
  for (const { key, dependsOn, anew } of report.deferred) {
    const mark = style.warning(anew ? '-/+' : '  ?');
    lines.push(`${mark} ${key.padEnd(width)}  (${anew ? 'made anew, ' : ''}known after apply: it comes after ${dependsOn.join(', ')})`);
  }
  if (report.resumes) lines.push(`      ${name} is paused, and starts again`);
  for (const replaced of report.replaces) lines.push(`      ${replaced} is removed when all of it is ready`);
  lines.push('', `${style.bold(`Plan for ${name}:`)} ${summaryText(planSummary(report))}`);
  if (surroundings.interactive) {
    const replace = report.replaces.map((replaced) => ` --replace ${shellWord(replaced)}`).join('');
    lines.push(style.dim(`Next: mesh run ${shellWord(surroundings.typed)}${replace}`));
  }
  return `${lines.join('\n')}\n`;
}

/** `1 to create, 2 to replace; 12 stay as they are`. */
export function summaryText(summary: PlanSummary): string {
  const parts = (['create', 'change', 'replace', 'remove'] as const).flatMap((what) =>
    summary[what] === 0 ? [] : [`${summary[what]} to ${what}`],
  );
  if (summary.later > 0) parts.push(`${summary.later} known after apply`);
  if (summary.share > 0) parts.push(`${summary.share} shared`);
  const rest = summary.keep === 0 ? '' : `${summary.keep} stay${summary.keep === 1 ? 's as it is' : ' as they are'}`;
  return [parts.join(', '), rest].filter((part) => part !== '').join('; ');
}

function headline(
  { action, key, definedAt, others, causes }: PlannedChange,
  width: number,
  { blueprint }: PlanReport,
  style: Style,
): string {
  const [mark, paint] = marks(style)[action];
  const why = causes.find(({ kind }) => kind === 'resource');
  const where = definedAt === undefined ? '' : style.dim(definedAt);
  const notes: Partial<Record<PlannedChange['action'], string>> = {
    share: `runs already, of ${others.join(', ')}: shared`,
    disown: `stays for ${others.join(', ')}`,
    swap: `takes the place of that of ${others.join(', ')}`,
    destroy: others.length > 0 ? `of ${others.join(', ')}` : `is not in ${blueprint.name} any more`,
  };
  const note = why?.kind === 'resource' ? `because ${why.key} is replaced` : notes[action];
  const right = [where, note].filter((part) => part !== undefined && part !== '').join('  ');
  return `${paint(mark.padStart(3))} ${key.padEnd(width)}  ${right}`.trimEnd();
}

const marks = (style: Style): Record<PlannedChange['action'], readonly [string, (text: string) => string]> => ({
  create: ['+', style.good],
  update: ['~', style.warning],
  replace: ['-/+', style.warning],
  swap: ['+/-', style.warning],
  destroy: ['-', style.error],
  share: ['=', style.dim],
  disown: ['=', style.dim],
  keep: ['', style.dim],
});

function reasonLines({ key, causes }: PlannedChange, { cwd, placeOf }: PlanSurroundings, style: Style): string[] {
  return causes.flatMap((cause) => {
    const place = placeOf(key, cause);
    const at = place === undefined ? '' : style.dim(`  ${place}`);
    const text = reasonText(cause, cwd);
    return text === undefined ? [] : [`      ${text}${at}`];
  });
}

/** Undefined for what the headline says. */
function reasonText(cause: PlannedCause, cwd: string): string | undefined {
  switch (cause.kind) {
    case 'attribute':
      return `${cause.path}: ${cause.secret ? 'changed (not shown)' : change(cause.before, cause.after)}`;
    case 'file':
      return `${shownPath(cause.path, cwd)} has changed`;
    case 'status':
      return cause.text;
    case 'computed':
      return cause.path === '' ? 'what is made of it has changed' : `what is made of it has changed: ${cause.path}`;
    case 'resource':
      return undefined;
  }
}

function change(before: WrittenValue | undefined, after: WrittenValue | undefined): string {
  if (typeof before === 'string' && typeof after === 'string' && (before.includes('\n') || after.includes('\n')))
    return lineChange(before.split('\n'), after.split('\n'));
  return `${valueText(before)} -> ${valueText(after)}`;
}

/** Of texts of several lines, the first one that differs. */
function lineChange(before: readonly string[], after: readonly string[]): string {
  const at = after.findIndex((line, i) => line !== before[i]);
  const line = at === -1 ? after.length : at;
  return `line ${line + 1}: ${valueText(before[line])} -> ${valueText(after[line])}`;
}

/** Values beyond this say no more on a terminal. */
const SHOWN = 60;

function valueText(value: WrittenValue | undefined): string {
  if (value === undefined) return '(none)';
  if (typeof value === 'object' && value !== null && 'unknown' in value) return '(known after apply)';
  if (isLong(value)) return `(${value.long} characters)`;
  const text = JSON.stringify(value);
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}

function isLong(value: WrittenValue): value is { readonly long: number; readonly digest: string } {
  return typeof value === 'object' && value !== null && 'long' in value && 'digest' in value;
}
