import { diagnosticToJson, hasErrors, renderDiagnostic } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { LoadResult } from '../../blueprints/load.ts';
import type { Input } from '../../commands/command.ts';
import { progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { type CallOptions, call, NotServed } from '../rpc/client.ts';
import { AGENT_ENDING, type Params, type RunResult } from '../rpc/protocol.ts';
import { VERSION } from '../version.ts';
import { type AgentStart, agentAnswers, ensureAgent, type Standby, standbyAgent } from './agent-process.ts';
import { introduction } from './introduction.ts';
import { load, locate } from './load.ts';
import { choiceOption, durationOption, givenValues, portOption } from './options.ts';
import { describeEvent, runSummary } from './run-view.ts';

/** `mesh run`: read and check the blueprint here, let the agent apply it, return when it is ready. */
export async function run(input: Input, io: Io): Promise<number> {
  const started = performance.now();
  const timeoutMs = durationOption(input, 'timeout');
  const ports = choiceOption(input, 'ports', ['fixed', 'auto']);
  const httpPort = portOption(input, 'http-port', 'httpPort');
  const given = givenValues(input, io.cwd);
  const start: AgentStart = { ports, ...(httpPort === undefined ? {} : { httpPort }) };
  const quiet = input.options['quiet'] === true;
  const json = input.options['json'] === true;
  const style = await styleOf(io.terminal.colour);
  const progress = progressOf({ animate: io.terminal.animate, quiet, style, err: io.err });
  try {
    const home = homeOf(io.env, io.cwd);
    const reading = { given, update: input.options['forceUpdate'] === true, doing: (text: string) => progress.doing(text) };
    const blueprint = await locate(input.args[0], home, io, reading);
    progress.line(
      `Using ${blueprint.shown}${blueprint.shipped ? ` (\`mesh blueprints copy ${blueprint.name}\` puts it here to edit)` : ''}`,
    );
    const standby = (await agentAnswers(home)) ? undefined : (io.standby ?? standbyAgent(io));
    let loaded: LoadResult;
    try {
      loaded = await load(blueprint, home, io, reading);
      reportDiagnostics(loaded, { json, quiet: quiet || blueprint.shipped }, io);
    } catch (error) {
      standby?.abandon();
      throw error;
    }
    const graph = loaded.graph!;
    io.signal.throwIfAborted();
    const line = (text: string) => progress.line(text);
    if (standby) await begin(standby, start, home, io, line);
    progress.doing(`Running ${blueprint.name}`);
    const stopping = () => progress.line('Stopping at the next safe point; Ctrl-C again leaves at once');
    io.signal.addEventListener('abort', stopping, { once: true });
    const options = {
      version: VERSION,
      cancel: io.signal,
      detach: io.detach,
      onEvent: (event: ApplyEvent) => describeEvent(event, progress, style),
    };
    const result = await apply({ graph, timeoutMs, ports }, options, home, () => begin(undefined, start, home, io, line));
    progress.stop();
    if (json)
      io.out(`${JSON.stringify({ blueprint: graph.blueprint, ms: Math.round(performance.now() - started), ...result }, undefined, 2)}\n`);
    else if (!quiet) {
      // Progress is on stderr and coloured for it; the summary may go to a file.
      const ofSummary = io.terminal.stdoutIsTty ? style : await styleOf(false);
      if (io.terminal.stdoutIsTty) io.out(introduction(graph.blueprint.metadata, { style: ofSummary, columns: io.terminal.columns }));
      io.out(runSummary(graph.blueprint.name, result, performance.now() - started, ofSummary));
    }
    return 0;
  } finally {
    progress.stop();
  }
}

async function begin(standby: Standby | undefined, start: AgentStart, home: Home, io: Io, line: (text: string) => void): Promise<void> {
  const begun = await ensureAgent(standby, start, home, io);
  if (!begun) return;
  const { record, movedFrom } = begun;
  const moved = movedFrom === undefined ? '' : ` (port ${movedFrom} is taken)`;
  line(`Started the agent: pid ${record.pid}, HTTP API on ${record.http}${moved}`);
}

/** Calls the agent; if it turns out to be ending with its last blueprint, a new one. */
async function apply(params: Params<'run'>, options: CallOptions<'run'>, home: Home, restart: () => Promise<void>): Promise<RunResult> {
  try {
    return await call(home.agentSocket, 'run', params, options);
  } catch (error) {
    const ending = error instanceof MeshError && error.message === AGENT_ENDING;
    if (!ending && !(error instanceof NotServed)) throw error;
    await restart();
    return call(home.agentSocket, 'run', params, options);
  }
}

/**
 * Warnings go to stderr, unless there is nothing that the user could change (a shipped blueprint); errors end the command
 * with all of them.
 */
function reportDiagnostics({ diagnostics }: LoadResult, { json, quiet }: { json: boolean; quiet: boolean }, io: Io): void {
  if (hasErrors(diagnostics)) {
    const errors = diagnostics.filter((diagnostic) => diagnostic.severity === 'error').length;
    if (!json) for (const diagnostic of diagnostics) io.err(`${renderDiagnostic(diagnostic)}\n\n`);
    const message = `the blueprint has ${errors} error${errors === 1 ? '' : 's'}; nothing was changed`;
    throw new MeshError('invalid', message, json ? { diagnostics: diagnostics.map(diagnosticToJson) } : {});
  }
  // Warnings are many words for something that works: the place and the point, on one line each.
  if (!json && !quiet)
    for (const { detail: _, hint: __, ...diagnostic } of diagnostics) io.err(`${renderDiagnostic(diagnostic).split('\n', 1)[0]}\n`);
}
