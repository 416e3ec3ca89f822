import { describeType, type Located } from '../../../schema/located.ts';
import { boolValue, decimalOf, equal, toText } from '../convert.ts';
import { compare } from '../decimal.ts';
import { entriesOf } from '../navigate.ts';
import { type FunctionFailure, failure } from '../scope.ts';
import { define, type FunctionTable } from './define.ts';
import { intValue, isFailure, listValue, nullValue, objectValue, ofOneType, textsValue } from './values.ts';

export const COLLECTIONS: FunctionTable = {
  chunklist: define(
    {
      parameters: { list: 'list', size: 'int' },
      doc: 'A list in pieces of a size; 0 is one piece.',
      example: ['chunklist([1, 2, 3], 2)', [[1, 2], [3]]],
    },
    ({ list, size }) => {
      if (size < 0) return failure('the size must not be negative', 1);
      if (list.length === 0) return listValue([]);
      const width = size === 0 ? list.length : size;
      const count = Math.ceil(list.length / width);
      return listValue(Array.from({ length: count }, (_, i) => listValue(list.slice(i * width, (i + 1) * width))));
    },
  ),
  coalescelist: define(
    {
      parameters: {},
      variadic: ['lists', 'list'],
      doc: 'The first of the lists that is not empty.',
      example: ['coalescelist([], [1])', [1]],
    },
    (_, lists) => {
      const found = lists.find((list) => list.length > 0);
      return found ? listValue(found) : failure('one of the lists must not be empty');
    },
  ),
  compact: define(
    {
      parameters: { list: 'list' },
      doc: 'The strings of a list without empty ones and null.',
      example: ['compact(["a", "", null, "b"])', ['a', 'b']],
    },
    ({ list }) => {
      const texts = list.map((item) => (item.type === 'null' ? '' : toText(item)));
      const wrong = texts.indexOf(undefined);
      if (wrong !== -1) return failure(`item ${wrong} of the list is ${describeType(list[wrong]!)}, not a string`, 0);
      return textsValue(texts.flatMap((text) => (text ? [text] : [])));
    },
  ),
  concat: define(
    { parameters: {}, variadic: ['lists', 'list'], doc: 'The items of all lists as one.', example: ['concat([1], [2, "a"])', [1, 2, 'a']] },
    (_, lists) => (lists.length === 0 ? failure('at least one list is needed') : listValue(lists.flat())),
  ),
  contains: define(
    { parameters: { list: 'list', value: 'any' }, doc: 'Whether a list has such an item.', example: ['contains(["a", "b"], "b")', true] },
    ({ list, value }) => boolValue(list.some((item) => equal(item, value))),
  ),
  distinct: define(
    { parameters: { list: 'list' }, doc: 'The items of a list, each of them once.', example: ['distinct(["a", "b", "a"])', ['a', 'b']] },
    ({ list }) => {
      const items = ofOneType(list, 0);
      return isFailure(items) ? items : listValue(unique(items));
    },
  ),
  element: define(
    {
      parameters: { collection: 'any', key: 'any' },
      doc: 'The item of a list at an index, or of an object at a key; null if there is none.',
      example: ['element(["a", "b"], 1)', 'b'],
    },
    ({ collection, key }) => element(collection, key),
  ),
  flatten: define(
    {
      parameters: { list: 'list' },
      doc: 'A list with the items of the lists in it in their places.',
      example: ['flatten([1, [2, [3]]])', [1, 2, 3]],
    },
    ({ list }) => listValue(flatten(list)),
  ),
  keys: define(
    { parameters: { object: 'object' }, doc: 'The keys of an object, sorted.', example: ['keys({ b = 1, a = 2 })', ['a', 'b']] },
    ({ object }) => textsValue([...object.keys()]),
  ),
  len: define(
    {
      parameters: { value: 'any' },
      doc: 'How many items a list, how many keys an object, how many bytes a string has.',
      example: ['len([1, 2])', 2],
    },
    ({ value }) => length(value),
  ),
  merge: define(
    {
      parameters: {},
      variadic: ['objects', 'any'],
      doc: 'The entries of all objects as one; of two with the same key the later counts.',
      example: ['merge({ a = 1, b = 1 }, { b = 2 })', { a: 1, b: 2 }],
    },
    (_, objects) => merge(objects),
  ),
  reverse: define(
    { parameters: { list: 'list' }, doc: 'A list from its end to its start.', example: ['reverse([1, 2])', [2, 1]] },
    ({ list }) => listValue(list.toReversed()),
  ),
  slice: define(
    {
      parameters: { list: 'list', start: 'int', end: 'int' },
      doc: 'The items from one index up to, without it, another.',
      example: ['slice(["a", "b", "c"], 1, 3)', ['b', 'c']],
    },
    ({ list, start, end }) => {
      if (start < 0 || start > list.length) return failure(`expected an index from 0 to ${list.length}`, 1);
      if (end < start || end > list.length) return failure(`expected an index from ${start} to ${list.length}`, 2);
      return listValue(list.slice(start, end));
    },
  ),
  values: define(
    {
      parameters: { object: 'object' },
      doc: 'The values of an object, sorted by their keys.',
      example: ['values({ b = 1, a = 2 })', [2, 1]],
    },
    ({ object }) => listValue([...object.values()]),
  ),
  zipmap: define(
    {
      parameters: { keys: 'texts', values: 'list' },
      doc: 'An object of keys and their values.',
      example: ['zipmap(["a", "b"], [1, 2])', { a: 1, b: 2 }],
    },
    ({ keys, values }) =>
      keys.length === values.length
        ? objectValue(new Map(keys.map((key, i) => [key, values[i]!])))
        : failure(`there are ${keys.length} keys and ${values.length} values`, 1),
  ),
};

/** hclconfig's own, not cty's: no wrapping around, null for what is not there, and keys of objects. */
function element(collection: Located, key: Located): Located | FunctionFailure {
  if (collection.type === 'map') {
    const name = toText(key);
    return name === undefined ? failure(`expected a key, not ${describeType(key)}`, 1) : (entriesOf(collection).get(name) ?? nullValue);
  }
  if (collection.type !== 'list') return failure(`expected a list or an object, not ${describeType(collection)}`, 0);
  const index = decimalOf(key);
  if (!index) return failure(`expected an index, not ${describeType(key)}`, 1);
  return collection.items.find((_, i) => compare(index, { digits: BigInt(i), scale: 0 }) === 0) ?? nullValue;
}

function flatten(items: readonly Located[]): Located[] {
  return items.flatMap((item) => (item.type === 'list' ? flatten(item.items) : [item]));
}

/** Of a string in bytes: hclconfig's own, and Shipyard's. */
function length(value: Located): Located | FunctionFailure {
  if (value.type === 'list') return intValue(value.items.length);
  if (value.type === 'map') return intValue(entriesOf(value).size);
  if (value.type === 'string') return intValue(new TextEncoder().encode(value.value).length);
  return failure(`expected a list, an object or a string, not ${describeType(value)}`, 0);
}

function merge(objects: readonly Located[]): Located | FunctionFailure {
  const merged = new Map<string, Located>();
  for (const [i, object] of objects.entries()) {
    if (object.type === 'null') continue;
    if (object.type !== 'map') return failure(`expected an object, not ${describeType(object)}`, i);
    for (const { key, value } of object.entries) merged.set(key, value);
  }
  const allNull = objects.length > 0 && objects.every(({ type }) => type === 'null');
  return allNull ? nullValue : objectValue(merged);
}

/** The first of those that are equal. */
export function unique(items: readonly Located[]): Located[] {
  const seen = new Set<string>();
  const found: Located[] = [];
  for (const item of items) {
    const text = item.type === 'string' ? item.value : undefined;
    if (text === undefined ? found.some((other) => equal(other, item)) : seen.has(text)) continue;
    if (text !== undefined) seen.add(text);
    found.push(item);
  }
  return found;
}
