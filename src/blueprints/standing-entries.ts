import type { EntryBase } from '../entries/kind.ts';
import type { ApplyContext } from './context.ts';
import type { ConfigEntrySpec } from './resources/config-entry.ts';

/**
 * Config entries that several resources write, one on top of the other: the last one stands, and when it goes, the one below
 * stands again. At the bottom is what somebody wrote by hand before.
 */
export class StandingEntries {
  readonly #below: readonly ConfigEntrySpec[];
  readonly #above: readonly ConfigEntrySpec[];
  readonly #context: ApplyContext;
  readonly #datacenter: string | undefined;

  /** `key`: of the resource that writes, or takes back. */
  constructor(key: string, datacenter: string | undefined, context: ApplyContext) {
    const { below, above } = context.others('config_entry', key);
    this.#below = below as readonly ConfigEntrySpec[];
    this.#above = above as readonly ConfigEntrySpec[];
    this.#context = context;
    this.#datacenter = datacenter;
  }

  /** What was written by hand in the places of these, and comes back when they go. */
  byHand(entries: readonly EntryBase[]): EntryBase[] {
    return entries.flatMap((entry) => (this.#lastOf(entry, this.#below) ? [] : (this.#present(entry) ?? [])));
  }

  /** Those on top of which nobody has written. */
  onTop(entries: readonly EntryBase[]): EntryBase[] {
    return entries.filter((entry) => !this.#lastOf(entry, this.#above));
  }

  /** What stands in the places of these when they are gone. */
  after(entries: readonly EntryBase[], byHand: readonly EntryBase[]): EntryBase[] {
    return entries.flatMap((entry) => this.#lastOf(entry, [...this.#below, ...this.#above]) ?? byHand.find(isOf(entry)) ?? []);
  }

  #present({ Kind, Name }: EntryBase): EntryBase | undefined {
    return this.#context.registry.entry(Kind, Name, this.#datacenter);
  }

  #lastOf(entry: EntryBase, specs: readonly ConfigEntrySpec[]): EntryBase | undefined {
    const inPlace = specs.filter(({ datacenter }) => datacenter === this.#datacenter);
    return inPlace.flatMap(({ entries }) => entries.filter(isOf(entry))).at(-1);
  }
}

const isOf =
  ({ Kind, Name }: EntryBase) =>
  (other: EntryBase): boolean =>
    other.Kind === Kind && other.Name === Name;
