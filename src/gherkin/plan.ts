import type { Diagnostic } from '../base/diagnostic.ts';
import { errorAt } from '../base/diagnostic.ts';
import type { Feature, Scenario, Step } from './feature.ts';
import { nearestPhrase } from './nearest-phrase.ts';
import type { StepDefinition, StepInput } from './step-definition.ts';
import type { TagFilter } from './tags.ts';

/** What is going to be run, in order. */
export interface Plan<W> {
  readonly scenarios: readonly PlannedScenario<W>[];
  /** Steps that nothing is known about, and the like: their scenarios can't be run. */
  readonly problems: readonly Diagnostic[];
}

export interface PlannedScenario<W> {
  readonly feature: Feature;
  readonly scenario: Scenario;
  readonly steps: readonly PlannedStep<W>[];
}

export type PlannedStep<W> = { readonly step: Step } & (
  | { readonly definition: StepDefinition<W>; readonly input: StepInput }
  | { readonly problem: Diagnostic }
);

export interface Selection {
  readonly tags: TagFilter;
  /** By name of its source: lines of scenarios, or of anything in them. Absent: all of the file. */
  readonly lines: ReadonlyMap<string, readonly number[]>;
}

/** Chooses scenarios and finds the definition of each step. */
export function planOf<W>(features: readonly Feature[], definitions: readonly StepDefinition<W>[], selection: Selection): Plan<W> {
  const scenarios = features.flatMap((feature) =>
    chosen(feature, selection).map((scenario) => ({ feature, scenario, steps: stepsOf(scenario, definitions) })),
  );
  const problems = new Map<string, Diagnostic>();
  for (const { steps } of scenarios) {
    for (const step of steps) {
      if (!('problem' in step)) continue;
      // The steps of a background and of an outline stand in the file once.
      const { source, start } = step.step.range;
      const key = `${source.name}:${start}:${step.problem.summary}`;
      if (!problems.has(key)) problems.set(key, step.problem);
    }
  }
  return { scenarios, problems: [...problems.values()] };
}

function chosen({ source, scenarios }: Feature, { tags, lines }: Selection): Scenario[] {
  const wanted = lines.get(source.name);
  return scenarios.filter((scenario) => tags(scenario.tags) && (!wanted || wanted.some((line) => scenario.lines.includes(line))));
}

function stepsOf<W>({ steps }: Scenario, definitions: readonly StepDefinition<W>[]): PlannedStep<W>[] {
  return steps.map((step) => {
    for (const definition of definitions) {
      const match = definition.pattern.exec(step.text);
      if (!match) continue;
      const problem = argumentProblem(step, definition);
      if (problem) return { step, problem };
      const { table, docString } = step;
      const below = { ...(table ? { table } : {}), ...(docString === undefined ? {} : { docString }) };
      return { step, definition, input: { words: match.slice(1).map((word: string | undefined) => word ?? ''), ...below } };
    }
    return { step, problem: undefinedStep(step, definitions) };
  });
}

function undefinedStep<W>({ text, range }: Step, definitions: readonly StepDefinition<W>[]): Diagnostic {
  const near = nearestPhrase(
    text,
    definitions.map(({ phrase }) => phrase),
  );
  const hint = near === undefined ? 'mesh test --steps' : `did you mean: ${near}`;
  return errorAt(range, `there is no such step: ${text}`, { hint });
}

/** A table that a step doesn't read would check nothing. */
function argumentProblem<W>({ table, docString, range }: Step, { below, phrase }: StepDefinition<W>): Diagnostic | undefined {
  const found = table ? 'table' : docString === undefined ? undefined : 'text';
  if (found === below) return undefined;
  const what = { table: 'a table', text: 'a text between """' };
  if (below === undefined) return errorAt(range, `this step takes nothing below it, found ${what[found!]}`, { detail: phrase });
  const summary = `this step needs ${what[below]} below it${found === undefined ? '' : `, found ${what[found]}`}`;
  return errorAt(range, summary, { detail: phrase });
}
