import type { Range } from '../../base/source.ts';
import type { Value } from './value.ts';

/** A template, parsed: text, and actions between delimiters. */
export type Node =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'action'; readonly pipe: Pipe }
  | { readonly kind: 'if' | 'with' | 'range'; readonly pipe: Pipe; readonly body: readonly Node[]; readonly otherwise: readonly Node[] }
  | { readonly kind: 'break' | 'continue' };

/** Commands, each fed with the result of the one before as its last argument: `.Vars.name | trim | quote`. */
export interface Pipe {
  readonly commands: readonly Command[];
  /** `$x := …`, `$i, $x := range …`, or `$x = …` for a variable that is there already. */
  readonly variables: readonly string[];
  readonly declares: boolean;
  readonly range: Range;
}

/** A value alone, or a function with its arguments. */
export interface Command {
  readonly operands: readonly Operand[];
  readonly range: Range;
}

export type Operand = (
  | { readonly kind: 'dot' }
  | { readonly kind: 'literal'; readonly value: Value }
  | { readonly kind: 'function'; readonly name: string }
  | { readonly kind: 'variable'; readonly name: string }
  | { readonly kind: 'pipe'; readonly pipe: Pipe }
) & {
  /** `.Vars.name` is the dot with two of them. */
  readonly fields: readonly Field[];
  readonly range: Range;
};

export interface Field {
  readonly name: string;
  /** With the dot before it. */
  readonly range: Range;
}
