import type { PlannedScenario } from '../../gherkin/plan.ts';
import type { ScenarioResult } from '../../gherkin/result.ts';
import type { World } from './world.ts';

export interface PlanOptions {
  /** How many scenarios at a time. */
  readonly parallel: number;
  readonly run: (planned: PlannedScenario<World>, index: number) => Promise<ScenarioResult>;
  /** In the order of the plan, as soon as it is a scenario's turn. */
  readonly done: (result: ScenarioResult) => void;
}

/** Runs all scenarios of a plan; the results are in its order. */
export async function runPlan(
  scenarios: readonly PlannedScenario<World>[],
  { parallel, run, done }: PlanOptions,
): Promise<ScenarioResult[]> {
  const results: (ScenarioResult | undefined)[] = scenarios.map(() => undefined);
  let next = 0;
  let shown = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < scenarios.length; index = next++) {
      results[index] = await run(scenarios[index]!, index);
      for (let result = results[shown]; result; result = results[shown]) {
        shown++;
        done(result);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, scenarios.length) }, worker));
  return results.filter((result) => result !== undefined);
}
