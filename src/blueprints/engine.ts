import { errorToJson, MeshError, messageOf } from '../base/errors.ts';
import { withoutGeneration } from '../base/generation.ts';
import type { Clock, Log } from '../base/ports.ts';
import type { ApplyContext } from './context.ts';
import { incomplete, isTimeout, timeoutError } from './failures.ts';
import { contextOf, type Leaving, NOTHING_LEAVES } from './generations.ts';
import type { BlueprintRef, DesiredGraph, DesiredResource } from './graph.ts';
import { portMapOf } from './host-ports.ts';
import type { Journal } from './journal.ts';
import { refuseLoss, refuseNeeded } from './needed.ts';
import { pausedKeys } from './pauses.ts';
import { type Action, plan, planDestroy } from './plan.ts';
import { checkHostPorts } from './port-conflicts.ts';
import { Removal } from './removal.ts';
import type { Guard } from './resource-type.ts';
import { resourceTypeOf } from './resources/index.ts';
import { Serial } from './serial.ts';
import { type JournalRecord, nextGeneration, type ResourceRecord, type State, slotOf } from './state.ts';
import { noteOf, recordOfStep, type Step } from './step.ts';

/** Progress of a run or destroy, as it happens. */
export type ApplyEvent =
  | { readonly type: 'queued' }
  | { readonly type: 'nothing-to-do' }
  | { readonly type: 'creating' | 'destroying' | 'destroyed'; readonly key: string }
  | { readonly type: 'replacing'; readonly key: string; readonly reason: string }
  | { readonly type: 'updating'; readonly key: string }
  | { readonly type: 'resumed'; readonly blueprint: string }
  | { readonly type: 'created' | 'shared'; readonly key: string; readonly ms: number }
  | { readonly type: 'failed'; readonly key: string; readonly message: string };

export interface RunOptions {
  readonly timeoutMs: number;
  /** `auto`: a host port that is taken moves to a free one. */
  readonly ports: 'fixed' | 'auto';
  /** Ids of applied blueprints whose place this one takes. */
  readonly replacing?: readonly string[];
  readonly signal: AbortSignal;
  readonly emit: (event: ApplyEvent) => void;
}

/** Taking over is not called off. */
const NEVER = new AbortController().signal;

/** How long the rest of a run may take to get ready after something failed. */
const GRACE_MS = 1000;

/** Brings the world to what a blueprint asks for, one run or destroy at a time, with a journal that a crash can't outrun. */
export class Engine {
  readonly #journal: Journal;
  readonly #context: ApplyContext;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #serial = new Serial();
  readonly #removal: Removal;
  /** What goes at the end of the present run. */
  #leaving: Leaving = NOTHING_LEAVES;

  constructor(options: { journal: Journal; context: ApplyContext; clock: Clock; log: Log }) {
    this.#journal = options.journal;
    this.#context = options.context;
    this.#removal = new Removal(this.#journal, (generation) => this.#contextOf(generation));
    this.#clock = options.clock;
    this.#log = options.log;
  }

  get journal(): Journal {
    return this.#journal;
  }

  /** Takes back what an earlier agent created. What it left half-way waits for the next run or destroy. */
  async adopt(): Promise<void> {
    await this.#settlePauses();
    for (const record of this.#journal.state.resources.values()) {
      if (record.status !== 'created') continue;
      const { key, type, spec } = record.resource;
      try {
        await resourceTypeOf(type)?.create(key, spec, record.reservation, this.#contextOf(record.generation), {
          adopt: true,
          signal: NEVER,
        });
      } catch (error) {
        this.#log.log('error', `${key} could not be taken over`, { error: messageOf(error) });
        await this.#journal.write({ type: 'resource', record: { ...record, status: 'failed', error: messageOf(error) } });
      }
    }
  }

  /** Applies a blueprint and waits until all of it is ready. Throws `incomplete` when something failed; the state is saved. */
  async run(graph: DesiredGraph | (() => DesiredGraph), options: RunOptions): Promise<void> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    // One that builds on the state is made when its turn has come.
    await this.#serial.enter(() => this.#run(typeof graph === 'function' ? graph() : graph, options), options.signal);
  }

  /** Removes blueprints by id, or everything. Returns what was removed. */
  async destroy(ids: readonly string[] | 'all', options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    return this.#serial.enter(() => this.#destroy(ids, options), options.signal);
  }

  /** Ends the workloads of blueprints and keeps everything else. Returns those that were running. */
  async pause(ids: readonly string[], options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    return this.#serial.enter(async () => {
      const paused = await this.#setPaused(ids, true);
      await this.#settlePauses();
      return paused;
    }, options.signal);
  }

  /** Starts them again and waits until they are ready; throws `incomplete` when something is not. Returns those that were paused. */
  async resume(ids: readonly string[], options: RunOptions): Promise<BlueprintRef[]> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    return this.#serial.enter(async () => {
      const resumed = await this.#setPaused(ids, false);
      await this.#settlePauses();
      const records = [...this.#journal.state.resources.values()].filter(
        ({ status, owners }) => status === 'created' && resumed.some(({ id }) => owners.includes(id)),
      );
      const failures = new Map<string, MeshError>();
      await this.#becomeReady(
        records.flatMap(({ resource }) => this.#keptStep(resource.key) ?? []),
        failures,
        options,
      );
      if (failures.size > 0) throw incomplete(resumed[0]!, failures);
      return resumed;
    }, options.signal);
  }

  async #setPaused(ids: readonly string[], paused: boolean): Promise<BlueprintRef[]> {
    const changing = [...this.#journal.state.blueprints.values()].filter((one) => ids.includes(one.id) && (one.paused ?? false) !== paused);
    await this.#journal.write(...changing.map(({ id }): JournalRecord => ({ type: 'paused', id, paused })));
    return changing;
  }

  #settlePauses(): Promise<void> {
    return this.#context.setPaused(pausedKeys(this.#journal.state));
  }

  /** The next run makes this resource anew. False when there is none of that key. */
  async taint(key: string): Promise<boolean> {
    const record = this.#journal.state.resources.get(key);
    if (!record) return false;
    await this.#journal.write({ type: 'resource', record: { ...record, tainted: true } });
    return true;
  }

  /** The world as a resource of a generation sees it. */
  #contextOf(generation: number | undefined): ApplyContext {
    return generation === undefined ? this.#context : contextOf(this.#context, generation, this.#leaving);
  }

  async #run(graph: DesiredGraph, asked: RunOptions): Promise<void> {
    const replacing = new Set(asked.replacing?.filter((id) => this.#journal.state.blueprints.has(id) && id !== graph.blueprint.id));
    const options = { ...asked, replacing: [...replacing] };
    const wanted = new Set(graph.resources.map((resource) => resource.key));
    const goes = planDestroy(replacing, this.#journal.state).flatMap((action) => (action.kind === 'destroy' ? [action.previous] : []));
    const unreplaced = goes.filter((record) => !wanted.has(record.resource.key));
    refuseNeeded(unreplaced, new Set([...replacing, graph.blueprint.id]), this.#journal.state);
    this.#leaving = leavingWith(replacing, this.#journal.state);
    try {
      await this.#apply(graph, replacing, options);
    } finally {
      this.#leaving = NOTHING_LEAVES;
    }
    // Their ports pass to the new side as they close them.
    if (replacing.size > 0) await this.#destroy([...replacing], options);
  }

  async #apply(graph: DesiredGraph, replacing: ReadonlySet<string>, options: RunOptions): Promise<void> {
    const actions = this.#plan(graph, replacing);
    refuseLoss(actions, graph.blueprint.id, this.#journal.state);
    if (options.ports === 'fixed')
      await checkHostPorts(actions, { state: this.#journal.state, context: this.#context, leaving: this.#leaving });
    const wasPaused = this.#journal.state.blueprints.get(graph.blueprint.id)?.paused === true;
    await this.#journal.write({ type: 'blueprint', blueprint: graph.blueprint, since: this.#since(graph.blueprint) });
    const failures = new Map<string, MeshError>();
    const unchanged = actions.every((action) => action.kind === 'keep');
    if (!unchanged) await this.#remove(actions, graph.blueprint.id, options);
    const steps = unchanged ? [] : await this.#reserve(actions, graph, failures, options);
    await this.#settlePauses();
    if (wasPaused) options.emit({ type: 'resumed', blueprint: graph.blueprint.name });
    const started = await this.#createAll(steps, failures, options);
    // What is kept counts too: it may depend on what has changed, or have stopped working by itself.
    await this.#becomeReady([...started, ...this.#keptSteps(actions)], failures, options);
    if (failures.size > 0) throw incomplete(graph.blueprint, failures);
    if (unchanged && !wasPaused) options.emit({ type: 'nothing-to-do' });
  }

  #keptSteps(actions: readonly Action[]): Step[] {
    return actions.flatMap((action) =>
      action.kind === 'keep' || action.kind === 'share' ? (this.#keptStep(action.resource.key) ?? []) : [],
    );
  }

  #keptStep(key: string): Step | undefined {
    const record = this.#journal.state.resources.get(key);
    const type = record && resourceTypeOf(record.resource.type);
    if (!record || !type) return undefined;
    const { resource, owners, reservation, since: startedAt, generation } = record;
    return { resource, type, owners, reservation, startedAt, generation, kept: true };
  }

  #since(blueprint: BlueprintRef): number {
    return this.#journal.state.blueprints.get(blueprint.id)?.since ?? this.#clock.now();
  }

  #plan(graph: DesiredGraph, replacing: ReadonlySet<string>): readonly Action[] {
    this.#checkDependencies(graph);
    const { state } = this.#journal;
    const resources = new Map(state.resources);
    for (const [key, record] of resources) {
      const healthy = record.status !== 'created' || this.#isHealthy(record);
      if (!healthy) resources.set(key, { ...record, status: 'failed', error: 'it has stopped' });
    }
    const { actions, conflicts } = plan(graph, { ...state, resources }, { replacing, canUpdate });
    const conflict = conflicts[0];
    if (!conflict) return actions;
    const owner = conflict.owners[0]?.name ?? 'another blueprint';
    const others = conflicts.length > 1 ? `, and ${conflicts.length - 1} more` : '';
    throw new MeshError('invalid', `${conflict.resource.key} runs already, defined differently by blueprint ${owner}${others}`, {
      hint: `mesh destroy ${owner}, or \`mesh run ${graph.blueprint.name} --replace ${owner}\` to put this one in its place without a gap`,
    });
  }

  /** A dependency that is in neither the blueprint nor the state: the blueprint builds on another one that is not applied. */
  #checkDependencies(graph: DesiredGraph): void {
    const { state } = this.#journal;
    const own = new Set(graph.resources.map((resource) => resource.key));
    const known = new Set([...own, ...state.resources.keys()]);
    const paused = pausedKeys(state);
    for (const resource of graph.resources) {
      const missing = resource.dependsOn.find((key) => !known.has(key));
      if (missing !== undefined)
        throw new MeshError('invalid', `${resource.definedAt}: ${resource.key} needs ${missing}, which is not running`);
      const asleep = resource.dependsOn.find((key) => !own.has(key) && paused.has(key));
      if (asleep === undefined) continue;
      const owner = state.blueprints.get(state.resources.get(asleep)!.owners[0]!)!.name;
      throw new MeshError('invalid', `${resource.key} needs ${asleep} of ${owner}, which is paused`, { hint: `mesh resume ${owner}` });
    }
  }

  #isHealthy(record: ResourceRecord): boolean {
    const { type, spec } = record.resource;
    return resourceTypeOf(type)?.healthy?.(spec, record.reservation, this.#contextOf(record.generation)) ?? true;
  }

  /** Takes away what is gone from the blueprint or will be made anew, dependents first. */
  async #remove(actions: readonly Action[], blueprint: string, options: Pick<RunOptions, 'emit' | 'signal'>): Promise<void> {
    for (const action of actions)
      if (action.kind === 'replace') options.emit({ type: 'replacing', key: action.resource.key, reason: action.reason });
    const doomed = actions.flatMap((action) => (action.kind === 'destroy' || action.kind === 'replace' ? [action.previous] : []));
    const slots = new Set(doomed.map(slotOf));
    const order = planDestroy(new Set(doomed.flatMap((record) => record.owners)), this.#journal.state).flatMap((action) =>
      'previous' in action && slots.has(slotOf(action.previous)) ? [action.previous] : [],
    );
    await this.#removal.destroyAll(order, options);
    for (const action of actions) if (action.kind === 'disown') await this.#removal.disown(action.previous, new Set([blueprint]));
  }

  /** Addresses first, for all: every workload must be told where the others will be. */
  async #reserve(actions: readonly Action[], graph: DesiredGraph, failures: Map<string, MeshError>, options: RunOptions): Promise<Step[]> {
    const steps: Step[] = [];
    const notes: JournalRecord[] = [];
    const generation = this.#leaving === NOTHING_LEAVES ? undefined : nextGeneration(this.#journal.state);
    for (const action of actions) {
      if (action.kind === 'share') {
        const record = this.#journal.state.resources.get(action.resource.key)!;
        notes.push({ type: 'resource', record: { ...record, owners: [...record.owners, graph.blueprint.id] } });
        options.emit({ type: 'shared', key: action.resource.key, ms: 0 });
      }
      if (action.kind !== 'create' && action.kind !== 'replace' && action.kind !== 'swap' && action.kind !== 'update') continue;
      const { resource } = action;
      const type = resourceTypeOf(resource.type);
      if (!type) throw new MeshError('invalid', `unknown resource type ${resource.type}`);
      const owners = [
        ...new Set([...(action.kind === 'replace' || action.kind === 'update' ? action.previous.owners : []), graph.blueprint.id]),
      ];
      const step = { resource, type, owners, startedAt: this.#clock.now() };
      if (action.kind === 'update') {
        const { previous } = action;
        steps.push({ ...step, previous, reservation: previous.reservation, generation: previous.generation });
        notes.push({ type: 'resource', record: { ...previous, owners, status: 'updating', next: resource } });
        continue;
      }
      // What was replaced may have had a predecessor, which has its place again.
      const present = this.#journal.state.resources.get(resource.key);
      if (present) notes.push({ type: 'outgoing', key: resource.key });
      const fresh: Step = { ...step, reservation: undefined, generation };
      steps.push(fresh);
      notes.push(noteOf(fresh, 'creating'));
    }
    await this.#journal.write(...notes);
    const fresh = steps.filter((step) => !step.previous);
    for (const step of fresh) {
      const { key, spec } = step.resource;
      try {
        step.reservation = await step.type.reserve?.(key, spec, this.#contextOf(generation), { ports: options.ports });
      } catch (error) {
        await this.#fail(step, error, failures, options);
      }
    }
    const reserved = fresh.filter((step) => step.reservation !== undefined);
    await this.#journal.write(...reserved.map((step) => noteOf(step, 'creating')));
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
      try {
        if (step.type.afterReady) await this.#dependenciesReady(step, steps, options);
        options.emit({ type: step.previous ? 'updating' : 'creating', key });
        const context = this.#contextOf(step.generation);
        const { ports } = options;
        const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
        if (step.previous) {
          const before = { spec: step.previous.resource.spec, reserved: step.previous.reservation };
          step.reservation = await step.type.update!(key, before, spec, context, { ports, signal });
        } else await step.type.create(key, spec, step.reservation, context, { adopt: false, signal });
        return true;
      } catch (error) {
        const late = !options.signal.aborted && isTimeout(error);
        await this.#fail(step, late ? timeoutError(options.timeoutMs, key, []) : error, failures, options);
        return false;
      }
    };
    // Steps come in dependency order, so each one's dependencies are in the map before it.
    for (const step of steps) running.set(step.resource.key, createOne(step));
    const started = await Promise.all(steps.map(async (step) => ((await running.get(step.resource.key)) ? [step] : [])));
    options.signal.throwIfAborted();
    return started.flat();
  }

  /** Waits for everything that a resource needs to work, not only to be there. */
  async #dependenciesReady(step: Step, steps: readonly Step[], options: RunOptions): Promise<void> {
    const signal = AbortSignal.any([options.signal, AbortSignal.timeout(options.timeoutMs)]);
    const needed = step.resource.dependsOn.flatMap((key) => {
      const other = steps.find(({ resource }) => resource.key === key) ?? this.#keptStep(key);
      return other ? other.type.guards(key, other.resource.spec, other.reservation, this.#contextOf(other.generation)) : [];
    });
    const pending = new Set(needed);
    try {
      await Promise.all(needed.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
    } catch (error) {
      if (options.signal.aborted || !signal.aborted) throw error;
      throw timeoutError(options.timeoutMs, step.resource.key, [...pending]);
    }
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
      const guards = step.type.guards(key, spec, step.reservation, this.#contextOf(step.generation));
      for (const guard of guards) pending.add(guard);
      await Promise.all(guards.map((guard) => guard.wait(signal).then(() => pending.delete(guard))));
      if (step.kept) return;
      await this.#journal.write(noteOf(step, 'created'));
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
    // Of one that was to become another, parts of both may exist.
    const previous = step.previous && { ...step.previous, next: step.resource };
    const record: ResourceRecord = {
      ...(previous ?? recordOfStep(step, 'failed')),
      owners: step.owners,
      status: 'failed',
      error: known.message,
    };
    await this.#journal.write({ type: 'resource', record });
  }

  async #destroy(ids: readonly string[] | 'all', options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    const { state } = this.#journal;
    const blueprints = [...state.blueprints.values()].filter((blueprint) => ids === 'all' || ids.includes(blueprint.id));
    const leaving = new Set(blueprints.map((blueprint) => blueprint.id));
    const actions = planDestroy(leaving, state);
    const destroyed = actions.flatMap((action) => (action.kind === 'destroy' ? [action.previous] : []));
    refuseNeeded(destroyed, leaving, state);
    for (const action of actions) if (action.kind === 'disown') await this.#removal.disown(action.previous, leaving);
    await this.#removal.destroyAll(destroyed, options);
    await this.#journal.writeIfPossible(...blueprints.map((blueprint): JournalRecord => ({ type: 'blueprint-gone', id: blueprint.id })));
    // What remains may have been kept running for those that are gone.
    await this.#settlePauses();
    return blueprints;
  }
}

function canUpdate(before: DesiredResource, after: DesiredResource): boolean {
  const type = resourceTypeOf(after.type);
  return before.type === after.type && type?.update !== undefined && type.canUpdate?.(before.spec, after.spec) === true;
}

/** What goes when these blueprints go: what nobody else has, and what an earlier run has left beside its successor. */
function leavingWith(ids: ReadonlySet<string>, state: State): Leaving {
  const records = [...state.resources.values()].filter((record) => record.outgoing || record.owners.every((owner) => ids.has(owner)));
  if (records.length === 0) return NOTHING_LEAVES;
  const keys = new Set(records.map((record) => record.resource.key));
  const ports = records.flatMap(({ resource: { type, spec }, reservation }) =>
    (resourceTypeOf(type)?.hostPorts?.(spec) ?? []).map((port) => [port, portMapOf(reservation)[port] ?? port] as const),
  );
  return { has: (key) => keys.has(withoutGeneration(key)), hostPorts: new Map(ports) };
}
