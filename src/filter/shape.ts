import type { MatchOperator } from './expression.ts';

/** What a value looks like to a filter: which selectors lead into it, and which operators it takes. */
export type Shape =
  | { readonly kind: 'string' | 'int' | 'bool' }
  | { readonly kind: 'map'; readonly value: Shape }
  /** A selector that goes on through a list means: any of its elements. */
  | { readonly kind: 'list'; readonly item: Shape }
  | { readonly kind: 'struct'; readonly fields: Readonly<Record<string, Shape>> };

export const string: Shape = { kind: 'string' };
export const int: Shape = { kind: 'int' };
export const bool: Shape = { kind: 'bool' };
export const map = (value: Shape): Shape => ({ kind: 'map', value });
export const list = (item: Shape): Shape => ({ kind: 'list', item });
export const struct = (fields: Readonly<Record<string, Shape>>): Shape => ({ kind: 'struct', fields });

const EQUALITY: readonly MatchOperator[] = ['Equal', 'Not Equal'];
const MEMBERSHIP: readonly MatchOperator[] = ['In', 'Not In'];
const EMPTINESS: readonly MatchOperator[] = ['Is Empty', 'Is Not Empty'];

/** The operators that fit where a selector ends. */
export function operatorsOf(shape: Shape): readonly MatchOperator[] {
  switch (shape.kind) {
    case 'string':
      return [...EQUALITY, ...MEMBERSHIP, 'Matches', 'Not Matches'];
    case 'int':
    case 'bool':
      return EQUALITY;
    case 'map':
      return [...EMPTINESS, ...MEMBERSHIP];
    case 'list':
      return isCompound(shape.item) ? EMPTINESS : [...EMPTINESS, ...MEMBERSHIP];
    case 'struct':
      return [];
  }
}

/** Names that may follow in a selector; undefined: any name. */
export function namesIn(shape: Shape): readonly string[] | undefined {
  if (shape.kind === 'struct') return Object.keys(shape.fields);
  if (shape.kind === 'list') return namesIn(shape.item);
  return shape.kind === 'map' ? undefined : [];
}

/** Where one more name of a selector leads. */
export function step(shape: Shape, name: string): Shape | undefined {
  if (shape.kind === 'struct') return Object.hasOwn(shape.fields, name) ? shape.fields[name] : undefined;
  if (shape.kind === 'list') return step(shape.item, name);
  return shape.kind === 'map' ? shape.value : undefined;
}

const isCompound = (shape: Shape): boolean => shape.kind === 'struct' || shape.kind === 'map' || shape.kind === 'list';
