import { errorToJson, MeshError, messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { ApplyContext } from './context.ts';
import type { RunOptions } from './engine.ts';
import { describeGuards, isTimeout, timeoutError } from './failures.ts';
import type { Journal } from './journal.ts';
import { type Action, makes } from './plan.ts';
import type { Guard } from './resource-type.ts';
import { resourceTypeOf } from './resources/index.ts';
import { byRules } from './rules.ts';
import type { JournalRecord, ResourceRecord } from './state.ts';
import { keptStep, noteOf, recordOfStep, type Step } from './step.ts';

/** How long the rest of a run may take to get ready after something failed. */
const GRACE_MS = 1000;

export interface Surroundings {
  readonly journal: Journal;
  readonly contextOf: (generation: number | undefined) => ApplyContext;
  readonly clock: Clock;
  readonly log: Log;
  /** Keys of what an earlier round began and did not wait for. */
  readonly begun: Set<string>;
}

/** What one run does with its plan: claims, makes, waits. What fails is noted, and the rest goes on as far as it can. */
export class Applying {
  /** By key. */
  readonly failures = new Map<string, MeshError>();
  /** Keys of what was not started because something that it depends on was not. */
  readonly skipped = new Set<string>();
  readonly #deps: Surroundings;
  readonly #options: RunOptions;
  readonly #blueprint: string;
  /** Of everything that it makes. */
  readonly #generation: number | undefined;

  constructor(surroundings: Surroundings, blueprint: string, generation: number | undefined, options: RunOptions) {
    this.#deps = surroundings;
    this.#blueprint = blueprint;
    this.#generation = generation;
    this.#options = options;
  }

  /** Addresses first, for all: every workload must be told where the others will be. */
  async reserve(actions: readonly Action[]): Promise<Step[]> {
    const steps: Step[] = [];
    const notes: JournalRecord[] = [];
    const generation = this.#generation;
    for (const action of actions) {
      if (action.kind === 'share') {
        const record = this.#deps.journal.state.resources.get(action.resource.key)!;
        notes.push({ type: 'resource', record: { ...record, owners: [...record.owners, this.#blueprint] } });
        this.#options.emit({ type: 'shared', key: action.resource.key, ms: 0 });
      }
      if (!makes(action)) continue;
      const { resource } = action;
      const type = resourceTypeOf(resource.type);
      if (!type) throw new MeshError('invalid', `unknown resource type ${resource.type}`);
      const owners = [
        ...new Set([...(action.kind === 'replace' || action.kind === 'update' ? action.previous.owners : []), this.#blueprint]),
      ];
      const step = { resource, type, owners, startedAt: this.#deps.clock.now() };
      if (action.kind === 'update') {
        const { previous } = action;
        steps.push({ ...step, previous, reservation: previous.reservation, generation: previous.generation });
        notes.push({ type: 'resource', record: { ...previous, owners, status: 'updating', next: resource } });
        continue;
      }
      // What was replaced may have had a predecessor, which has its place again.
      const present = this.#deps.journal.state.resources.get(resource.key);
      if (present) notes.push({ type: 'outgoing', key: resource.key });
      const fresh: Step = { ...step, reservation: undefined, generation };
      steps.push(fresh);
      notes.push(noteOf(fresh, 'creating'));
    }
    await this.#deps.journal.write(...notes);
    const fresh = steps.filter((step) => !step.previous);
    for (const step of fresh) {
      const { key, spec } = step.resource;
      try {
        step.reservation = await step.type.reserve?.(key, spec, this.#deps.contextOf(generation), { ports: this.#options.ports });
      } catch (error) {
        await this.#fail(step, error);
      }
    }
    const reserved = fresh.filter((step) => step.reservation !== undefined);
    await this.#deps.journal.write(...reserved.map((step) => noteOf(step, 'creating')));
    return steps.filter((step) => !this.failures.has(step.resource.key));
  }

  /** Starts everything as soon as what it depends on has been started. A failure stops only what depends on it. */
  async createAll(steps: readonly Step[]): Promise<Step[]> {
    const running = new Map<string, Promise<boolean>>();
    const { rules, ruled } = byRules(steps, ({ resource }) => resource);
    const createOne = async (step: Step): Promise<boolean> => {
      const { key, dependsOn, spec } = step.resource;
      const dependencies = await Promise.all(
        dependsOn.map((dependency) => running.get(dependency) ?? Promise.resolve(!this.failures.has(dependency))),
      );
      // Whether they could be made or not: that is told of them.
      if (ruled.has(step)) await Promise.all(Array.from(rules, async ({ resource }) => running.get(resource.key)));
      if (this.#options.signal.aborted) return false;
      const missing = dependsOn.find((_, i) => !dependencies[i]);
      if (missing !== undefined) {
        await this.#skip(step, missing);
        return false;
      }
      try {
        if (step.type.afterReady) await this.#dependenciesReady(step, steps);
        this.#options.emit({ type: step.previous ? 'updating' : 'creating', key });
        const context = this.#deps.contextOf(step.generation);
        const { ports } = this.#options;
        const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#options.timeoutMs)]);
        if (step.previous) {
          const before = { spec: step.previous.resource.spec, reserved: step.previous.reservation };
          step.reservation = await step.type.update!(key, before, spec, context, { ports, signal });
        } else step.created = (await step.type.create(key, spec, step.reservation, context, { adopt: false, signal })) ?? undefined;
        return true;
      } catch (error) {
        const late = !this.#options.signal.aborted && isTimeout(error);
        await this.#fail(step, late ? timeoutError(this.#options.timeoutMs, key, []) : error);
        return false;
      }
    };
    // Steps come in dependency order, so each one's dependencies are in the map before it.
    for (const step of steps) running.set(step.resource.key, createOne(step));
    const started = await Promise.all(steps.map(async (step) => ((await running.get(step.resource.key)) ? [step] : [])));
    this.#options.signal.throwIfAborted();
    return started.flat();
  }

  /** Notes what is missing because of a failure elsewhere. What runs already and was to become another stays as it is. */
  async #skip(step: Step, missing: string): Promise<void> {
    const { key } = step.resource;
    this.skipped.add(key);
    this.#options.emit({ type: 'skipped', key, missing });
    if (step.previous) return;
    const record: ResourceRecord = { ...recordOfStep(step, 'failed'), error: `not started, since ${missing} is missing` };
    await this.#deps.journal.write({ type: 'resource', record });
  }

  /** Waits for everything that a resource needs to work, not only to be there. */
  async #dependenciesReady(step: Step, steps: readonly Step[]): Promise<void> {
    const signal = AbortSignal.any([this.#options.signal, AbortSignal.timeout(this.#options.timeoutMs)]);
    const needed = step.resource.dependsOn.flatMap((key) => {
      const other = steps.find(({ resource }) => resource.key === key) ?? keptStep(this.#deps.journal.state, key);
      return other ? other.type.guards(key, other.resource.spec, other.reservation, this.#deps.contextOf(other.generation)) : [];
    });
    const pending = new Set(needed);
    try {
      await Promise.all(needed.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
    } catch (error) {
      if (this.#options.signal.aborted || !signal.aborted) throw error;
      throw timeoutError(this.#options.timeoutMs, step.resource.key, await describeGuards([...pending]));
    }
  }

  /** Waits for the guards of all. `begun`: steps that a later round waits for, as they may need what it brings. */
  async becomeReady(steps: readonly Step[], begun: readonly Step[] = []): Promise<void> {
    const fresh = begun.filter(({ kept }) => !kept);
    await this.#deps.journal.write(...fresh.map((step) => noteOf(step, 'created')));
    for (const { resource } of fresh) this.#deps.begun.add(resource.key);
    /** With the resource that waits for it. */
    const pending = new Map<Guard, string>();
    const deadline = AbortSignal.timeout(this.#options.timeoutMs);
    const giveUp = new AbortController();
    const settled = new AbortController();
    const signal = AbortSignal.any([this.#options.signal, deadline, giveUp.signal]);
    // Others may wait for what failed, directly or not: no use in letting them run into their time-out. Who is not ready
    // soon stays `creating` in the journal, for the next run.
    const giveUpSoon = (): void => {
      void this.#deps.clock.sleep(GRACE_MS, settled.signal).then(
        () => giveUp.abort(),
        () => undefined,
      );
    };
    if (this.failures.size > 0) giveUpSoon();
    const describePending = async (): Promise<{ owner: string; text: string }[]> => {
      const owners = [...pending.values()];
      return (await describeGuards([...pending.keys()])).map((text, i) => ({ owner: owners[i]!, text }));
    };
    let described: ReturnType<typeof describePending> | undefined;
    const becomeReady = async (step: Step): Promise<void> => {
      const { key, spec } = step.resource;
      const guards = step.type.guards(key, spec, step.reservation, this.#deps.contextOf(step.generation));
      for (const guard of guards) pending.set(guard, key);
      await Promise.all(guards.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
      if (step.kept && !this.#deps.begun.has(key)) return;
      if (!step.kept) await this.#deps.journal.write(noteOf(step, 'created'));
      this.#deps.begun.delete(key);
      this.#options.emit({ type: 'created', key, ms: this.#deps.clock.now() - step.startedAt });
    };
    await Promise.all(
      steps.map((step) =>
        becomeReady(step).catch(async (error) => {
          if (this.#options.signal.aborted || giveUp.signal.aborted) return;
          giveUpSoon();
          if (!deadline.aborted) return this.#fail(step, error);
          const { key } = step.resource;
          described ??= describePending();
          const waiting = await described;
          const own = waiting.filter(({ owner }) => owner === key);
          const late = (of: typeof waiting) =>
            timeoutError(
              this.#options.timeoutMs,
              key,
              of.map(({ text }) => text),
            );
          // Its record needs only its own part; the run ends with all that was waited for.
          await this.#fail(step, late(waiting), late(own).message);
        }),
      ),
    ).finally(() => settled.abort());
    this.#options.signal.throwIfAborted();
  }

  /** `note`: for its record, instead of the message. */
  async #fail(step: Step, error: unknown, note?: string): Promise<void> {
    const { key } = step.resource;
    const known = error instanceof MeshError ? error : new MeshError('failed', messageOf(error), { cause: error });
    if (!(error instanceof MeshError)) this.#deps.log.log('error', `${key} failed`, { ...errorToJson(error) });
    this.failures.set(key, known);
    this.#options.emit({ type: 'failed', key, message: known.message });
    // What runs and is only cut off stays as it is: it needs no replacing once the others are well.
    if (step.kept) return;
    // Of one that was to become another, parts of both may exist.
    const previous = step.previous && { ...step.previous, next: step.resource };
    const record: ResourceRecord = {
      ...(previous ?? recordOfStep(step, 'failed')),
      owners: step.owners,
      status: 'failed',
      error: note ?? known.message,
    };
    await this.#deps.journal.write({ type: 'resource', record });
  }
}
