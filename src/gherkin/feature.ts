import type { Range, Source } from '../base/source.ts';

/** A feature file as it is run: outlines are expanded, backgrounds stand in front of each scenario. */
export interface Feature {
  readonly source: Source;
  readonly name: string;
  readonly scenarios: readonly Scenario[];
}

export interface Scenario {
  readonly name: string;
  readonly range: Range;
  /** Lines by which a user may choose it (`v2.feature:12`): its own, and of an outline the line of its row in the examples. */
  readonly lines: readonly number[];
  /** Name of the rule that it stands in. */
  readonly rule?: string;
  /** Its row in the examples of an outline: `{ nodes: '3' }`. */
  readonly example?: Readonly<Record<string, string>>;
  /** `@wip`: its own and those of feature, rule and examples. */
  readonly tags: readonly string[];
  readonly steps: readonly Step[];
}

export interface Step {
  /** As written, without blanks: `Given`, `Angenommen`, `*`. */
  readonly keyword: string;
  readonly text: string;
  /** From its keyword to the end of its line. */
  readonly range: Range;
  readonly table?: Table;
  readonly docString?: string;
}

/** Rows of cells; the first row names the columns. */
export type Table = readonly (readonly string[])[];
