import { spawn } from 'node:child_process';
import type { SiteCondition, SiteScript, SiteTask, TaskState } from '../../docs/tasks.ts';

/** What of a script's output is shown when the author has written no message. */
const SHOWN = 500;

/** Runs the scripts of the tasks of a site, one after the other, and remembers what has passed. */
export class Tasks {
  readonly #tasks: Readonly<Record<string, SiteTask>>;
  /** The command line of mesh. */
  readonly #mesh: readonly string[];
  readonly #states = new Map<string, TaskState>();
  readonly #ready = new Set<SiteCondition>();
  #last: Promise<unknown> = Promise.resolve();

  constructor(tasks: Readonly<Record<string, SiteTask>>, mesh: readonly string[]) {
    this.#tasks = tasks;
    this.#mesh = mesh;
  }

  has(id: string): boolean {
    return Object.hasOwn(this.#tasks, id);
  }

  states(): Record<string, TaskState> {
    return Object.fromEntries(this.#states);
  }

  check(id: string): Promise<TaskState> {
    return this.#inTurn(() => this.#check(id));
  }

  /** Does what the reader was asked to do, as far as its author has written it down, and checks it. */
  solve(id: string): Promise<TaskState> {
    return this.#inTurn(async () => {
      for (const condition of this.#tasks[id]!.conditions) {
        await this.#setUp(condition);
        for (const script of condition.solve) await this.#run(script);
      }
      return this.#check(id);
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  async #check(id: string): Promise<TaskState> {
    const task = this.#tasks[id]!;
    const before = task.prerequisites.filter((other) => this.#states.get(other)?.passed !== true && this.has(other));
    if (before.length > 0) {
      const titles = before.map((other) => this.#tasks[other]!.title || other);
      return { passed: false, message: `First: ${titles.join(', ')}`, conditions: [] };
    }
    const conditions: TaskState['conditions'][number][] = [];
    for (const condition of task.conditions) conditions.push(await this.#checkOne(condition));
    const passed = conditions.every((one) => one.passed);
    const message = passed ? (task.successMessage ?? 'Done') : 'Not yet';
    const first = passed && this.#states.get(id)?.passed !== true;
    const state: TaskState = { passed, message, conditions };
    this.#states.set(id, state);
    if (first) for (const { cleanup } of task.conditions) for (const script of cleanup) await this.#run(script);
    return state;
  }

  async #checkOne(condition: SiteCondition): Promise<TaskState['conditions'][number]> {
    await this.#setUp(condition);
    let message: string | undefined;
    for (const script of condition.check) {
      const { passed, output } = await this.#run(script);
      if (!passed)
        return { id: condition.id, passed, message: script.failureMessage ?? (output.trim().slice(-SHOWN) || 'The check failed') };
      message = script.successMessage ?? message;
    }
    return { id: condition.id, passed: true, ...(message === undefined ? {} : { message }) };
  }

  /** Once, before anything else of a condition. */
  async #setUp(condition: SiteCondition): Promise<void> {
    if (this.#ready.has(condition)) return;
    this.#ready.add(condition);
    for (const script of condition.setup) await this.#run(script);
  }

  #run({ command, target, workingDirectory, timeoutMs }: SiteScript): Promise<{ passed: boolean; output: string }> {
    const inside = workingDirectory === undefined ? command : ['sh', '-c', 'cd "$0" && exec "$@"', workingDirectory, ...command];
    const [file = 'false', ...args] = target === undefined ? inside : [...this.#mesh, 'exec', target, '--', ...inside];
    return new Promise((resolve) => {
      const child = spawn(file, args, { detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
      let output = '';
      const take = (chunk: Buffer): void => {
        output = (output + chunk.toString('utf8')).slice(-10 * SHOWN);
      };
      child.stdout.on('data', take);
      child.stderr.on('data', take);
      const late = setTimeout(() => {
        output = `It did not end within ${timeoutMs / 1000} s`;
        end(child.pid);
      }, timeoutMs);
      const finish = (passed: boolean): void => {
        clearTimeout(late);
        resolve({ passed, output });
      };
      child.once('error', (error) => {
        output = error.message;
        finish(false);
      });
      child.once('close', (code) => finish(code === 0));
    });
  }
}

/** With all that it has started. */
function end(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
