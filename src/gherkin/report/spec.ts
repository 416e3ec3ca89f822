import { type DiagnosticStyle, renderDiagnostic } from '../../base/diagnostic.ts';
import { describeRange, positionOf } from '../../base/source.ts';
import { countsOf, type Failure, type ScenarioResult, type ScenarioStatus, type StepResult } from '../result.ts';
import { duration } from './time.ts';

export interface SpecStyle extends DiagnosticStyle {
  readonly good: (s: string) => string;
}

const MARKS: Record<ScenarioStatus, string> = { passed: '✓', failed: '✗', undefined: '?', skipped: '-' };

/** One scenario for people; `before` is the one printed before it, whose headings need not be repeated. */
export function renderScenario(result: ScenarioResult, before: ScenarioResult | undefined, style: SpecStyle): string {
  const { feature, scenario, steps } = result;
  const lines: string[] = [];
  const newFeature = before?.feature !== feature;
  if (newFeature) lines.push(...(before ? [''] : []), `${style.bold(`Feature: ${feature.name}`)}  ${style.dim(feature.source.name)}`);
  if (scenario.rule !== undefined && (newFeature || before?.scenario.rule !== scenario.rule)) lines.push('', `  Rule: ${scenario.rule}`);
  lines.push('', `  ${style.bold(titleOf(result))}  ${style.dim(duration(result.ms))}`.trimEnd());
  lines.push(...steps.flatMap((step) => stepLines(step, style)));
  if (steps.length === 0) lines.push('    - it has no steps');
  if (result.teardown) lines.push(`    ${style.error('✗')} taking it away again`, ...failureLines(result.teardown, style));
  for (const { name, lines: log } of result.logs) {
    lines.push(`      ${style.dim(`the last lines of ${name}:`)}`, ...log.map((line) => `        ${style.dim(line)}`));
  }
  return `${lines.join('\n')}\n`;
}

function titleOf({ scenario: { name, example } }: ScenarioResult): string {
  const row = example ? Object.entries(example).map(([column, value]) => `${column} = ${value}`) : [];
  const shown = row.filter((_, i) => !name.includes(Object.values(example!)[i]!));
  return `Scenario: ${name}${shown.length === 0 ? '' : ` (${shown.join(', ')})`}`;
}

function stepLines(result: StepResult, style: SpecStyle): string[] {
  const { step, status, ms } = result;
  const text = `${step.keyword} ${step.text}`;
  const paint = { passed: style.good, failed: style.error, undefined: style.warning, skipped: style.dim }[status];
  const line = `    ${paint(MARKS[status])} ${status === 'skipped' ? style.dim(text) : text}  ${style.dim(duration(ms))}`.trimEnd();
  if (result.problem)
    return [
      line,
      ...renderDiagnostic(result.problem, style)
        .split('\n')
        .map((part) => `      ${part}`),
    ];
  if (!result.failure) return [line];
  return [line, `      ${style.bold(describeRange(step.range))}`, ...failureLines(result.failure, style)];
}

function failureLines({ message, expected, found, hint, details = [] }: Failure, style: SpecStyle): string[] {
  const lines = message.split('\n').map((line) => style.error(line));
  if (expected !== undefined) lines.push(...labelled('expected  ', expected));
  if (found !== undefined) lines.push(...labelled('found     ', found));
  lines.push(...details);
  if (hint !== undefined) lines.push(`hint: ${hint}`);
  return lines.map((line) => `      ${line}`);
}

function labelled(label: string, text: string): string[] {
  return text.split('\n').map((line, i) => `${i === 0 ? label : ' '.repeat(label.length)}${line}`);
}

/** The last lines: how many of what, and where the ones are that did not pass. */
export function renderSummary(results: readonly ScenarioResult[], ms: number, style: SpecStyle): string {
  const scenarios = countsOf(results);
  const steps = countsOf(results.flatMap((result) => result.steps));
  const wrong = results.filter(({ status }) => status === 'failed' || status === 'undefined');
  const lines = ['', `${counted(scenarios, 'scenario', style)}  ${style.dim(duration(ms))}`.trimEnd(), counted(steps, 'step', style)];
  if (wrong.length > 0) {
    lines.push(
      '',
      ...wrong.map((result) => `${style.error(MARKS[result.status])} ${placeOf(result)}  ${titleOf(result).slice('Scenario: '.length)}`),
    );
  }
  return `${lines.join('\n')}\n`;
}

/** What a user may type to run it alone. */
function placeOf({ scenario: { range, lines } }: Pick<ScenarioResult, 'scenario'>): string {
  return `${range.source.name}:${lines.at(-1) ?? positionOf(range.source, range.start).line}`;
}

function counted(counts: ReturnType<typeof countsOf>, noun: string, style: SpecStyle): string {
  const parts = [
    [counts.passed, 'passed', style.good],
    [counts.failed, 'failed', style.error],
    [counts.undefined, 'undefined', style.warning],
    [counts.skipped, 'skipped', style.dim],
  ] as const;
  const shown = parts.filter(([count]) => count > 0).map(([count, what, paint]) => paint(`${count} ${what}`));
  return `${counts.total} ${noun}${counts.total === 1 ? '' : 's'}${shown.length === 0 ? '' : `: ${shown.join(', ')}`}`;
}
