import type { Located } from '../../../schema/located.ts';
import { compareTexts, decimalOf, equal } from '../convert.ts';
import { compare } from '../decimal.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { unique } from './collections.ts';
import { define, type FunctionTable } from './define.ts';
import { isFailure, listValue, ofOneType } from './values.ts';

export const SETS: FunctionTable = {
  setintersection: define(
    {
      parameters: { first: 'list' },
      variadic: ['others', 'list'],
      doc: 'What is in all of the lists, each item once, sorted.',
      example: ['setintersection(["a", "b"], ["b", "c"])', ['b']],
    },
    ({ first }, others) => combine([first, ...others], ([kept, ...rest]) => kept!.filter((item) => rest.every((list) => has(list, item)))),
  ),
  setproduct: define(
    {
      parameters: {},
      variadic: ['lists', 'list'],
      doc: 'All combinations of one item of each list.',
      example: [
        'setproduct(["a", "b"], [1, 2])',
        [
          ['a', 1],
          ['a', 2],
          ['b', 1],
          ['b', 2],
        ],
      ],
    },
    (_, lists) => product(lists),
  ),
  setsubtract: define(
    {
      parameters: { first: 'list', second: 'list' },
      doc: 'What is in the first list and not in the second, each item once, sorted.',
      example: ['setsubtract(["b", "a"], ["b"])', ['a']],
    },
    ({ first, second }) => combine([first, second], ([kept, others]) => kept!.filter((item) => !has(others!, item))),
  ),
  setunion: define(
    {
      parameters: { first: 'list' },
      variadic: ['others', 'list'],
      doc: 'What is in any of the lists, each item once, sorted.',
      example: ['setunion(["b", "a"], ["c", "b"])', ['a', 'b', 'c']],
    },
    ({ first }, others) => combine([first, ...others], (lists) => lists.flat()),
  ),
};

type Lists = readonly (readonly Located[])[];

const has = (list: readonly Located[], item: Located): boolean => list.some((other) => equal(other, item));

/** Lists as sets of one type. */
function combine(lists: Lists, choose: (lists: Lists) => readonly Located[]): Located | FunctionFailure {
  const all = ofOneType(lists.flat(), 0);
  if (isFailure(all)) return all;
  let at = 0;
  const converted = lists.map(({ length }) => {
    at += length;
    return all.slice(at - length, at);
  });
  return listValue(sorted(unique(choose(converted))));
}

/** Strings and numbers by their value, as cty gives sets back; other items as they come. */
function sorted(items: readonly Located[]): readonly Located[] {
  return items.toSorted((a, b) => {
    if (a.type === 'string' && b.type === 'string') return compareTexts(a.value, b.value);
    const [x, y] = a.type === 'number' && b.type === 'number' ? [decimalOf(a), decimalOf(b)] : [];
    return x && y ? compare(x, y) : 0;
  });
}

/** So that a product does not fill the memory. */
const MAX_PRODUCT = 100_000;

function product(lists: Lists): Located | FunctionFailure {
  if (lists.length < 2) return failure('at least two lists are needed');
  const count = lists.reduce((total, list) => total * list.length, 1);
  if (count > MAX_PRODUCT) return failure(`these are more than ${MAX_PRODUCT} combinations`);
  let rows: Located[][] = [[]];
  for (const [i, list] of lists.entries()) {
    const items = ofOneType(list, i);
    if (isFailure(items)) return items;
    rows = rows.flatMap((row) => items.map((item) => [...row, item]));
  }
  return listValue(rows.map(listValue));
}
