import { isDeepStrictEqual } from 'node:util';
import { MeshError } from '../../base/errors.ts';
import type { ApplyEvent } from '../../blueprints/engine.ts';
import type { DeferredResource, DesiredGraph } from '../../blueprints/graph.ts';
import { type Progress, progressOf } from '../../ui/progress.ts';
import { styleOf } from '../../ui/style.ts';
import { type Home, readAgentRecord } from '../home.ts';
import type { Io } from '../io.ts';
import { type CallOptions, call, NotServed } from '../rpc/client.ts';
import { AGENT_ENDING, type Params, type RunResult } from '../rpc/protocol.ts';
import { VERSION } from '../version.ts';
import { type AgentStart, agentAnswers, ensureAgent, type Standby, standbyAgent } from './agent-process.ts';
import { type Read, type ReadWithBases, readWithBases } from './bases.ts';
import { introduction } from './introduction.ts';
import { type LoadSettings, load } from './load.ts';
import { locate, type ReadOptions } from './locate.ts';
import { openPages } from './open-pages.ts';
import { reportDiagnostics } from './report-diagnostics.ts';
import { runSummary, showEvents } from './run-view.ts';

/** What `mesh run` asks for. */
export interface RunRequest {
  /** The blueprint as typed; undefined: the current folder. */
  readonly argument: string | undefined;
  /** Blueprints whose place it takes, as typed. */
  readonly replace: readonly string[];
  readonly reading: ReadOptions;
  readonly timeoutMs: number;
  /** For an agent that has to be started. */
  readonly start: AgentStart;
  /** Open its pages, on a terminal. */
  readonly browser: boolean;
  readonly quiet: boolean;
  readonly json: boolean;
}

/** Reads and checks a blueprint here, lets the agent apply it, and returns when it is ready: first what it builds on, if that does not run. */
export async function runBlueprint(request: RunRequest, home: Home, io: Io): Promise<number> {
  const started = performance.now();
  const { quiet, json, start } = request;
  const style = await styleOf(io.terminal.colour);
  const progress = progressOf({ animate: io.terminal.animate, quiet, style, err: io.err });
  const line = (text: string) => progress.line(text);
  try {
    const reading = { ...request.reading, doing: (text: string) => progress.doing(text) };
    const blueprint = await locate(request.argument, home, io, reading);
    line(`Using ${blueprint.shown}${blueprint.shipped ? ` (\`mesh blueprints copy ${blueprint.name}\` puts it here to edit)` : ''}`);
    const replacing =
      request.replace.length === 0 ? [] : await (await import('./replaced.ts')).replacedBy(blueprint, request.replace, { home, io, line });
    const standby = (await agentAnswers(home)) ? undefined : (io.standby ?? standbyAgent(io));
    if (!standby) noteHttpPort(start.httpPort, home, line);
    let read: ReadWithBases;
    try {
      read = await readWithBases(blueprint, home, io, { ...reading, replacing });
      for (const one of [...read.before, read]) await report(one, request, io);
    } catch (error) {
      standby?.abandon();
      throw error;
    }
    io.signal.throwIfAborted();
    if (standby) await begin(standby, start, home, io, line);
    const stopping = () => line('Stopping at the next safe point; Ctrl-C again leaves at once');
    io.signal.addEventListener('abort', stopping, { once: true });
    const parts = { request, home, io, progress, onEvent: showEvents(progress, style) };
    for (const base of read.before) {
      line(`${blueprint.name} builds on ${base.blueprint.name}, which does not run: it comes first`);
      await bringUp(base, { doing: reading.doing }, parts);
    }
    const settings = { ...reading, replacing };
    const { bases, before } = read;
    // It was checked against what was to come; now that is there.
    const own = before.length === 0 ? read : { blueprint, bases, loaded: await load(blueprint, home, io, { ...settings, bases }) };
    if (before.length > 0) await report(own, { ...request, quiet: read.later === undefined || quiet }, io);
    const { graph, result } = await bringUp(own, settings, parts);
    progress.stop();
    const { blueprint: ref } = graph;
    const first = before.map(({ loaded }) => loaded.graph!.blueprint);
    const ms = Math.round(performance.now() - started);
    if (json) io.out(`${JSON.stringify({ blueprint: ref, first, ms, ...result }, undefined, 2)}\n`);
    else if (!quiet) {
      // Progress is on stderr and coloured for it; the summary may go to a file.
      const ofSummary = io.terminal.stdoutIsTty ? style : await styleOf(false);
      if (io.terminal.stdoutIsTty) io.out(introduction(ref.metadata, { style: ofSummary, columns: io.terminal.columns }));
      io.out(runSummary(ref, result, performance.now() - started, ofSummary));
      if (request.browser) openPages(result.browse, io);
    }
    return 0;
  } finally {
    progress.stop();
  }
}

interface Parts {
  readonly request: RunRequest;
  readonly home: Home;
  readonly io: Io;
  readonly progress: Progress;
  readonly onEvent: (event: ApplyEvent) => void;
}

function report({ blueprint, loaded }: Read, { json, quiet }: Pick<RunRequest, 'json' | 'quiet'>, io: Io): Promise<void> {
  return reportDiagnostics(loaded, { json, quiet: quiet || blueprint.shipped }, io);
}

/** Lets the agent apply a blueprint that was read; again, as long as what was applied gives values that others need. */
async function bringUp(
  { blueprint, bases, loaded: first }: Read,
  settings: LoadSettings,
  { request, home, io, progress, onEvent }: Parts,
): Promise<{ graph: DesiredGraph; result: RunResult }> {
  const { timeoutMs, start, json } = request;
  const { replacing = [] } = settings;
  progress.doing(`Running ${blueprint.name}`);
  const options = { version: VERSION, cancel: io.signal, detach: io.detach, onEvent };
  const applyGraph = (round: DesiredGraph): Promise<RunResult> =>
    apply({ graph: { ...round, typed: blueprint.typed }, timeoutMs, ports: start.ports, replacing }, options, home, () =>
      begin(undefined, start, home, io, (text) => progress.line(text)),
    );
  const graph = first.graph!;
  let result = await applyGraph(graph);
  const browse = new Set(result.browse);
  let loaded = first;
  // What was applied may give values that others need: read again, it may ask for more.
  for (let before = graph; loaded.refersToOutputs; ) {
    loaded = await load(blueprint, home, io, { ...settings, bases });
    await reportDiagnostics(loaded, { json, quiet: true, begun: true }, io);
    const now = loaded.graph!;
    if (sameResources(before, now)) {
      if (now.deferred) throw stillUnknown(now.deferred);
      break;
    }
    result = await applyGraph(now);
    for (const page of result.browse) browse.add(page);
    before = now;
  }
  return { graph, result: { ...result, browse: [...browse] } };
}

/** Whether there is nothing more to apply: the same resources, none of which still waits for something that can come. */
const sameResources = (a: DesiredGraph, b: DesiredGraph): boolean =>
  isDeepStrictEqual([a.resources, a.deferred], [b.resources, b.deferred]);

/** Everything was applied, and a value is still missing. */
function stillUnknown(deferred: readonly DeferredResource[]): MeshError {
  const { key, dependsOn } = deferred[0]!;
  const others = deferred.length > 1 ? `, nor ${deferred.length - 1} more` : '';
  return new MeshError(
    'incomplete',
    `${key} could not be made${others}: a value that it needs of ${dependsOn.join(', ')} is still not known`,
  );
}

/** The agent that runs keeps its port. */
function noteHttpPort(wanted: number | undefined, home: Home, line: (text: string) => void): void {
  const http = readAgentRecord(home)?.http;
  if (wanted === undefined || wanted === 0 || http === undefined || http.endsWith(`:${wanted}`)) return;
  line(`--http-port ${wanted} has no effect: the agent runs already, with its HTTP API on ${http} (\`mesh agent stop\` first)`);
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
