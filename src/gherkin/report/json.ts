import { type DiagnosticJson, diagnosticToJson } from '../../base/diagnostic.ts';
import { positionOf } from '../../base/source.ts';
import type { Feature } from '../feature.ts';
import { type Counts, countsOf, type Failure, type LogEnd, type ScenarioResult, type ScenarioStatus, type StepResult } from '../result.ts';

/** `mesh test --json`. `version` changes when the shape does. Times are milliseconds. */
export interface TestReport {
  readonly version: 1;
  readonly ok: boolean;
  readonly ms: number;
  readonly counts: { readonly scenarios: Counts; readonly steps: Counts };
  readonly features: readonly FeatureReport[];
}

export interface FeatureReport {
  readonly name: string;
  readonly file: string;
  readonly scenarios: readonly ScenarioReport[];
}

export interface ScenarioReport {
  readonly name: string;
  readonly line: number;
  readonly rule?: string;
  readonly example?: Readonly<Record<string, string>>;
  readonly tags: readonly string[];
  readonly status: ScenarioStatus;
  readonly ms: number;
  readonly steps: readonly StepReport[];
  readonly teardown?: Failure;
  readonly logs?: readonly LogEnd[];
}

export interface StepReport {
  readonly keyword: string;
  readonly text: string;
  readonly line: number;
  readonly column: number;
  readonly status: ScenarioStatus;
  readonly ms: number;
  readonly failure?: Failure;
  readonly problem?: DiagnosticJson;
}

export function reportOf(results: readonly ScenarioResult[], ms: number): TestReport {
  const scenarios = countsOf(results);
  const steps = countsOf(results.flatMap((result) => result.steps));
  return {
    version: 1,
    ok: scenarios.failed + scenarios.undefined + scenarios.skipped === 0,
    ms: Math.round(ms),
    counts: { scenarios, steps },
    features: featuresOf(results).map(({ feature, results: own }) => ({
      name: feature.name,
      file: feature.source.name,
      scenarios: own.map(scenarioReport),
    })),
  };
}

/** Results by feature, in the order of the run. */
export function featuresOf(
  results: readonly ScenarioResult[],
): { readonly feature: Feature; readonly results: readonly ScenarioResult[] }[] {
  const byFeature = new Map<Feature, ScenarioResult[]>();
  for (const result of results) byFeature.set(result.feature, [...(byFeature.get(result.feature) ?? []), result]);
  return Array.from(byFeature, ([feature, own]) => ({ feature, results: own }));
}

function scenarioReport({ scenario, status, ms, steps, teardown, logs }: ScenarioResult): ScenarioReport {
  const { name, rule, example, tags, lines } = scenario;
  return {
    name,
    line: lines.at(-1)!,
    ...(rule === undefined ? {} : { rule }),
    ...(example ? { example } : {}),
    tags,
    status,
    ms: Math.round(ms),
    steps: steps.map(stepReport),
    ...(teardown ? { teardown } : {}),
    ...(logs.length > 0 ? { logs } : {}),
  };
}

function stepReport({ step: { keyword, text, range }, status, ms, failure, problem }: StepResult): StepReport {
  return {
    keyword,
    text,
    ...positionOf(range.source, range.start),
    status,
    ms: Math.round(ms),
    ...(failure ? { failure } : {}),
    ...(problem ? { problem: diagnosticToJson(problem) } : {}),
  };
}
