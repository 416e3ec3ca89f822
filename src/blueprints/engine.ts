import { errorToJson, MeshError, messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { ApplyContext } from './context.ts';
import { incomplete, timeoutError } from './failures.ts';
import type { BlueprintRef, DesiredGraph, DesiredResource } from './graph.ts';
import type { Journal } from './journal.ts';
import { type Action, plan, planDestroy } from './plan.ts';
import { checkHostPorts } from './port-conflicts.ts';
import type { Guard, ResourceType } from './resource-type.ts';
import { resourceTypeOf } from './resources/index.ts';
import { Serial } from './serial.ts';
import type { JournalRecord, ResourceRecord } from './state.ts';

/** Progress of a run or destroy, as it happens. */
export type ApplyEvent =
  | { readonly type: 'queued' }
  | { readonly type: 'nothing-to-do' }
  | { readonly type: 'creating' | 'destroying' | 'destroyed'; readonly key: string }
  | { readonly type: 'replacing'; readonly key: string; readonly reason: string }
  | { readonly type: 'created' | 'shared'; readonly key: string; readonly ms: number }
  | { readonly type: 'failed'; readonly key: string; readonly message: string };

export interface RunOptions {
  readonly timeoutMs: number;
  /** `auto`: a host port that is taken moves to a free one. */
  readonly ports: 'fixed' | 'auto';
  readonly signal: AbortSignal;
  readonly emit: (event: ApplyEvent) => void;
}

/** Taking over is not called off. */
const NEVER = new AbortController().signal;

/** How long the rest of a run may take to get ready after something failed. */
const GRACE_MS = 1000;

interface Step {
  readonly resource: DesiredResource;
  readonly type: ResourceType;
  readonly owners: readonly string[];
  reservation: unknown;
  readonly startedAt: number;
  /** It runs already and was not touched. */
  readonly kept?: true;
}

/** Brings the world to what a blueprint asks for, one run or destroy at a time, with a journal that a crash can't outrun. */
export class Engine {
  readonly #journal: Journal;
  readonly #context: ApplyContext;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #serial = new Serial();

  constructor(options: { journal: Journal; context: ApplyContext; clock: Clock; log: Log }) {
    this.#journal = options.journal;
    this.#context = options.context;
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** Takes back what an earlier agent created. What it left half-way waits for the next run or destroy. */
  async adopt(): Promise<void> {
    for (const record of this.#journal.state.resources.values()) {
      if (record.status !== 'created') continue;
      const { key, type, spec } = record.resource;
      try {
        await resourceTypeOf(type)?.create(key, spec, record.reservation, this.#context, { adopt: true, signal: NEVER });
      } catch (error) {
        this.#log.log('error', `${key} could not be taken over`, { error: messageOf(error) });
        await this.#journal.write({ type: 'resource', record: { ...record, status: 'failed', error: messageOf(error) } });
      }
    }
  }

  /** Applies a blueprint and waits until all of it is ready. Throws `incomplete` when something failed; the state is saved. */
  async run(graph: DesiredGraph, options: RunOptions): Promise<void> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    await this.#serial.enter(() => this.#run(graph, options), options.signal);
  }

  /** Removes blueprints by id, or everything. Returns what was removed. */
  async destroy(ids: readonly string[] | 'all', options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    return this.#serial.enter(() => this.#destroy(ids, options), options.signal);
  }

  async #run(graph: DesiredGraph, options: RunOptions): Promise<void> {
    const actions = this.#plan(graph);
    if (options.ports === 'fixed') await checkHostPorts(actions, this.#journal.state, this.#context);
    await this.#journal.write({ type: 'blueprint', blueprint: graph.blueprint, since: this.#since(graph.blueprint) });
    const failures = new Map<string, MeshError>();
    const unchanged = actions.every((action) => action.kind === 'keep');
    if (!unchanged) await this.#remove(actions, graph.blueprint.id, options);
    const steps = unchanged ? [] : await this.#reserve(actions, graph, failures, options);
    const started = await this.#createAll(steps, failures, options);
    // What is kept counts too: it may depend on what has changed, or have stopped working by itself.
    await this.#becomeReady([...started, ...this.#keptSteps(actions)], failures, options);
    if (failures.size > 0) throw incomplete(graph.blueprint, failures);
    if (unchanged) options.emit({ type: 'nothing-to-do' });
  }

  #keptSteps(actions: readonly Action[]): Step[] {
    return actions.flatMap((action): Step[] => {
      if (action.kind !== 'keep' && action.kind !== 'share') return [];
      const { resource } = action;
      const record = this.#journal.state.resources.get(resource.key);
      const type = resourceTypeOf(resource.type);
      if (!record || !type) return [];
      return [{ resource, type, owners: record.owners, reservation: record.reservation, startedAt: record.since, kept: true }];
    });
  }

  #since(blueprint: BlueprintRef): number {
    return this.#journal.state.blueprints.get(blueprint.id)?.since ?? this.#clock.now();
  }

  #plan(graph: DesiredGraph): readonly Action[] {
    this.#checkDependencies(graph);
    const { state } = this.#journal;
    const resources = new Map(state.resources);
    for (const [key, record] of resources) {
      const healthy = record.status !== 'created' || this.#isHealthy(record);
      if (!healthy) resources.set(key, { ...record, status: 'failed', error: 'it has stopped' });
    }
    const { actions, conflicts } = plan(graph, { ...state, resources });
    const conflict = conflicts[0];
    if (!conflict) return actions;
    const owner = conflict.owners[0]?.name ?? 'another blueprint';
    const others = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : '';
    throw new MeshError('invalid', `${conflict.resource.key} runs already, defined differently by blueprint ${owner}${others}`, {
      hint: `mesh destroy ${owner}`,
    });
  }

  /** A dependency that is in neither the blueprint nor the state: the blueprint builds on another one that is not applied. */
  #checkDependencies(graph: DesiredGraph): void {
    const known = new Set([...graph.resources.map((resource) => resource.key), ...this.#journal.state.resources.keys()]);
    for (const resource of graph.resources) {
      const missing = resource.dependsOn.find((key) => !known.has(key));
      if (missing !== undefined)
        throw new MeshError('invalid', `${resource.definedAt}: ${resource.key} needs ${missing}, which is not running`);
    }
  }

  #isHealthy(record: ResourceRecord): boolean {
    const { type, spec } = record.resource;
    return resourceTypeOf(type)?.healthy?.(spec, record.reservation, this.#context) ?? true;
  }

  /** Takes away what is gone from the blueprint or will be made anew, dependents first. */
  async #remove(actions: readonly Action[], blueprint: string, options: Pick<RunOptions, 'emit' | 'signal'>): Promise<void> {
    for (const action of actions)
      if (action.kind === 'replace') options.emit({ type: 'replacing', key: action.resource.key, reason: action.reason });
    const doomed = actions.flatMap((action) => ('previous' in action && action.kind !== 'disown' ? [action.previous] : []));
    const keys = new Set(doomed.map((record) => record.resource.key));
    const order = planDestroy(new Set(doomed.flatMap((record) => record.owners)), this.#journal.state).flatMap((action) =>
      'previous' in action && keys.has(action.previous.resource.key) ? [action.previous] : [],
    );
    await this.#destroyAll(order, options);
    for (const action of actions) if (action.kind === 'disown') await this.#disown(action.previous, new Set([blueprint]));
  }

  async #disown(record: ResourceRecord, leaving: ReadonlySet<string>): Promise<void> {
    await this.#journal.writeIfPossible({
      type: 'resource',
      record: { ...record, owners: record.owners.filter((owner) => !leaving.has(owner)) },
    });
  }

  /** Each as soon as everything that depends on it is gone. `records`: dependents first. Stops at the next safe point when aborted. */
  async #destroyAll(records: readonly ResourceRecord[], options: Pick<RunOptions, 'emit' | 'signal'>): Promise<void> {
    const gone = new Map<string, Promise<void>>();
    for (const record of records) {
      const dependents = records.filter((other) => other.resource.dependsOn.includes(record.resource.key));
      const before = dependents.flatMap((dependent) => gone.get(dependent.resource.key) ?? []);
      const destroyed = Promise.all(before).then(() => {
        options.signal.throwIfAborted();
        return this.#destroyOne(record, options);
      });
      gone.set(record.resource.key, destroyed);
    }
    const outcomes = await Promise.allSettled(gone.values());
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    options.signal.throwIfAborted();
  }

  async #destroyOne(record: ResourceRecord, options: Pick<RunOptions, 'emit'>): Promise<void> {
    const { key, type, spec } = record.resource;
    options.emit({ type: 'destroying', key });
    await this.#journal.writeIfPossible({ type: 'resource', record: { ...record, status: 'destroying' } });
    await resourceTypeOf(type)?.destroy(key, spec, await this.#reservationOf(record), this.#context);
    await this.#journal.writeIfPossible({ type: 'resource-gone', key });
    options.emit({ type: 'destroyed', key });
  }

  /**
   * What is claimed for a resource. After a crash between a claim and its record the journal does not know of it: the same is
   * claimed again, so that it can be released.
   */
  async #reservationOf({ resource: { key, type, spec }, reservation }: ResourceRecord): Promise<unknown> {
    if (reservation !== undefined) return reservation;
    try {
      return await resourceTypeOf(type)?.reserve?.(key, spec, this.#context, { ports: 'fixed' });
    } catch {
      return undefined;
    }
  }

  /** Addresses first, for all: every workload must be told where the others will be. */
  async #reserve(actions: readonly Action[], graph: DesiredGraph, failures: Map<string, MeshError>, options: RunOptions): Promise<Step[]> {
    const steps: Step[] = [];
    const shared: JournalRecord[] = [];
    for (const action of actions) {
      if (action.kind === 'share') {
        const record = this.#journal.state.resources.get(action.resource.key)!;
        shared.push({ type: 'resource', record: { ...record, owners: [...record.owners, graph.blueprint.id] } });
        options.emit({ type: 'shared', key: action.resource.key, ms: 0 });
      }
      if (action.kind !== 'create' && action.kind !== 'replace') continue;
      const type = resourceTypeOf(action.resource.type);
      if (!type) throw new MeshError('invalid', `unknown resource type ${action.resource.type}`);
      const previous = action.kind === 'replace' ? action.previous.owners : [];
      const owners = [...new Set([...previous, graph.blueprint.id])];
      steps.push({ resource: action.resource, type, owners, reservation: undefined, startedAt: this.#clock.now() });
    }
    await this.#journal.write(...shared, ...steps.map((step) => recordOf(step, 'creating')));
    for (const step of steps) {
      const { key, spec } = step.resource;
      try {
        step.reservation = await step.type.reserve?.(key, spec, this.#context, { ports: options.ports });
      } catch (error) {
        await this.#fail(step, error, failures, options);
      }
    }
    const reserved = steps.filter((step) => step.reservation !== undefined);
    await this.#journal.write(...reserved.map((step) => recordOf(step, 'creating')));
    return steps.filter((step) => !failures.has(step.resource.key));
  }

  /** Starts everything as soon as what it depends on has been started. A failure stops only what depends on it. */
  async #createAll(steps: readonly Step[], failures: Map<string, MeshError>, options: RunOptions): Promise<Step[]> {
    const running = new Map<string, Promise<boolean>>();
    const createOne = async (step: Step): Promise<boolean> => {
      const { key, dependsOn, spec } = step.resource;
      const dependencies = await Promise.all(
        dependsOn.map((dependency) => running.get(dependency) ?? Promise.resolve(!failures.has(dependency))),
      );
      if (!dependencies.every(Boolean) || options.signal.aborted) return false;
      options.emit({ type: 'creating', key });
      try {
        await step.type.create(key, spec, step.reservation, this.#context, { adopt: false, signal: options.signal });
        return true;
      } catch (error) {
        await this.#fail(step, error, failures, options);
        return false;
      }
    };
    // Steps come in dependency order, so each one's dependencies are in the map before it.
    for (const step of steps) running.set(step.resource.key, createOne(step));
    const started = await Promise.all(steps.map(async (step) => ((await running.get(step.resource.key)) ? [step] : [])));
    options.signal.throwIfAborted();
    return started.flat();
  }

  async #becomeReady(steps: readonly Step[], failures: Map<string, MeshError>, options: RunOptions): Promise<void> {
    const pending = new Set<Guard>();
    const deadline = AbortSignal.timeout(options.timeoutMs);
    const giveUp = new AbortController();
    const settled = new AbortController();
    const signal = AbortSignal.any([options.signal, deadline, giveUp.signal]);
    // Others may wait for what failed, directly or not: no use in letting them run into their time-out. Who is not ready
    // soon stays `creating` in the journal, for the next run.
    const giveUpSoon = (): void => {
      void this.#clock.sleep(GRACE_MS, settled.signal).then(
        () => giveUp.abort(),
        () => undefined,
      );
    };
    if (failures.size > 0) giveUpSoon();
    const becomeReady = async (step: Step): Promise<void> => {
      const { key, spec } = step.resource;
      const guards = step.type.guards(key, spec, step.reservation, this.#context);
      for (const guard of guards) pending.add(guard);
      await Promise.all(guards.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
      if (step.kept) return;
      await this.#journal.write(recordOf(step, 'created'));
      options.emit({ type: 'created', key, ms: this.#clock.now() - step.startedAt });
    };
    await Promise.all(
      steps.map((step) =>
        becomeReady(step).catch(async (error) => {
          if (options.signal.aborted || giveUp.signal.aborted) return;
          const timedOut = deadline.aborted ? timeoutError(options.timeoutMs, step.resource.key, [...pending]) : error;
          giveUpSoon();
          await this.#fail(step, timedOut, failures, options);
        }),
      ),
    ).finally(() => settled.abort());
    options.signal.throwIfAborted();
  }

  async #fail(step: Step, error: unknown, failures: Map<string, MeshError>, options: RunOptions): Promise<void> {
    const { key } = step.resource;
    const known = error instanceof MeshError ? error : new MeshError('failed', messageOf(error), { cause: error });
    if (!(error instanceof MeshError)) this.#log.log('error', `${key} failed`, { ...errorToJson(error) });
    failures.set(key, known);
    options.emit({ type: 'failed', key, message: known.message });
    // What runs and is only cut off stays as it is: it needs no replacing once the others are well.
    if (step.kept) return;
    const record = recordOf(step, 'failed');
    if (record.type === 'resource') await this.#journal.write({ ...record, record: { ...record.record, error: known.message } });
  }

  async #destroy(ids: readonly string[] | 'all', options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    const { state } = this.#journal;
    const blueprints = [...state.blueprints.values()].filter((blueprint) => ids === 'all' || ids.includes(blueprint.id));
    const leaving = new Set(blueprints.map((blueprint) => blueprint.id));
    const actions = planDestroy(leaving, state);
    for (const action of actions) if (action.kind === 'disown') await this.#disown(action.previous, leaving);
    await this.#destroyAll(
      actions.flatMap((action) => (action.kind === 'destroy' ? [action.previous] : [])),
      options,
    );
    await this.#journal.writeIfPossible(...blueprints.map((blueprint): JournalRecord => ({ type: 'blueprint-gone', id: blueprint.id })));
    return blueprints;
  }
}

function recordOf(step: Step, status: ResourceRecord['status']): JournalRecord {
  const { resource, owners, startedAt } = step;
  const reservation = step.reservation === undefined ? {} : { reservation: step.reservation };
  return { type: 'resource', record: { resource, owners, status, since: startedAt, ...reservation } };
}
