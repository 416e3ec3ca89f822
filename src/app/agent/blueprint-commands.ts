import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname } from 'node:path';
import { createInterface } from 'node:readline';
import type { BlueprintOrder, BlueprintProgress, Blueprints, BlueprintVerb } from '../../api/blueprints.ts';
import { type BlueprintHost, UnknownBlueprint } from '../../control/agent/blueprints.ts';

export interface BlueprintCommandsOptions {
  list(): Promise<Blueprints>;
  /** The command line: Node and its entry point. */
  readonly program: readonly string[];
  readonly home: string;
  /** Folder of the blueprints that come with the package. */
  readonly shipped: string;
  readonly env: Readonly<Record<string, string>>;
}

/**
 * Plans, runs and destroys blueprints for those who ask over the HTTP API, by the command line as a child: the agent itself does
 * not read blueprints, and what a page does is what the command does.
 */
export class BlueprintCommands implements BlueprintHost {
  readonly #options: BlueprintCommandsOptions;
  readonly #children = new Set<ChildProcess>();

  constructor(options: BlueprintCommandsOptions) {
    this.#options = options;
  }

  list(): Promise<Blueprints> {
    return this.#options.list();
  }

  async order(verb: BlueprintVerb, order: BlueprintOrder, signal: AbortSignal): Promise<AsyncIterable<BlueprintProgress>> {
    const { id, movePorts = false, replace = [] } = order;
    const { applied, available } = await this.list();
    const known = verb === 'destroy' ? applied : [...applied.filter(({ readable }) => readable), ...available];
    for (const [wanted, among] of [[id, known], ...replace.map((other) => [other, applied] as const)] as const)
      if (!among.some((one) => one.id === wanted)) throw new UnknownBlueprint(`there is no blueprint ${JSON.stringify(wanted)} to ${verb}`);
    const { home, shipped } = this.#options;
    // By its name it is called what it is in what the command says.
    const [named, cwd] = dirname(id) === shipped ? [basename(id), home] : [id, dirname(id)];
    const options =
      verb === 'destroy' ? [] : [...(movePorts ? ['--ports', 'auto'] : []), ...replace.flatMap((other) => ['--replace', other])];
    return this.#run([verb, named, '--json', ...options], cwd, signal);
  }

  /** The agent ends: whoever asked gets no answer any more, and a `run` must not start another agent. */
  close(): void {
    for (const child of this.#children) child.kill('SIGKILL');
  }

  async *#run(args: readonly string[], cwd: string, signal: AbortSignal): AsyncGenerator<BlueprintProgress> {
    const { program, home, env } = this.#options;
    const [file = '', ...first] = program;
    const child = spawn(file, [...first, ...args], {
      cwd,
      env: { ...env, MESH_HOME: home, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.add(child);
    const exited = once(child, 'close').finally(() => this.#children.delete(child));
    exited.catch(() => undefined);
    let printed = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const messages = createInterface({ input: child.stderr });
    // Its next safe point may be far: nobody waits for it here, but it goes on to read what it says.
    const stop = (): void => {
      child.kill('SIGTERM');
      messages.close();
      child.stderr.resume();
    };
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const text of messages) yield { type: 'message', text };
      if (signal.aborted) return;
      const [exit] = (await exited) as [number | null];
      const value = parsed(printed);
      if (value !== undefined) yield { type: 'result', value };
      yield { type: 'end', exit: exit ?? 1 };
    } finally {
      signal.removeEventListener('abort', stop);
      if (this.#children.has(child)) stop();
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
