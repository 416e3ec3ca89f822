import { hasErrors } from '../../base/diagnostic.ts';
import { MeshError } from '../../base/errors.ts';
import type { LocatedBlueprint } from '../../blueprints/locate.ts';
import type { Input } from '../../commands/command.ts';
import { type Home, homeOf } from '../home.ts';
import type { Io } from '../io.ts';
import { VERSION } from '../version.ts';
import { agentAnswers } from './agent-process.ts';
import { applied } from './applied.ts';
import { graphsBefore, readNow } from './bases.ts';
import { type DevView, jsonView, textView } from './dev-view.ts';
import { locate } from './locate.ts';
import { choiceOption, durationOption, givenValues, portOption } from './options.ts';
import { hasChanges, planned } from './plan.ts';
import { type RunRequest, runBlueprint } from './run-blueprint.ts';
import { SeenFiles } from './seen-files.ts';
import { WatchedFiles } from './watched-files.ts';

/** `mesh dev`: runs a blueprint, and again after every change of what it was read from, until Ctrl-C. It goes on running then. */
export async function dev(input: Input, io: Io): Promise<number> {
  const home = homeOf(io.env, io.cwd);
  const json = input.options['json'] === true;
  const pollMs = input.options['interval'] === undefined ? undefined : durationOption(input, 'interval');
  const httpPort = portOption(input, 'http-port', 'httpPort');
  const request: RunRequest = {
    argument: input.args[0],
    replace: [],
    reading: { given: givenValues(input, io.cwd) },
    timeoutMs: durationOption(input, 'timeout'),
    start: { ports: choiceOption(input, 'ports', ['fixed', 'auto']), ...(httpPort === undefined ? {} : { httpPort }) },
    browser: input.options['browser'] !== false,
    quiet: true,
    json,
  };
  const blueprint = await locate(request.argument, home, io, request.reading);
  const view = json ? jsonView(io) : await textView(blueprint, io);
  const watched = new WatchedFiles(pollMs);
  const development = new Development({ blueprint, request, watched, view, home, io });
  try {
    await development.converge();
    for (;;) {
      view.changed(await watched.changed(io.signal));
      await development.converge();
    }
  } catch (error) {
    if (!io.signal.aborted) throw error;
    const { blueprints } = await applied(home);
    view.ended(blueprints.some(({ id }) => id === blueprint.id));
    return 0;
  } finally {
    await watched.close();
  }
}

interface Parts {
  readonly blueprint: LocatedBlueprint;
  readonly request: RunRequest;
  readonly watched: WatchedFiles;
  readonly view: DevView;
  readonly home: Home;
  readonly io: Io;
}

/** One blueprint that is being worked on. */
class Development {
  readonly #parts: Parts;
  #first = true;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Reads, plans and applies. What the user can mend is shown, and no end of it. */
  async converge(): Promise<void> {
    const { watched, blueprint, view, io } = this.#parts;
    const since = Date.now();
    const seen = new SeenFiles();
    try {
      await this.#apply(seen, () => watched.cover(seen.without(blueprint.path), since));
    } catch (error) {
      if (!(error instanceof MeshError) || error.code === 'bug' || io.signal.aborted) throw error;
      await view.failed(error);
    }
    // A run that goes on in rounds may have looked at more.
    await watched.cover(seen.without(blueprint.path), since);
    if (this.#first) view.watching(seen.paths.size);
    this.#first = false;
  }

  /** `whenRead`: called before anything is done, which may take a while. */
  async #apply(seen: SeenFiles, whenRead: () => Promise<void>): Promise<void> {
    const { blueprint, request, view, home, io } = this.#parts;
    const reading = { ...request.reading, files: seen.files };
    const read = await readNow(blueprint, home, io, reading);
    const { loaded } = read;
    await whenRead();
    if (hasErrors(loaded.diagnostics)) return view.invalid(loaded.diagnostics);
    // The first run says where everything is, opens its pages, and shows the warnings itself.
    const isShown = this.#first && !request.json;
    view.warnings(loaded.diagnostics, { shown: isShown });
    const graph = { ...loaded.graph!, typed: blueprint.typed };
    const calling = { version: VERSION, detach: io.signal };
    const report = await planned({ graph, ports: request.start.ports, after: graphsBefore(read) }, await agentAnswers(home), home, calling);
    if (!hasChanges(report) && !this.#first) return view.unchanged();
    view.plan(report, loaded);
    const started = performance.now();
    const run = new AbortController();
    const stop = () => run.abort(io.signal.reason);
    io.signal.addEventListener('abort', stop);
    try {
      const more = { reading, quiet: !isShown, browser: request.browser && this.#first };
      await runBlueprint({ ...request, ...more }, home, { ...io, signal: run.signal, out: isShown ? io.out : () => undefined });
    } finally {
      io.signal.removeEventListener('abort', stop);
    }
    if (!isShown) view.ready(performance.now() - started);
  }
}
