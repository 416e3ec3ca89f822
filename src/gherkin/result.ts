import type { Diagnostic } from '../base/diagnostic.ts';
import type { Feature, Scenario, Step } from './feature.ts';

/** `undefined`: one of its steps is not known, so it was not begun. `skipped`: it was not begun for another reason. */
export type ScenarioStatus = 'passed' | 'failed' | 'undefined' | 'skipped';

export interface StepResult {
  readonly step: Step;
  readonly status: ScenarioStatus;
  readonly ms: number;
  /** Why it failed. */
  readonly failure?: Failure;
  /** Why it can't be run. */
  readonly problem?: Diagnostic;
}

/** What did not hold, in words of the test. */
export interface Failure {
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  /** What to do next. */
  readonly hint?: string;
  /** The configuration itself is wrong: the exit code is 3. */
  readonly invalid?: true;
  /** Further lines: diagnostics of a blueprint, what a command printed. */
  readonly details?: readonly string[];
}

/** The end of the output of a workload. */
export interface LogEnd {
  readonly name: string;
  readonly lines: readonly string[];
}

export interface ScenarioResult {
  readonly feature: Feature;
  readonly scenario: Scenario;
  readonly status: ScenarioStatus;
  readonly ms: number;
  readonly steps: readonly StepResult[];
  /** What could not be taken away again: it counts as a failure. */
  readonly teardown?: Failure;
  /** Of a failed one. */
  readonly logs: readonly LogEnd[];
}

export interface Counts {
  readonly total: number;
  readonly passed: number;
  readonly failed: number;
  readonly undefined: number;
  readonly skipped: number;
}

export function countsOf(results: readonly { readonly status: ScenarioStatus }[]): Counts {
  const of = (status: ScenarioStatus) => results.filter((result) => result.status === status).length;
  return { total: results.length, passed: of('passed'), failed: of('failed'), undefined: of('undefined'), skipped: of('skipped') };
}
