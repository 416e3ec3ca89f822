import { describeRange } from '../../base/source.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import type { PlannedCause, PlanReport } from '../../blueprints/plan-report.ts';
import type { Input } from '../../commands/command.ts';
import { progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { type CallOptions, call } from '../rpc/client.ts';
import type { Params } from '../rpc/protocol.ts';
import { VERSION } from '../version.ts';
import { agentAnswers } from './agent-process.ts';
import { graphsBefore, readNow } from './bases.ts';
import { locate } from './locate.ts';
import { choiceOption, givenValues, listOption } from './options.ts';
import { planSummary, planText } from './plan-view.ts';
import { reportDiagnostics } from './report-diagnostics.ts';
import { showEvents } from './run-view.ts';

/** What `--detailed-exitcode` makes of a plan with something to do. */
const CHANGES = 10;

/** `mesh plan`: what `mesh run` would do, decided by the code that a run decides with. Starts nothing. */
export async function plan(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const json = input.options['json'] === true;
  const quiet = input.options['quiet'] === true;
  const style = await styleOf(io.terminal.colour);
  const progress = progressOf({ animate: io.terminal.animate, quiet: quiet || json, style, err: io.err });
  try {
    const reading = {
      given: givenValues(input, io.cwd),
      update: input.options['forceUpdate'] === true,
      doing: (text: string) => progress.doing(text),
    };
    const ports = choiceOption(input, 'ports', ['fixed', 'auto']);
    const blueprint = await locate(input.args[0], home, io, reading);
    const line = (text: string) => progress.line(text);
    line(`Using ${blueprint.shown}`);
    const replace = listOption(input, 'replace');
    const replacing = replace.length === 0 ? [] : await (await import('./replaced.ts')).replacedBy(blueprint, replace, { home, io, line });
    const read = await readNow(blueprint, home, io, { ...reading, replacing });
    const { loaded } = read;
    await reportDiagnostics(loaded, { json, quiet: quiet || blueprint.shipped }, io);
    progress.doing(`Planning ${blueprint.name}`);
    const graph = { ...loaded.graph!, typed: blueprint.typed };
    const agent = await agentAnswers(home);
    const report = await planned({ graph, ports, replacing, after: graphsBefore(read) }, agent, home, {
      version: VERSION,
      cancel: io.signal,
      detach: io.detach,
      onEvent: showEvents(progress, style),
    });
    progress.stop();
    if (json) io.out(`${JSON.stringify({ agent, ...planJson(report, loaded) }, undefined, 2)}\n`);
    else if (!quiet) {
      const placeOf = (key: string, cause: PlannedCause) => placeIn(loaded, key, cause);
      io.out(
        planText(
          report,
          { ...blueprint, cwd: io.cwd, placeOf, interactive: io.terminal.stdoutIsTty },
          io.terminal.stdoutIsTty ? style : await styleOf(false),
        ),
      );
    }
    return input.options['detailedExitcode'] === true && hasChanges(report) ? CHANGES : 0;
  } finally {
    progress.stop();
  }
}

/**
 * What a run would do: as the agent says; without one, from what the last one has left in its journal, and whether all of that
 * still works nobody can tell.
 */
export async function planned(params: Params<'plan'>, agent: boolean, home: Home, options: CallOptions<'plan'>): Promise<PlanReport> {
  if (agent) return call(home.agentSocket, 'plan', params, options);
  const { planOf } = await import('./plan-saved.ts');
  const { graph, ...asked } = params;
  return planOf(graph, asked, home);
}

/** Whether a run has something to do. */
export function hasChanges({ first, changes, deferred, resumes }: PlanReport): boolean {
  return first.length > 0 || resumes || deferred.length > 0 || changes.some(({ action }) => action !== 'keep');
}

/** Where the attribute stands that is the cause: `shop/web.hcl:7:5`. */
export function placeIn({ placeOf }: LoadResult, key: string, cause: PlannedCause): string | undefined {
  const range = cause.kind === 'attribute' ? placeOf?.(key, cause.at ?? cause.path) : undefined;
  return range && describeRange(range);
}

/** The stable `--json` form. */
export function planJson(report: PlanReport, loaded: LoadResult) {
  const { blueprint, replaces, resumes, deferred } = report;
  const changes = report.changes.map((change) => ({
    ...change,
    causes: change.causes.map((cause) => {
      const { at: _, ...told } = cause;
      const place = placeIn(loaded, change.key, cause);
      return place === undefined ? told : { ...told, place };
    }),
  }));
  const first = report.first.map((one) => ({
    blueprint: one.blueprint,
    summary: planSummary(one),
    deferred: one.deferred,
    changes: one.changes,
  }));
  return { blueprint, first, summary: planSummary(report), replaces, resumes, deferred, changes };
}
