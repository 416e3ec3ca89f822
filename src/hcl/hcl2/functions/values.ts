import { describeType, type Located } from '../../../schema/located.ts';
import { textValue, toText } from '../convert.ts';
import { type FunctionFailure, failure } from '../scope.ts';

/** Builders of results, which have no place in a text of their own. */
export const listValue = (items: readonly Located[]): Located => ({ type: 'list', items });
export const textsValue = (items: readonly string[]): Located => listValue(items.map((item) => textValue(item)));
export const intValue = (value: number): Located => ({ type: 'number', value });
export const nullValue: Located = { type: 'null' };

export const objectValue = (entries: Iterable<readonly [string, Located]>): Located => ({
  type: 'map',
  entries: Array.from(entries, ([key, value]) => ({ key, value })),
});

/**
 * Items as a list of cty has them, which is of one type: with a string among them, numbers and bools become strings. Null
 * goes with everything.
 */
export function ofOneType(items: readonly Located[], argument: number): readonly Located[] | FunctionFailure {
  const types = new Set(items.map(({ type }) => type));
  types.delete('null');
  if (types.size <= 1) return items;
  if (types.has('string') && !types.has('list') && !types.has('map')) {
    return items.map((item) => (item.type === 'null' ? item : textValue(toText(item)!)));
  }
  const [first, second] = [...types].map((type) => describeType(items.find((item) => item.type === type)!));
  return failure(`the items must be of one type, not ${first} and ${second}`, argument);
}

export function isFailure(value: readonly Located[] | FunctionFailure): value is FunctionFailure {
  return !Array.isArray(value);
}
