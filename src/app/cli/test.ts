import { setMaxListeners } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Diagnostic, diagnosticToJson, hasErrors, renderBriefly, renderDiagnostic } from '../../base/diagnostic.ts';
import { ERRORS, MeshError, messageOf } from '../../base/errors.ts';
import type { Input } from '../../commands/command.ts';
import type { Feature } from '../../gherkin/feature.ts';
import { parseFeature } from '../../gherkin/parse.ts';
import { type Plan, planOf } from '../../gherkin/plan.ts';
import { reportOf } from '../../gherkin/report/json.ts';
import { renderJunit } from '../../gherkin/report/junit.ts';
import { renderScenario, renderSummary } from '../../gherkin/report/spec.ts';
import type { ScenarioResult } from '../../gherkin/result.ts';
import { parseTags } from '../../gherkin/tags.ts';
import { progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { type FoundFeature, findFeatures } from '../test/find-features.ts';
import { runPlan } from '../test/run-plan.ts';
import { notRun, runScenario } from '../test/run-scenario.ts';
import { stepsJson, stepsText } from '../test/step-list.ts';
import { STEPS } from '../test/steps/index.ts';
import type { Target, TestSettings, World } from '../test/world.ts';
import { choiceOption, durationOption, givenValues } from './options.ts';

const OUTPUTS = ['spec', 'junit', 'json'] as const;

/** `mesh test`: runs the feature files of a blueprint, each scenario in a home of its own. */
export async function test(input: Input, io: Io): Promise<number> {
  const output = input.options['json'] === true ? 'json' : choiceOption(input, 'output', OUTPUTS);
  if (input.options['steps'] === true) {
    io.out(output === 'json' ? stepsJson(STEPS) : stepsText(STEPS));
    return 0;
  }
  const { settings, parallel } = settingsOf(input, io);
  const testFolder = String(input.options['testFolder']);
  const found = await findFeatures({ args: input.args, testFolder, update: settings.update }, io);
  const plan = planFrom(found, input, output === 'json', io);
  const targets = new Map(found.map(({ source, target }) => [source.name, target]));
  const started = performance.now();
  const results =
    input.options['dryRun'] === true
      ? await showPlan(plan, output === 'spec', io)
      : await runAll(plan, { targets, settings, parallel, keepLast: input.options['dontDestroy'] === true, show: output === 'spec' }, io);
  const ms = performance.now() - started;
  const { junit } = input.options;
  if (typeof junit === 'string') await writeReport(resolve(io.cwd, junit), renderJunit(results, ms));
  if (output === 'json') io.out(`${JSON.stringify(reportOf(results, ms), undefined, 2)}\n`);
  else if (output === 'junit') io.out(renderJunit(results, ms));
  else io.out(renderSummary(results, ms, await outStyle(io)));
  return exitOf(plan, results, input.options['dryRun'] === true, io);
}

const outStyle = (io: Io) => styleOf(io.terminal.colour && io.terminal.stdoutIsTty);

function settingsOf(input: Input, io: Io): { settings: TestSettings; parallel: number } {
  const parallel = String(input.options['parallel']);
  if (!/^[1-9]\d?$/.test(parallel))
    throw new MeshError('usage', `--parallel is not a number of scenarios: ${JSON.stringify(parallel)}`, {
      hint: 'expected a number from 1 to 99',
    });
  const ports = choiceOption(input, 'ports', ['fixed', 'auto']);
  if (ports === 'fixed' && Number(parallel) > 1)
    throw new MeshError('usage', 'scenarios that run at the same time can’t have the same ports', {
      hint: 'leave out --ports fixed, or --parallel',
    });
  const settings: TestSettings = {
    given: givenValues(input, io.cwd),
    update: input.options['forceUpdate'] === true,
    purge: input.options['purge'] === true,
    ports,
    readyMs: durationOption(input, 'timeout'),
    stepMs: durationOption({ ...input, options: { ...input.options, 'step-timeout': input.options['stepTimeout'] } }, 'step-timeout'),
  };
  return { settings, parallel: Number(parallel) };
}

/** Reads all files before anything is run. Throws `invalid` if one of them is wrong. */
function planFrom(found: readonly FoundFeature[], input: Input, json: boolean, io: Io): Plan<World> {
  const { tags: given } = input.options;
  const tags = parseTags(typeof given === 'string' ? given : undefined);
  if (!tags.ok)
    throw new MeshError('usage', `--tags ${JSON.stringify(given)} is not an expression of tags: ${tags.error}`, {
      hint: "for example: --tags '@wip and not @slow'",
    });
  const parsed = found.map(({ source }) => parseFeature(source));
  refuse(
    parsed.flatMap(({ diagnostics }) => diagnostics),
    json,
    io,
  );
  const features = parsed.flatMap(({ feature }) => feature ?? []);
  const lines = new Map(found.flatMap(({ source, lines: chosen }) => (chosen ? [[source.name, chosen] as const] : [])));
  const plan = planOf(features, STEPS, { tags: tags.value, lines });
  if (plan.scenarios.length === 0) throw nothingChosen(features, given, lines);
  return plan;
}

function refuse(diagnostics: readonly Diagnostic[], json: boolean, io: Io): void {
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
    if (!json) for (const diagnostic of diagnostics) io.err(`${renderDiagnostic(diagnostic)}\n\n`);
    const message = `the feature files have ${errors} error${errors === 1 ? '' : 's'}; nothing was run`;
    throw new MeshError('invalid', message, json ? { diagnostics: diagnostics.map(diagnosticToJson) } : {});
  }
  if (!json) for (const diagnostic of diagnostics) io.err(`${renderBriefly(diagnostic)}\n`);
}

/** No test at all is no success. */
function nothingChosen(features: readonly Feature[], tags: unknown, lines: ReadonlyMap<string, readonly number[]>): MeshError {
  const scenarios = features.flatMap((feature) => feature.scenarios);
  if (lines.size > 0) {
    const there = scenarios.map((scenario) => scenario.lines.at(-1)).join(', ');
    return new MeshError('failed', 'no scenario begins on these lines', { hint: `scenarios begin on lines: ${there}` });
  }
  if (scenarios.length === 0) return new MeshError('failed', 'there is no scenario in the feature files');
  const known = [...new Set(scenarios.flatMap((scenario) => scenario.tags))];
  return new MeshError('failed', `no scenario is chosen by --tags ${JSON.stringify(tags)}`, {
    hint: known.length === 0 ? 'no scenario has tags' : `there are: ${known.join(', ')}`,
  });
}

interface RunOptions {
  readonly targets: ReadonlyMap<string, Target>;
  readonly settings: TestSettings;
  readonly parallel: number;
  readonly keepLast: boolean;
  /** Print each scenario when it is done. */
  readonly show: boolean;
}

async function runAll(plan: Plan<World>, { targets, settings, parallel, keepLast, show }: RunOptions, io: Io): Promise<ScenarioResult[]> {
  // Whatever is under way listens for a Ctrl-C: many calls at a time, of many scenarios.
  setMaxListeners(0, io.signal);
  const style = await outStyle(io);
  const progressStyle = await styleOf(io.terminal.colour);
  const begin = () => progressOf({ animate: io.terminal.animate, quiet: !io.terminal.animate, style: progressStyle, err: io.err });
  let progress = begin();
  let before: ScenarioResult | undefined;
  let kept: string | undefined;
  try {
    const results = await runPlan(plan.scenarios, {
      parallel,
      run: (planned, index) =>
        runScenario(planned, {
          io,
          settings,
          target: targets.get(planned.feature.source.name)!,
          doing: (text) => progress.doing(text),
          ...(keepLast && index === plan.scenarios.length - 1 ? { keep: (home: string) => (kept = home) } : {}),
        }),
      done(result) {
        progress.stop();
        if (show) io.out(renderScenario(result, before, style));
        before = result;
        progress = begin();
      },
    });
    progress.stop();
    if (kept !== undefined)
      io.err(`The last scenario still runs: \`MESH_HOME=${kept} mesh status\`; \`MESH_HOME=${kept} mesh purge -y\` removes it\n`);
    return results;
  } finally {
    progress.stop();
  }
}

/** `--dry-run`: what would be run. */
async function showPlan({ scenarios }: Plan<World>, show: boolean, io: Io): Promise<ScenarioResult[]> {
  const results = scenarios.map(({ feature, scenario, steps }): ScenarioResult => {
    const done = steps.map(notRun);
    return {
      feature,
      scenario,
      status: done.some(({ status }) => status === 'undefined') ? 'undefined' : 'skipped',
      ms: 0,
      steps: done,
      logs: [],
    };
  });
  const style = await outStyle(io);
  if (show) for (const [i, result] of results.entries()) io.out(renderScenario(result, results[i - 1], style));
  return results;
}

async function writeReport(path: string, text: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  } catch (error) {
    throw new MeshError('environment', `${path} can't be written: ${messageOf(error)}`);
  }
}

function exitOf(plan: Plan<World>, results: readonly ScenarioResult[], dryRun: boolean, io: Io): number {
  if (io.signal.aborted) return io.signal.reason instanceof MeshError ? ERRORS[io.signal.reason.code].exit : ERRORS.interrupted.exit;
  if (dryRun) return plan.problems.length === 0 ? 0 : ERRORS.failed.exit;
  if (results.some(({ steps }) => steps.some(({ failure }) => failure?.invalid))) return ERRORS.invalid.exit;
  return results.every(({ status }) => status === 'passed') ? 0 : ERRORS.failed.exit;
}
