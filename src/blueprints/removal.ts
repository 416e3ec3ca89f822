import type { ApplyContext } from './context.ts';
import type { ApplyEvent } from './engine.ts';
import type { Journal } from './journal.ts';
import { dependencySlots } from './plan.ts';
import { resourceTypeOf } from './resources/index.ts';
import { byRules } from './rules.ts';
import { type ResourceRecord, slotOf } from './state.ts';

export interface RemovalOptions {
  readonly signal: AbortSignal;
  readonly emit: (event: ApplyEvent) => void;
}

/** Takes resources away, with a record before and after each. */
export class Removal {
  readonly #journal: Journal;
  readonly #contextOf: (generation: number | undefined) => ApplyContext;

  constructor(journal: Journal, contextOf: (generation: number | undefined) => ApplyContext) {
    this.#journal = journal;
    this.#contextOf = contextOf;
  }

  /** Each as soon as everything that depends on it is gone. `records`: dependents first. Stops at the next safe point when aborted. */
  async destroyAll(records: readonly ResourceRecord[], options: RemovalOptions): Promise<void> {
    await this.#retreat(records);
    /** By slot: the removals that it waits for. */
    const before = new Map<string, readonly Promise<void>[]>();
    const dependencies = dependencySlots(records);
    const { rules, ruled, rest } = byRules(records, ({ resource }) => resource);
    const ofRuled: Promise<void>[] = [];
    const removals = [...ruled, ...rest].map((record) => {
      const waits = [...(before.get(slotOf(record)) ?? []), ...(rules.has(record) ? ofRuled : [])];
      const removed = Promise.all(waits).then(() => {
        options.signal.throwIfAborted();
        return this.#destroyOne(record, options);
      });
      for (const slot of dependencies(record)) before.set(slot, [...(before.get(slot) ?? []), removed]);
      if (ruled.has(record)) ofRuled.push(removed);
      return removed;
    });
    const outcomes = await Promise.allSettled(removals);
    const failed = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failed) throw failed.reason;
    options.signal.throwIfAborted();
  }

  /** Nobody new comes in, and who is in gets an answer, while everything that may be needed for it is still there. */
  async #retreat(records: readonly ResourceRecord[]): Promise<void> {
    const entrances = records.filter(({ resource }) => resourceTypeOf(resource.type)?.retreat !== undefined);
    for (const { resource, generation } of entrances) {
      resourceTypeOf(resource.type)?.retreat?.(resource.key, resource.spec, this.#contextOf(generation));
    }
    if (entrances.length > 0) await this.#contextOf(undefined).forwards.settled();
  }

  async disown(record: ResourceRecord, leaving: ReadonlySet<string>): Promise<void> {
    const owners = record.owners.filter((owner) => !leaving.has(owner));
    await this.#journal.writeIfPossible({ type: 'resource', record: { ...record, owners } });
  }

  async #destroyOne(record: ResourceRecord, { emit }: RemovalOptions): Promise<void> {
    const { key, type, spec } = record.resource;
    const context = this.#contextOf(record.generation);
    emit({ type: 'destroying', key });
    await this.#journal.writeIfPossible({ type: 'resource', record: { ...record, status: 'destroying' } });
    await resourceTypeOf(type)?.destroy(key, spec, await this.#reservationOf(record, context), context);
    // It was on its way to something else: of that, too, parts may exist.
    if (record.next) await resourceTypeOf(type)?.destroy(key, record.next.spec, undefined, context);
    await this.#journal.writeIfPossible({ type: 'resource-gone', key: slotOf(record) });
    emit({ type: 'destroyed', key });
  }

  /**
   * What is claimed for a resource. After a crash between a claim and its record the journal does not know of it: the same is
   * claimed again, so that it can be released.
   */
  async #reservationOf({ resource: { key, type, spec }, reservation, status }: ResourceRecord, context: ApplyContext): Promise<unknown> {
    if (reservation !== undefined || status === 'created') return reservation;
    try {
      return await resourceTypeOf(type)?.reserve?.(key, spec, context, { ports: 'fixed' });
    } catch {
      return undefined;
    }
  }
}
