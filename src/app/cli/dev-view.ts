import { type Diagnostic, diagnosticToJson, renderBriefly } from '../../base/diagnostic.ts';
import { errorToJson, type MeshError } from '../../base/errors.ts';
import { shellWord } from '../../base/shell-word.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import { shownPath } from '../../blueprints/paths.ts';
import type { PlannedCause, PlanReport } from '../../blueprints/plan-report.ts';
import { renderError } from '../../ui/errors.ts';
import { styleOf } from '../../ui/style.ts';
import type { Io } from '../io.ts';
import { VERSION } from '../version.ts';
import { placeIn, planJson } from './plan.ts';
import { planText } from './plan-view.ts';
import { counted, countOf, showDiagnostics } from './report-diagnostics.ts';

/** What happens while a blueprint is being worked on. */
export interface DevView {
  watching(files: number): void;
  /** Absolute paths. */
  changed(paths: readonly string[]): void;
  /** Those that were not told before. `shown`: somebody else tells them. */
  warnings(diagnostics: readonly Diagnostic[], options: { readonly shown: boolean }): void;
  /** Nothing was changed. */
  invalid(diagnostics: readonly Diagnostic[]): Promise<void>;
  plan(report: PlanReport, loaded: LoadResult): void;
  unchanged(): void;
  ready(ms: number): void;
  failed(error: MeshError): Promise<void>;
  /** `running`: the blueprint goes on. */
  ended(running: boolean): void;
}

/** Lines for people; what is wrong goes to standard error. */
export async function textView({ name, typed }: LocatedBlueprint, io: Io): Promise<DevView> {
  const style = await styleOf(io.terminal.colour && io.terminal.stdoutIsTty);
  const told = new Set<string>();
  const line = (text: string) => io.out(`${text}\n`);
  return {
    watching: (files) => line(style.dim(`Watching ${counted(files, 'file')}; Ctrl-C ends that, and leaves ${name} running`)),
    changed: (paths) => line(`\nChanged: ${paths.map((path) => shownPath(path, io.cwd)).join(', ')}`),
    warnings(diagnostics, { shown }) {
      for (const text of diagnostics.map(renderBriefly)) {
        if (!shown && !told.has(text)) io.err(`${text}\n`);
        told.add(text);
      }
    },
    async invalid(diagnostics) {
      await showDiagnostics(
        diagnostics.filter(({ severity }) => severity === 'error'),
        io,
      );
      const errors = counted(countOf('error', diagnostics), 'error');
      line(style.error(`${name} has ${errors}: what runs stays as it is. Waiting for the next change`));
    },
    plan(report, loaded) {
      const placeOf = (key: string, cause: PlannedCause) => placeIn(loaded, key, cause);
      io.out(planText(report, { typed, cwd: io.cwd, placeOf, interactive: false }, style));
    },
    unchanged: () => line('Nothing to do: that changes nothing of what runs'),
    ready: (ms) => line(`${style.good(`${name} is ready`)}, after ${(ms / 1000).toFixed(2)} s`),
    async failed(error) {
      await renderError(error, { json: false, colour: io.terminal.colour, out: io.out, err: io.err, version: VERSION });
      line(style.error('What works stays as it is. Waiting for the next change'));
    },
    ended: (running) =>
      line(running ? `\n${name} goes on running; to remove it: mesh destroy ${shellWord(typed)}` : `\nNothing of ${name} runs`),
  };
}

/** One event a line. */
export function jsonView(io: Io): DevView {
  const event = (name: string, more: object = {}) => io.out(`${JSON.stringify({ event: name, ...more })}\n`);
  return {
    watching: (files) => event('watching', { files }),
    changed: (files) => event('changed', { files }),
    warnings(diagnostics) {
      if (diagnostics.length > 0) event('warnings', { diagnostics: diagnostics.map(diagnosticToJson) });
    },
    invalid: (diagnostics) => Promise.resolve(event('invalid', { diagnostics: diagnostics.map(diagnosticToJson) })),
    plan(report, loaded) {
      const { changes, ...plan } = planJson(report, loaded);
      event('plan', { ...plan, changes: changes.filter(({ action }) => action !== 'keep') });
    },
    unchanged: () => event('unchanged'),
    ready: (ms) => event('ready', { ms: Math.round(ms) }),
    failed: (error) => Promise.resolve(event('failed', { error: errorToJson(error) })),
    ended: (running) => event('ended', { running }),
  };
}
