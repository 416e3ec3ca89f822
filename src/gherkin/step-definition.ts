import type { Table } from './feature.ts';

/** Whose files have it: a step of Shipyard's and Jumppad's, or one of our own. */
export type StepOrigin = 'Shipyard' | 'Jumppad' | 'Shipyard and Jumppad' | 'mesh';

/** What a step is called with: what its parentheses matched, and what stands below it. */
export interface StepInput {
  /** In the order of the expression; a group that took no part is empty. */
  readonly words: readonly string[];
  readonly table?: Table;
  readonly docString?: string;
}

/** A step as a value: how it is written, what it means, and what it does in a world. */
export interface StepDefinition<W> {
  /** How it is shown: `a HTTP call to "URL" should result in status N`. Capitals stand for what the user writes. */
  readonly phrase: string;
  /** Anchored at both ends. */
  readonly pattern: RegExp;
  readonly group: string;
  readonly from: StepOrigin;
  readonly doc: string;
  /** One step, or several with what stands below them. */
  readonly example: string;
  /** What must stand below it. */
  readonly below?: 'table' | 'text';
  /** Its time is that of a run until it is ready. Absent: that of any step. */
  readonly limit?: 'ready';
  /** Rejects with a StepFailure when what it expects is not so. */
  run(world: W, input: StepInput): Promise<unknown>;
}
