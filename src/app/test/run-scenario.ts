import { setMaxListeners } from 'node:events';
import { stripVTControlCharacters } from 'node:util';
import type { PlannedScenario, PlannedStep } from '../../gherkin/plan.ts';
import type { Failure, LogEnd, ScenarioResult, ScenarioStatus, StepResult } from '../../gherkin/result.ts';
import type { Io } from '../io.ts';
import { lastLinesOf } from '../last-lines.ts';
import { failureOf, StepFailure } from './failure.ts';
import { tearDown } from './teardown.ts';
import { type Target, type TestSettings, World } from './world.ts';

export interface ScenarioOptions {
  readonly io: Io;
  readonly settings: TestSettings;
  readonly target: Target;
  /** It stays when it is done; told where. */
  readonly keep?: (home: string) => void;
  /** What is being done now. */
  doing(text: string): void;
}

/** How long a step has to end by itself when its time is over, before it is left behind. */
const GRACE_MS = 2_000;
const LOG_LINES = 5;

/** Runs a scenario in a home of its own, up to the first step that fails, and takes everything away again. */
export async function runScenario(planned: PlannedScenario<World>, options: ScenarioOptions): Promise<ScenarioResult> {
  const { feature, scenario, steps } = planned;
  const { io } = options;
  const started = performance.now();
  const result = (status: ScenarioStatus, done: readonly StepResult[], more: Partial<ScenarioResult> = {}): ScenarioResult => ({
    feature,
    scenario,
    status,
    ms: performance.now() - started,
    steps: done,
    logs: [],
    ...more,
  });
  if (steps.some((step) => 'problem' in step)) return result('undefined', steps.map(notRun));
  if (io.signal.aborted || steps.length === 0) return result('skipped', steps.map(notRun));
  const world = await World.create(options);
  const done: StepResult[] = [];
  for (const step of steps) {
    const failed = done.some(({ status }) => status !== 'passed');
    if (failed || io.signal.aborted) done.push(notRun(step));
    else {
      options.doing(`${scenario.name}: ${step.step.text}`);
      done.push(await runStep(step, world));
    }
  }
  const passed = done.every(({ status }) => status === 'passed');
  const logs = passed || io.signal.aborted ? [] : await logsOf(world);
  const kept = options.keep && !io.signal.aborted;
  const teardown = kept ? undefined : await tearDown(world);
  if (kept) options.keep?.(world.home.root);
  // What a stopped one has not shown is neither right nor wrong.
  const status = teardown || done.some((step) => step.status === 'failed') ? 'failed' : passed ? 'passed' : 'skipped';
  return result(status, done, { logs, ...(teardown ? { teardown } : {}) });
}

/** For a plan that is only looked at, too. */
export function notRun(planned: PlannedStep<World>): StepResult {
  const { step } = planned;
  if ('problem' in planned) return { step, status: 'undefined', ms: 0, problem: planned.problem };
  return { step, status: 'skipped', ms: 0 };
}

async function runStep(planned: PlannedStep<World>, world: World): Promise<StepResult> {
  const { step } = planned;
  if ('problem' in planned) return notRun(planned);
  const started = performance.now();
  const of = (status: ScenarioStatus, failure?: Failure): StepResult => ({
    step,
    status,
    ms: performance.now() - started,
    ...(failure ? { failure } : {}),
  });
  try {
    const { definition, input } = planned;
    await inTime(world, definition.limit === 'ready' ? readyLimit(world) : world.settings.stepMs, () => definition.run(world, input));
    return of('passed');
  } catch (error) {
    // Stopped by the user: no verdict.
    if (world.io.signal.aborted) return of('skipped');
    return of('failed', failureOf(error, world.takePrinted()));
  } finally {
    world.takePrinted();
  }
}

/** Blueprints may have to be fetched before; the wait for readiness has its own limit. */
const readyLimit = ({ settings }: World): number => settings.readyMs + 120_000;

/** A step stops by the signal of its world, and says what it has seen last. One that does not is given up a little later. */
async function inTime(world: World, limitMs: number, work: () => Promise<unknown>): Promise<void> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  world.signal = AbortSignal.any([world.io.signal, limit.signal]);
  setMaxListeners(0, world.signal);
  let giveUp: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    world.signal.addEventListener('abort', () => {
      giveUp = setTimeout(() => reject(new StepFailure(`it did not end within ${limitMs / 1000} s`)), GRACE_MS);
    });
  });
  try {
    await Promise.race([work(), late]);
  } finally {
    clearTimeout(timer);
    clearTimeout(giveUp);
  }
}

/** What the workloads said last. */
async function logsOf(world: World): Promise<LogEnd[]> {
  const report = await world.ask('status', {}).catch(() => undefined);
  const sources = report ? [...report.workloads, ...report.runs.filter(({ state }) => state === 'failed')] : [];
  const ends = await Promise.all(
    sources.map(async ({ name, log }) => ({
      name,
      lines: (await lastLinesOf(log, LOG_LINES)).map((line) => stripVTControlCharacters(line)),
    })),
  );
  return ends.filter(({ lines }) => lines.length > 0);
}
