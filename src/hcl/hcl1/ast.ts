import type { Located } from '../../schema/located.ts';
import type { Span } from '../report.ts';

/** `key value` pairs in the order of the text; what was wrong has been reported and left out. */
export interface ObjectNode extends Span {
  readonly kind: 'object';
  readonly items: readonly Item[];
}

export interface ListNode extends Span {
  readonly kind: 'list';
  readonly items: readonly Node[];
}

export interface LiteralNode extends Span {
  readonly kind: 'literal';
  /** A string, a number or a bool: HCL 1 has no null. */
  readonly value: Located & { readonly type: 'string' | 'number' | 'bool' };
}

export type Node = ObjectNode | ListNode | LiteralNode;

export interface Key extends Span {
  readonly name: string;
}

/** `key = value`, or a block: one or more keys, of which the later ones are labels, before `{`. */
export interface Item {
  readonly keys: readonly [Key, ...Key[]];
  readonly value: Node;
  /** Written with `=`. */
  readonly assigned: boolean;
}
