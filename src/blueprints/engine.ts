import { messageOf } from '../base/errors.ts';
import type { Clock, Log } from '../base/ports.ts';
import { Applying } from './applying.ts';
import { layersOf, refuseBases } from './builds-on.ts';
import { briefly } from './causes.ts';
import type { ApplyContext } from './context.ts';
import { neededBy } from './deferred.ts';
import { incomplete } from './failures.ts';
import { contextOf, type Leaving, NOTHING_LEAVES } from './generations.ts';
import type { BlueprintRef, DesiredGraph } from './graph.ts';
import type { Journal } from './journal.ts';
import { refuseNeeded } from './needed.ts';
import { pausedKeys } from './pauses.ts';
import { type Action, planDestroy } from './plan.ts';
import { type PlanOptions, planInOrder } from './plan-in-order.ts';
import type { PlanReport } from './plan-report.ts';
import { type Present, prepareRun, rewritten } from './preparation.ts';
import { Removal } from './removal.ts';
import { resourceTypeOf } from './resources/index.ts';
import { Serial } from './serial.ts';
import { type JournalRecord, nextGeneration, type ResourceRecord, slotOf } from './state.ts';
import { keptStep, keptSteps, type Step } from './step.ts';

/** Progress of a run or destroy, as it happens. */
export type ApplyEvent =
  | { readonly type: 'queued' }
  | { readonly type: 'nothing-to-do' }
  | { readonly type: 'creating' | 'destroying' | 'destroyed'; readonly key: string }
  | { readonly type: 'replacing'; readonly key: string; readonly reason: string }
  | { readonly type: 'updating'; readonly key: string }
  | { readonly type: 'resumed'; readonly blueprint: string }
  | { readonly type: 'created' | 'shared'; readonly key: string; readonly ms: number }
  | { readonly type: 'failed'; readonly key: string; readonly message: string }
  /** Not started: something that it depends on failed, or was skipped itself. */
  | { readonly type: 'skipped'; readonly key: string; readonly missing: string };

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

/** Brings the world to what a blueprint asks for, one run or destroy at a time, with a journal that a crash can't outrun. */
export class Engine {
  readonly #journal: Journal;
  readonly #context: ApplyContext;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #serial = new Serial();
  readonly #removal: Removal;
  /** Of runs that go on in another round. */
  readonly #begun = new Set<string>();
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
      const applying = this.#applying(resumed[0]?.id ?? '', undefined, options);
      await applying.becomeReady(records.flatMap(({ resource }) => keptStep(this.#journal.state, resource.key) ?? []));
      if (applying.failures.size > 0) throw incomplete(resumed[0]!.name, applying);
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

  #applying(blueprint: string, generation: number | undefined, options: RunOptions): Applying {
    const contextOf = (of: number | undefined) => this.#contextOf(of);
    return new Applying(
      { journal: this.#journal, contextOf, clock: this.#clock, log: this.#log, begun: this.#begun },
      blueprint,
      generation,
      options,
    );
  }

  /** What a run would do, decided and refused as a run does it. Touches nothing. */
  async plan(graph: DesiredGraph, options: PlanOptions & Pick<RunOptions, 'signal' | 'emit'>): Promise<PlanReport> {
    if (this.#serial.busy) options.emit({ type: 'queued' });
    return this.#serial.enter(() => planInOrder(graph, options, this.#present()), options.signal);
  }

  #present(): Present {
    return { state: this.#journal.state, context: this.#context, isHealthy: (record) => this.#isHealthy(record) };
  }

  async #run(graph: DesiredGraph, asked: RunOptions): Promise<void> {
    const prepared = await prepareRun(graph, asked, this.#present());
    const replacing = [...prepared.replacing];
    const options = { ...asked, replacing };
    this.#leaving = prepared.leaving;
    try {
      await this.#apply(graph, prepared.actions, options);
    } finally {
      this.#leaving = NOTHING_LEAVES;
    }
    // Their ports pass to the new side as they close them.
    if (replacing.length > 0 && !graph.deferred) await this.#destroy(replacing, options);
  }

  async #apply(graph: DesiredGraph, actions: readonly Action[], options: RunOptions): Promise<void> {
    const wasPaused = this.#journal.state.blueprints.get(graph.blueprint.id)?.paused === true;
    await this.#journal.write(
      { type: 'blueprint', blueprint: graph.blueprint, since: this.#since(graph.blueprint) },
      ...rewritten(actions, this.#journal.state),
    );
    const generation = this.#leaving === NOTHING_LEAVES ? undefined : nextGeneration(this.#journal.state);
    const applying = this.#applying(graph.blueprint.id, generation, options);
    const unchanged = actions.every((action) => action.kind === 'keep');
    if (!unchanged) await this.#remove(actions, graph.blueprint.id, options);
    const steps = unchanged ? [] : await applying.reserve(actions);
    await this.#settlePauses();
    if (wasPaused) options.emit({ type: 'resumed', blueprint: graph.blueprint.name });
    const started = await applying.createAll(steps);
    // What is kept counts too: it may depend on what has changed, or have stopped working by itself.
    const kept = keptSteps(this.#journal.state, actions, graph.blueprint.id);
    await applying.becomeReady(...this.#inRound(graph, [...started, ...kept]));
    if (applying.failures.size > 0) throw incomplete(graph.typed ?? graph.blueprint.name, applying);
    if (unchanged && !wasPaused && !graph.deferred) options.emit({ type: 'nothing-to-do' });
  }

  /** What is waited for: all, or in a round that is not the last one only what later rounds need. */
  #inRound({ deferred }: DesiredGraph, steps: readonly Step[]): [waited: Step[], begun: Step[]] {
    if (!deferred) return [[...steps], []];
    const dependencies = new Map([...steps.map(({ resource }) => resource), ...deferred].map(({ key, dependsOn }) => [key, dependsOn]));
    const needed = neededBy(
      deferred.map(({ key }) => key),
      dependencies,
    );
    const isNeeded = ({ resource }: Step) => needed.has(resource.key);
    return [steps.filter(isNeeded), steps.filter((step) => !isNeeded(step))];
  }

  #since(blueprint: BlueprintRef): number {
    return this.#journal.state.blueprints.get(blueprint.id)?.since ?? this.#clock.now();
  }

  /** Takes away what is gone from the blueprint or will be made anew, dependents first. */
  async #remove(actions: readonly Action[], blueprint: string, options: Pick<RunOptions, 'emit' | 'signal'>): Promise<void> {
    for (const action of actions)
      if (action.kind === 'replace') options.emit({ type: 'replacing', key: action.resource.key, reason: briefly(action.causes) });
    const doomed = actions.flatMap((action) => (action.kind === 'destroy' || action.kind === 'replace' ? [action.previous] : []));
    const slots = new Set(doomed.map(slotOf));
    const order = planDestroy(new Set(doomed.flatMap((record) => record.owners)), this.#journal.state).flatMap((action) =>
      'previous' in action && slots.has(slotOf(action.previous)) ? [action.previous] : [],
    );
    await this.#removal.destroyAll(order, options);
    for (const action of actions) if (action.kind === 'disown') await this.#removal.disown(action.previous, new Set([blueprint]));
  }

  #isHealthy(record: ResourceRecord): boolean {
    const { type, spec } = record.resource;
    return resourceTypeOf(type)?.healthy?.(spec, record.reservation, this.#contextOf(record.generation)) ?? true;
  }

  async #destroy(ids: readonly string[] | 'all', options: Pick<RunOptions, 'emit' | 'signal'>): Promise<BlueprintRef[]> {
    const { state } = this.#journal;
    const blueprints = [...state.blueprints.values()].filter((blueprint) => ids === 'all' || ids.includes(blueprint.id));
    const leaving = new Set(blueprints.map((blueprint) => blueprint.id));
    refuseBases(leaving, state);
    refuseNeeded(doomedIn(planDestroy(leaving, state)), leaving, state);
    for (const layer of layersOf(blueprints)) await this.#destroyTogether(layer, options);
    // What remains may have been kept running for those that are gone.
    await this.#settlePauses();
    return blueprints;
  }

  async #destroyTogether(blueprints: readonly BlueprintRef[], options: Pick<RunOptions, 'emit' | 'signal'>): Promise<void> {
    const leaving = new Set(blueprints.map(({ id }) => id));
    const actions = planDestroy(leaving, this.#journal.state);
    for (const action of actions) if (action.kind === 'disown') await this.#removal.disown(action.previous, leaving);
    await this.#removal.destroyAll(doomedIn(actions), options);
    await this.#journal.writeIfPossible(...blueprints.map(({ id }): JournalRecord => ({ type: 'blueprint-gone', id })));
  }
}

const doomedIn = (actions: readonly Action[]): ResourceRecord[] =>
  actions.flatMap((action) => (action.kind === 'destroy' ? [action.previous] : []));
